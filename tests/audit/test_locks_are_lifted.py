"""Who is let back in after too many wrong passwords, by a command, is told of."""

import pytest
from django.core.management import call_command
from django.test import Client
from pytest_django import Settings

from audit.context import acting
from audit.models import Event
from components.models import User
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db
FORGOTTEN = "log_in_failures_forgotten"


def log_in(password: str) -> int:
    """The status of the answer."""
    return Client().post("/login/", {"username": "technician", "password": password}).status_code


def test_a_command_that_lets_somebody_in_again_is_an_event(technician: User, settings: Settings) -> None:
    settings.AXES_FAILURE_LIMIT = 2
    assert [log_in("wrong"), log_in("wrong"), log_in(PASSWORD)] == [200, 429, 429]

    with acting(origin="command", address="axes_reset_username"):
        call_command("axes_reset_username", "technician")

    event = Event.objects.get(action=FORGOTTEN)
    assert (event.origin, event.address) == ("command", "axes_reset_username")
    assert event.before == {"username": "technician", "failures": 3}
    assert log_in(PASSWORD) == 302


def test_a_log_in_that_succeeds_forgets_failures_without_an_event_of_its_own(technician: User) -> None:
    assert [log_in("wrong"), log_in(PASSWORD)] == [200, 302]

    assert not Event.objects.filter(action=FORGOTTEN).exists()
    assert Event.objects.filter(action="logged_in").exists()
