"""Metrics are for the collector and for staff."""

import pytest
from django.test import Client
from pytest_django import Settings

from components.models import User

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
