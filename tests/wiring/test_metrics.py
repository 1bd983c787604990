"""Metrics are for the collector and for staff."""

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from components.models import User
from mlops.models import ModelVersion, RegistrySync

pytestmark = pytest.mark.django_db
TOKEN = "a token of the collector"


def status(client: Client, authorization: str = "") -> int:
    return client.get("/metrics", headers={"authorization": authorization} if authorization else {}).status_code


def test_the_holder_of_the_token_may_read_them(client: Client, settings: Settings) -> None:
    settings.METRICS_TOKEN = TOKEN

    answer = client.get("/metrics", headers={"authorization": f"Bearer {TOKEN}"})

    assert answer.status_code == 200
    assert b"django_http_requests_total" in answer.content


@pytest.mark.parametrize("authorization", ["", "Bearer ", "Bearer wrong", f"Basic {TOKEN}", TOKEN, "Bearer ü"])
def test_nobody_else_may(client: Client, settings: Settings, authorization: str) -> None:
    settings.METRICS_TOKEN = TOKEN

    assert status(client, authorization) == 403


@pytest.mark.parametrize("authorization", ["", "Bearer "])
def test_without_a_token_set_no_token_is_right(client: Client, settings: Settings, authorization: str) -> None:
    settings.METRICS_TOKEN = ""

    assert status(client, authorization) == 403


def test_staff_may_and_a_technician_may_not(client: Client, admin: User, technician: User) -> None:
    client.force_login(technician, backend="django.contrib.auth.backends.ModelBackend")
    assert status(client) == 403

    client.force_login(admin, backend="django.contrib.auth.backends.ModelBackend")
    assert status(client) == 200


def look(outcome: str, problem: str = "") -> None:
    now = timezone.now()
    RegistrySync.objects.create(registry="local", outcome=outcome, problem=problem, started_at=now, ended_at=now)


def collected(client: Client, admin: User) -> list[str]:
    client.force_login(admin, backend="django.contrib.auth.backends.ModelBackend")
    return client.get("/metrics").content.decode().splitlines()


def test_they_tell_whether_the_registry_can_be_read(client: Client, admin: User) -> None:
    assert not [line for line in collected(client, admin) if line.startswith("trey_registry")]

    look("complete")
    assert "trey_registry_up 1.0" in collected(client, admin)

    look("unavailable", "It does not answer.")
    lines = collected(client, admin)
    assert "trey_registry_up 0.0" in lines
    (last,) = [line for line in lines if line.startswith("trey_registry_last_complete_seconds ")]
    assert float(last.split()[1]) == RegistrySync.objects.complete().get().started_at.timestamp()


def test_they_count_the_model_versions_of_each_state(client: Client, admin: User, champion: ModelVersion) -> None:
    lines = collected(client, admin)

    assert 'trey_model_versions{state="verified"} 1.0' in lines
    assert 'trey_model_versions{state="rejected"} 0.0' in lines
