"""Give a client of the REST API its token."""

import argparse
from datetime import timedelta

from django.core.management.base import BaseCommand, CommandError

from components.exceptions import TooManyTokens
from components.models import User
from components.services.tokens import create_token


class Command(BaseCommand):
    help = "Print a new token of an account, for the header `Authorization: Token …`. Only its digest is kept."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--days", type=_days, help="the token ends after so many days; without it, never")

    def handle(self, *args: object, username: str, days: int | None, **options: object) -> None:
        user = User.objects.filter(username=username, is_active=True).first()
        if user is None:
            raise CommandError(f"There is no active account {username}: create it in the admin pages first.")
        expiry = None if days is None else timedelta(days=days)
        try:
            self.stdout.write(create_token(by=user, expiry=expiry))
        except TooManyTokens as refusal:
            raise CommandError(str(refusal)) from refusal


def _days(text: str) -> int:
    days = int(text)
    if not 1 <= days <= 36_500:
        raise argparse.ArgumentTypeError("a token lives 1 to 36500 days")
    return days
