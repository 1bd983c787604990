"""Health tells the truth: red where this process cannot do its work, and why."""

import shutil
from pathlib import Path

import pytest
from django.db import OperationalError, connection
from django.test import Client

from mlops.models import ModelVersion
from mlops.services import serving
from mlops.services.deployment import deploy_champion
from mlops.services.registration import register
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


def test_it_is_not_ready_where_it_cannot_follow_a_new_champion(
    client: Client, champion: ModelVersion, tmp_path: Path
) -> None:
    version = register(write_tiny_bundle(tmp_path / "next", version="2"))
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
    deploy_champion(register(write_tiny_bundle(tmp_path / "wrong", golden=wrong)), by=None)
    serving.reconcile()

    status, problems = ready(client)

    assert status == 503
    assert "No model is serving" in problems[0]


@pytest.mark.parametrize("path", ["/healthz/live", "/healthz/ready"])
def test_nothing_can_be_sent_to_it(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405
