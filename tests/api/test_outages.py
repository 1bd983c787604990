"""A database that is out is told as what it is: silent, full, or not to be written."""

from collections.abc import Callable, Iterator

import psycopg
import pytest
from django.db import DatabaseError, OperationalError, ProgrammingError, connection
from django.test import Client
from rest_framework.test import APIClient

from components.models import User
from components.outages import Outage, outage_of
from tests.api.conftest import problem_of

LONG = "steel " * 1600
"""So much that it finds no room in a page that is there already."""


def of(error: DatabaseError, cause: Exception) -> DatabaseError:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "outage"),
    [
        (of(OperationalError(), psycopg.errors.DiskFull()), Outage.FULL),
        (of(OperationalError(), psycopg.errors.AdminShutdown()), Outage.SILENT),
        (of(DatabaseError(), psycopg.errors.ReadOnlySqlTransaction()), Outage.READ_ONLY),
        (OperationalError("could not connect"), Outage.SILENT),
        (of(ProgrammingError(), psycopg.errors.UndefinedTable()), None),
        (ValueError("of another kind"), None),
        (None, None),
    ],
)
def test_an_outage_is_told_by_the_code_of_the_database(error: Exception | None, outage: Outage | None) -> None:
    assert outage_of(error) is outage


@pytest.fixture
def written_no_more(transactional_db: None, champion: object, technician: User) -> Iterator[Callable[[], str]]:
    """`written_no_more()`: from now on the database really takes no more; the value is what is to be told of it."""
    stop, resume, told = {
        "postgresql": (
            "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY",
            "SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE",
            "The database cannot be written.",
        ),
        # A database never becomes smaller than it is.
        "sqlite": (
            "PRAGMA max_page_count = 1",
            "PRAGMA max_page_count = 4294967294",
            "The database cannot be written: its disk is full.",
        ),
    }[connection.vendor]

    def execute(statement: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement)

    def begin() -> str:
        if connection.vendor == "sqlite":
            # What tests before deleted left room in the file.
            execute("VACUUM")
        execute(stop)
        return told

    yield begin
    execute(resume)


def test_the_api_says_what_keeps_it_from_writing(api: APIClient, written_no_more: Callable[[], str]) -> None:
    told = written_no_more()

    answer = api.post("/api/v1/components/", {"description": LONG}, format="json")

    assert problem_of(answer, 503, "unavailable")["detail"] == f"{told} Send it again later."
    assert answer["Retry-After"]


def test_a_page_says_so_too(technician: User, written_no_more: Callable[[], str]) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(technician, backend="django.contrib.auth.backends.ModelBackend")
    told = written_no_more()

    answer = client.post("/components/new/", {"description": LONG})

    assert (answer.status_code, answer["Retry-After"]) == (503, "10")
    assert told in answer.text
