"""Write an audit pack."""

import argparse
from datetime import date
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from components.exceptions import DomainError
from components.packs.scope import Scope
from components.services.exporting import export


class Command(BaseCommand):
    help = (
        "Write a zip with the decisions on one component, on the components decided in a range of dates, or on those "
        "that a model version had labelled, with the proof that nobody has changed them since. The export is an audit "
        "event with the zip's digest."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        about = parser.add_mutually_exclusive_group(required=True)
        about.add_argument("--component", type=int, metavar="ID")
        about.add_argument("--from", dest="since", type=date.fromisoformat, metavar="DAY", help="as 2026-11-21")
        about.add_argument("--model-version", metavar="NAME:VERSION")
        parser.add_argument("--to", dest="until", type=date.fromisoformat, metavar="DAY", help="included; else today")
        parser.add_argument("--out", type=Path, required=True, help="the zip, which must not exist yet")

    def handle(
        self,
        *args: object,
        component: int | None,
        since: date | None,
        until: date | None,
        model_version: str | None,
        out: Path,
        **options: object,
    ) -> None:
        if since is not None and until is None:
            until = timezone.localdate()
        try:
            scope = Scope(component_id=component, since=since, until=until, model_version=model_version or "")
            pack = export(scope, to=out, by=None)
        except (ValueError, DomainError) as refusal:
            raise CommandError(str(refusal)) from refusal
        except OSError as error:
            raise CommandError(f"The pack could not be written: {error.strerror}.") from error
        contents = pack.contents
        self.stdout.write(
            f"{out}: {contents.decisions:,} decisions on {contents.components:,} components, "
            f"{contents.events:,} events. SHA-256 {pack.digest}"
        )
