"""Give a regulation the texts that its model versions are measured on."""

import argparse
from datetime import date
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from mlops.exceptions import ModelError
from mlops.services.evaluation_sets import add_evaluation_set


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"write the day as YYYY-MM-DD, not {written!r}") from error


class Command(BaseCommand):
    help = (
        "Add an evaluation set from a CSV file with the columns text, label (0 compliant, 1 non-compliant) and, where "
        "wanted, kind. From then on all versions for the regulation are measured on it. It can never be changed."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the CSV file, UTF-8")
        parser.add_argument("--regulation", required=True, metavar="CODE", help="the regulation's code")
        parser.add_argument(
            "--effective-on",
            type=_day,
            metavar="YYYY-MM-DD",
            help="the day from which the regulation applies; a later set of the regulation need not say it again",
        )
        parser.add_argument("--origin", default="", help="a sentence that says where the texts come from")

    def handle(
        self, *args: object, file: Path, regulation: str, effective_on: date | None, origin: str, **options: object
    ) -> None:
        from mlops.training.corpus import read_csv

        try:
            samples = [(sample.text, sample.label, sample.kind) for sample in read_csv(file)]
            origin = origin or f"Read from the file {file.name}."
            added = add_evaluation_set(regulation, samples, origin, effective_on=effective_on, by=None)
        except ModelError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Versions are measured on {added} now: {added.rows} texts ({added.digest}).")
