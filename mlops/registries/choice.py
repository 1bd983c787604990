"""The registry that the settings name. Its client library is loaded here, at its first use, and nowhere else."""

from importlib import import_module
from typing import Any, Final, cast

from mlops.registries.base import Registry

KINDS: Final = ("local", "azureml", "mlflow")


def open_registry(kind: str, options: dict[str, Any]) -> Registry:
    """The registry of that kind, made by `open_registry(**options)` of its module; nothing is asked of it yet.

    Raises RegistryError where its client library is not installed.
    """
    # By name, so that no import graph leads from what serves requests to the client library of a cloud.
    return cast(Registry, import_module(f"mlops.registries.{kind}").open_registry(**options))
