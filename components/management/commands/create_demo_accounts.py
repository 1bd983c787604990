"""Give a new installation one account for each kind of person."""

import argparse

from django.core.management.base import BaseCommand

from components.exceptions import AccountsExist
from components.services.accounts import create_demo_accounts


class Command(BaseCommand):
    help = (
        "Create the accounts technician, officer, admin and auditor if the installation has no account yet, and print "
        "their passwords: random ones, shown once and kept nowhere; with DEBUG the fixed password trey-demo."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--reset",
            action="store_true",
            help="whoever exists: create what is missing, and give new passwords to these",
        )

    def handle(self, *args: object, reset: bool, **options: object) -> None:
        try:
            passwords = create_demo_accounts(reset=reset)
        except AccountsExist as refusal:
            self.stdout.write(str(refusal))
            return
        self.stdout.write("Demo accounts; these passwords are shown once and kept nowhere:")
        for role, password in passwords.items():
            self.stdout.write(f"  {role:<12}{password}")
