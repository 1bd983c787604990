"""Health tells the truth: red where this process cannot do its work, and why."""

import resource
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import OperationalError, connection, transaction
from django.test import Client

from components.outages import LEAST_ROOM
from mlops.models import ModelVersion
from mlops.services import serving
from mlops.services.deployment import deploy_champion
from mlops.services.installing import install
from tests.bundles import COMPLIANT_TEXT, NON_COMPLIANT_TEXT, write_tiny_bundle

pytestmark = pytest.mark.django_db


def ready(client: Client) -> tuple[int, list[str]]:
    answer = client.get("/healthz/ready")
    return answer.status_code, answer.json()["problems"]


@pytest.mark.usefixtures("no_champion")
def test_a_process_lives_without_a_champion(client: Client) -> None:
    assert client.get("/healthz/live").status_code == 200


@pytest.mark.usefixtures("champion")
def test_it_is_ready_with_a_champion_and_a_database(client: Client) -> None:
    assert ready(client) == (200, [])


@pytest.mark.usefixtures("no_champion")
def test_it_is_not_ready_without_a_champion(client: Client) -> None:
    status, problems = ready(client)

    assert status == 503
    assert "No model is serving" in problems[0]


@pytest.mark.usefixtures("champion")
def test_it_is_not_ready_without_a_database(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise OperationalError("gone")

    monkeypatch.setattr(connection, "cursor", refuse)

    assert ready(client) == (503, ["The database does not answer."])


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """The system refuses this process what would make a file larger, as a disk that is full does."""
    before, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, most))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (before, most))


@pytest.mark.usefixtures("champion")
def test_it_is_not_ready_where_a_database_file_has_no_room_to_grow(client: Client) -> None:
    with files_of_at_most(LEAST_ROOM - 1):
        answer = ready(client)

    # The disk of a PostgreSQL server is elsewhere.
    full = (503, ["The database cannot be written: its disk is full."])
    assert answer == (full if connection.vendor == "sqlite" else (200, []))
    assert ready(client) == (200, [])


@pytest.mark.usefixtures("champion")
def test_it_is_not_ready_with_a_database_that_takes_no_writes(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION READ ONLY")
        else:
            # Nobody makes files in there, whoever they are.
            monkeypatch.setitem(connection.settings_dict, "NAME", "/proc/self/status")
        answer = ready(client)
        transaction.set_rollback(True)

    assert answer == (503, ["The database cannot be written."])


def test_it_is_not_ready_where_it_cannot_follow_a_new_champion(
    client: Client, champion: ModelVersion, tmp_path: Path
) -> None:
    version = install(write_tiny_bundle(tmp_path / "next", version="2"))
    shutil.rmtree(serving.bundle_path(version.digest))
    deploy_champion(version, by=None)
    serving.reconcile()

    status, problems = ready(client)

    assert status == 503
    assert "cannot be loaded" in problems[0]
    assert str(tmp_path) not in problems[0]


@pytest.mark.usefixtures("no_champion")
def test_a_champion_that_fails_its_golden_samples_makes_it_red(client: Client, tmp_path: Path) -> None:
    wrong = [(COMPLIANT_TEXT, "non-compliant", "lab"), (NON_COMPLIANT_TEXT, "compliant", "lab")]
    deploy_champion(install(write_tiny_bundle(tmp_path / "wrong", golden=wrong)), by=None)
    serving.reconcile()

    status, problems = ready(client)

    assert status == 503
    assert "No model is serving" in problems[0]


@pytest.mark.parametrize("path", ["/healthz/live", "/healthz/ready"])
def test_nothing_can_be_sent_to_it(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405
