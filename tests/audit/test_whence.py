"""Every event says from where it comes."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from celery import shared_task
from django.contrib.auth import authenticate
from django.contrib.auth.backends import BaseBackend
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from pytest_django import Settings

from audit.context import ORIGINS, acting, whence
from audit.middleware import AuditMiddleware
from audit.models import Event
from audit.querysets import EventQuerySet
from audit.services import record
from components.models import User
from tests.conftest import PASSWORD

Events = Callable[[], EventQuerySet]
ROOT = Path(__file__).resolve().parent.parent.parent


class NobodyKnows(BaseBackend):
    """It looks nowhere, so that names come by that no database can look for."""

    def authenticate(self, request: HttpRequest | None, **credentials: object) -> None:
        return None


def seen(path: str, **headers: str) -> tuple[str, str]:
    """Origin and address as a view at that path would see them."""
    found = []

    def view(request: HttpRequest) -> HttpResponse:
        found.append((whence().origin, whence().address))
        return HttpResponse()

    AuditMiddleware(view)(RequestFactory().get(path, headers=headers, REMOTE_ADDR="192.0.2.1"))
    return found[0]


@pytest.mark.parametrize(
    ("path", "origin"),
    [("/", "page"), ("/components/1/", "page"), ("/api/v1/labels/", "api"), ("/admin/audit/event/", "admin")],
)
def test_a_request_is_of_a_page_the_api_or_the_admin(path: str, origin: str) -> None:
    assert seen(path) == (origin, "192.0.2.1")
    assert whence().origin == "shell"


@pytest.mark.parametrize(
    ("told", "address"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("10.0.0.1, 203.0.113.9", "203.0.113.9"),
        ("203.0.113.9:55012", "203.0.113.9"),
        ("2001:db8::1", "2001:db8::1"),
        ("<script>", "192.0.2.1"),
        ("", "192.0.2.1"),
    ],
)
def test_behind_a_proxy_the_address_is_what_the_proxy_said(settings: Settings, told: str, address: str) -> None:
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

    assert seen("/", **{"X-Forwarded-For": told})[1] == address


def test_without_a_proxy_nobody_is_believed() -> None:
    assert seen("/", **{"X-Forwarded-For": "203.0.113.9"})[1] == "192.0.2.1"


def test_no_other_origin_can_be_said() -> None:
    with pytest.raises(ValueError, match="page, api, admin"), acting(origin="nowhere"):
        pass
    assert tuple(Event.Origin.values) == ORIGINS


@pytest.mark.django_db
def test_logging_in_and_out_are_events_with_the_request_that_did_it(technician: User, events: Events) -> None:
    client = Client()
    client.post("/login/", {"username": "technician", "password": PASSWORD}, REMOTE_ADDR="192.0.2.7")
    client.post("/logout/", REMOTE_ADDR="192.0.2.7")

    entered, left = events().filter(action__startswith="logged")
    assert (entered.action, left.action) == ("logged_in", "logged_out")
    for event in (entered, left):
        assert (event.actor, event.role, event.origin, event.address) == (technician, "technician", "page", "192.0.2.7")
        assert (event.subject_type, event.subject_id) == ("components.user", str(technician.pk))
    assert len(entered.request_id) == 36
    assert entered.request_id != left.request_id


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["nobody", "technician", "x" * 10_000, "a\x00b\ud800", "Zoë"])
def test_a_failed_log_in_is_told_without_the_password(
    technician: User, settings: Settings, events: Events, name: str
) -> None:
    settings.AUTHENTICATION_BACKENDS = [f"{__name__}.NobodyKnows"]
    assert authenticate(username=name, password="my secret") is None

    event = events().get(action="log_in_failed")
    assert event.actor is None
    assert event.after == {"username": name.replace("\x00", "\ufffd").replace("\ud800", "\ufffd")[:150]}
    assert "my secret" not in str(event.payload())


@shared_task(name="tests.audit.note")
def note() -> None:
    with transaction.atomic():
        record("task_did_something", by=None)


@pytest.mark.django_db
def test_a_task_is_named_and_what_comes_after_it_is_not_of_it(events: Events) -> None:
    with acting(origin="page"):
        result = note.apply()
        assert whence().origin == "page"

    assert result.successful()
    event = events().get()
    assert (event.origin, event.address, event.request_id) == ("task", "tests.audit.note", result.id)


@pytest.mark.django_db
def test_a_task_that_fails_leaves_nothing_behind() -> None:
    @shared_task(name="tests.audit.failing")
    def failing() -> None:
        raise LookupError

    assert failing.apply().failed()
    assert whence().origin == "shell"


@pytest.mark.parametrize(
    ("words", "expected"), [(["create_demo_accounts"], "command create_demo_accounts"), (["shell"], "shell shell")]
)
def test_a_command_is_named(words: list[str], expected: str) -> None:
    program = (
        "import sys\nfrom unittest.mock import patch\nimport manage\nfrom audit.context import whence\n"
        "def told(argv):\n    print(whence().origin, whence().address)\n"
        "with patch('django.core.management.execute_from_command_line', told):\n    manage.main()\n"
    )

    done = subprocess.run([sys.executable, "-c", program, *words], cwd=ROOT, capture_output=True, text=True, check=True)

    assert done.stdout.strip() == expected
