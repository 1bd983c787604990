"""System checks of the settings that bound what people may send, and of where it is kept."""

from collections.abc import Sequence
from pathlib import Path

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from components.outages import outage_of_file
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


@register()
def check_database_file(app_configs: Sequence[AppConfig] | None, **kwargs: object) -> list[CheckMessage]:
    """A database in a file that cannot be written says no more than that it cannot be opened."""
    database = settings.DATABASES["default"]
    outage = outage_of_file(Path(database["NAME"])) if database["ENGINE"].endswith("sqlite3") else None
    if outage is None:
        return []
    return [
        Error(
            f"{outage.value} It is the file {database['NAME']}.",
            hint="Make its directory writable and leave room there, or set VAR_DIR to another, or set DATABASE_URL.",
            id="components.E002",
        )
    ]
