"""The registry that the settings name. Its client library is loaded here, at its first use, and nowhere else."""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any, Final, cast

from mlops.exceptions import RegistryError
from mlops.registries.base import Registry

SETTINGS: Final[Mapping[str, Mapping[str, str]]] = {
    "local": {"root": "REGISTRY_DIR"},
    "azureml": {
        "subscription": "AZURE_SUBSCRIPTION_ID",
        "resource_group": "AZURE_RESOURCE_GROUP",
        "workspace": "AZURE_ML_WORKSPACE",
        "datastore": "AZURE_ML_DATASTORE",
        "credential": "AZURE_CREDENTIAL",
    },
    "mlflow": {"uri": "MLFLOW_TRACKING_URI"},
}
"""What each kind is made with besides `model`: the name of its option, and of the setting, which must not be empty."""


def missing_settings(kind: str, value_of: Callable[[str], object]) -> list[str]:
    """The settings that the kind needs and that are empty, where `value_of` has the value of a setting."""
    return [setting for setting in SETTINGS[kind].values() if not value_of(setting)]


def open_registry(kind: str, options: dict[str, Any]) -> Registry:
    """The registry of that kind, made by `open_registry(**options)` of its module; nothing is asked of it yet.

    Raises RegistryError where an option is empty, or its client library is not installed.
    """
    settings = {setting: options.get(option) for option, setting in SETTINGS[kind].items()}
    if missing := missing_settings(kind, settings.get):
        raise RegistryError(
            f"The registry {kind} needs {', '.join(missing)}: set what is missing, or choose another REGISTRY; "
            "docs/registries.md says more."
        )
    # By name, so that no import graph leads from what serves requests to the client library of a cloud.
    return cast(Registry, import_module(f"mlops.registries.{kind}").open_registry(**options))
