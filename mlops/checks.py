"""System checks of the model's settings."""

from collections.abc import Sequence
from functools import partial

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from mlops.registries.choice import missing_settings


@register()
def check_model_settings(app_configs: Sequence[AppConfig] | None, **kwargs: object) -> list[CheckMessage]:
    """The numbers that the runtime cannot work with."""
    problems: list[CheckMessage] = []
    if settings.MODEL_THREADS < 1:
        problems.append(
            Error(
                f"MODEL_THREADS is {settings.MODEL_THREADS}, and a session needs at least one thread.",
                hint="Set MODEL_THREADS to 1, or to the cores one process may use.",
                id="mlops.E001",
            )
        )
    if settings.MODEL_WATCH_SECONDS <= 0:
        problems.append(
            Error(
                f"MODEL_WATCH_SECONDS is {settings.MODEL_WATCH_SECONDS}, and a process cannot look that often.",
                hint="Set MODEL_WATCH_SECONDS to a number above 0, such as 2.",
                id="mlops.E002",
            )
        )
    return problems


@register()
def check_registry_settings(app_configs: Sequence[AppConfig] | None, **kwargs: object) -> list[CheckMessage]:
    """What the registry that is chosen needs to be found."""
    missing = missing_settings(settings.REGISTRY, partial(getattr, settings))
    if not missing:
        return []
    return [
        Error(
            f"REGISTRY is {settings.REGISTRY}, and {', '.join(missing)} {'is' if len(missing) == 1 else 'are'} empty.",
            hint="Set what is missing, or choose another REGISTRY: docs/registries.md says more.",
            id="mlops.E003",
        )
    ]
