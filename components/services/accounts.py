"""The accounts with which a new installation begins."""

import secrets
from collections.abc import Mapping

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import transaction

from components.exceptions import AccountsExist
from components.models import User

DEBUG_PASSWORD = "trey-demo"  # noqa: S105 - for developers, with DEBUG only
DEMO_ROLES = ("technician", "officer", "admin", "auditor")
"""The people's. An API client is a program: whoever has one makes its account, and a token."""

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # without those that look like others


def create_demo_accounts(*, reset: bool) -> Mapping[str, str]:
    """One account of each of DEMO_ROLES, named like it; the value is each one's new password, which is kept nowhere.

    With `reset` accounts of these names are given new passwords and their roles anew. Without, AccountsExist is
    raised where the installation has any account.
    """
    with transaction.atomic():
        if User.objects.exists() and not reset:
            raise AccountsExist("Accounts exist already; `manage.py create_demo_accounts --reset` gives new passwords.")
        passwords = {role: _password() for role in DEMO_ROLES}
        for role, password in passwords.items():
            _save_account(role, password)
    return passwords


def _password() -> str:
    """Three groups of five random letters and digits: 74 bits."""
    if settings.DEBUG:
        return DEBUG_PASSWORD
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(5)) for _ in range(3))


def _save_account(role: str, password: str) -> None:
    user, _ = User.objects.get_or_create(username=role)
    user.is_staff = user.is_superuser = role == "admin"
    user.is_active = True
    user.set_password(password)
    user.save()
    user.groups.set([Group.objects.get(name=role)])
