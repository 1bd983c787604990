"""Give a new installation one account of each role."""

import argparse
import secrets

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.management.base import BaseCommand
from django.db import transaction

from components.models import User
from components.permissions import ROLES

DEBUG_PASSWORD = "trey-demo"  # noqa: S105 - for developers, with DEBUG only
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # without those that look like others


class Command(BaseCommand):
    help = (
        "Create the accounts technician, officer and admin if the installation has no account yet, and print their "
        "passwords: random ones, shown once and kept nowhere; with DEBUG the fixed password trey-demo."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--reset",
            action="store_true",
            help="whoever exists: create what is missing, and give new passwords to these",
        )

    def handle(self, *args: object, reset: bool, **options: object) -> None:
        with transaction.atomic():
            if User.objects.exists() and not reset:
                self.stdout.write(
                    "Accounts exist already; `manage.py create_demo_accounts --reset` gives new passwords."
                )
                return
            passwords = {role: _password() for role in ROLES}
            for role, password in passwords.items():
                _save_account(role, password)
        self.stdout.write("Demo accounts; these passwords are shown once and kept nowhere:")
        for role, password in passwords.items():
            self.stdout.write(f"  {role:<12}{password}")


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
