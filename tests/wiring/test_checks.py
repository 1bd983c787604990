"""What a start says of a database that cannot be written, before anything is asked of it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.core.checks import run_checks
from django.core.management import call_command
from django.core.management.base import SystemCheckError

SQLITE = "django.db.backends.sqlite3"


@pytest.fixture
def database(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """`database(NAME="…")` changes its settings."""

    def change(**values: str) -> None:
        for name, value in ({"ENGINE": SQLITE} | values).items():
            monkeypatch.setitem(settings.DATABASES["default"], name, value)

    return change


def told() -> list[str]:
    return [message.msg for message in run_checks() if message.id == "components.E002"]


@pytest.mark.parametrize("name", ["/proc/self/status", "/proc/db.sqlite3"])
def test_a_file_that_cannot_be_written_is_named(database: Callable[..., None], name: str) -> None:
    database(NAME=name)

    assert told() == [f"The database cannot be written. It is the file {name}."]


@pytest.mark.parametrize("made", [True, False])
def test_a_file_that_can_be_written_or_made_is_well(database: Callable[..., None], tmp_path: Path, made: bool) -> None:
    if made:
        (tmp_path / "db.sqlite3").touch()
    database(NAME=str(tmp_path / "db.sqlite3"))

    assert told() == []


def test_a_server_has_no_file_here(database: Callable[..., None]) -> None:
    database(ENGINE="django.db.backends.postgresql", NAME="/proc/trey")

    assert told() == []


def test_a_command_stops_with_the_sentence(database: Callable[..., None]) -> None:
    database(NAME="/proc/db.sqlite3")

    with pytest.raises(SystemCheckError, match=r"cannot be written.*\n.*set VAR_DIR to another"):
        call_command("check")
