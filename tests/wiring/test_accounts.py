"""Demo accounts and tokens from the command line: shown once, kept nowhere."""

import re
from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.utils import timezone
from knox.models import get_token_model
from pytest_django import Settings
from rest_framework.test import APIClient

from components.models import User
from components.services.accounts import DEMO_ROLES

pytestmark = pytest.mark.django_db


def printed(*words: str) -> str:
    output = StringIO()
    call_command(*words, stdout=output)
    return output.getvalue()


def passwords(output: str) -> dict[str, str]:
    return dict(re.findall(r"^  (\w+) +(\S+)$", output, re.MULTILINE))


@pytest.fixture(autouse=True)
def _plain_authentication(settings: Settings) -> None:
    settings.AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]


def test_a_new_installation_gets_one_account_of_each_role_whose_password_works() -> None:
    given = passwords(printed("create_demo_accounts"))

    assert set(given) == set(DEMO_ROLES)
    for role, password in given.items():
        user = authenticate(username=role, password=password)
        assert user is not None
        assert user.groups.get().name == role
        assert (user.is_staff, user.is_superuser) == (role == "admin", role == "admin")


def test_passwords_are_random_unless_debugging(settings: Settings) -> None:
    first, second = passwords(printed("create_demo_accounts")), passwords(printed("create_demo_accounts", "--reset"))
    settings.DEBUG = True
    fixed = passwords(printed("create_demo_accounts", "--reset"))

    assert len({*first.values(), *second.values()}) == 2 * len(DEMO_ROLES)
    assert set(fixed.values()) == {"trey-demo"}


def test_an_installation_with_accounts_is_left_alone(technician: User) -> None:
    before = technician.password

    assert passwords(printed("create_demo_accounts")) == {}

    technician.refresh_from_db()
    assert (technician.password, User.objects.count()) == (before, 1)


def test_a_token_is_printed_once_and_opens_the_api(technician: User) -> None:
    token = printed("create_token", technician.username).strip()

    client = APIClient(headers={"authorization": f"Token {token}"})
    assert client.get("/api/v1/status/").status_code == 200
    assert token not in str(list(get_token_model().objects.values()))


def test_a_token_of_some_days_ends(technician: User) -> None:
    printed("create_token", technician.username, "--days", "3")

    expiry = get_token_model().objects.get().expiry
    assert timedelta(days=2) < expiry - timezone.now() <= timedelta(days=3)


@pytest.mark.parametrize("days", ["0", "36501", "soon"])
def test_a_number_of_days_that_cannot_be_is_refused(technician: User, days: str) -> None:
    with pytest.raises(CommandError):
        printed("create_token", technician.username, "--days", days)


def test_nobody_gets_a_token_who_has_no_active_account(technician: User) -> None:
    technician.is_active = False
    technician.save()

    for name in ("nobody", technician.username):
        with pytest.raises(CommandError, match="no active account"):
            printed("create_token", name)
