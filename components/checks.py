"""System checks of the settings that bound what people may send."""

from collections.abc import Sequence

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from components.validators import MAX_DESCRIPTION_CHARACTERS


@register()
def check_request_body_limit(app_configs: Sequence[AppConfig] | None, **kwargs: object) -> list[CheckMessage]:
    """A limit below one description in its longest JSON form would refuse what the form allows."""
    least = MAX_DESCRIPTION_CHARACTERS * 12
    if least <= settings.REQUEST_BODY_LIMIT:
        return []
    return [
        Error(
            f"REQUEST_BODY_LIMIT is {settings.REQUEST_BODY_LIMIT} bytes: too small for one description.",
            hint=f"Set it to at least {least}.",
            id="components.E001",
        )
    ]
