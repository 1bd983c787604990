"""Measure model versions on the evaluation set of their regulation."""

import argparse

from django.core.management.base import BaseCommand, CommandError

from mlops.exceptions import ModelError
from mlops.management.decisions import decide
from mlops.metrics.measured import Measured
from mlops.models import ModelVersion
from mlops.services.evaluation import evaluate
from mlops.services.policy import described


class Command(BaseCommand):
    help = (
        "Measure a model version on the evaluation set of its regulation, in a process of its own; without a name, "
        "every verified version that was not measured on the newest set. Measures nothing twice unless told."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("version", nargs="?", metavar="NAME:VERSION", help="else all that were not measured")
        parser.add_argument("--again", action="store_true", help="measure again what was measured")
        parser.add_argument("--rank", action="store_true", help="then decide which version is the best")

    def handle(self, *args: object, version: str | None, again: bool, rank: bool, **options: object) -> None:
        failed = [one for one in self._chosen(version, again=again) if not self._evaluate(one, again=again)]
        if rank:
            decide(self.stdout, reasons=True)
        if failed:
            raise CommandError(f"Not measured: {', '.join(map(str, failed))}.")

    def _chosen(self, written: str | None, *, again: bool) -> list[ModelVersion]:
        if written is None:
            every = ModelVersion.objects.passed().allowed().without_documents().order_by("pk")
            return list(every if again else ModelVersion.objects.awaiting_evaluation())
        name, _, number = written.rpartition(":")
        found = ModelVersion.objects.filter(name=name, version=number).first()
        if found is None:
            raise CommandError(
                f"No version {written} is known here: write NAME:VERSION as the administration shows it."
            )
        return [found]

    def _evaluate(self, version: ModelVersion, *, again: bool) -> bool:
        try:
            evaluation = evaluate(version, again=again)
        except ModelError as error:
            self.stderr.write(str(error))
            return False
        measured = described(Measured.from_json(evaluation.results))
        self.stdout.write(f"{version} on {evaluation.evaluation_set}, {evaluation.seconds:.1f} s: {measured}")
        self.stdout.write(f"  Texts of the set in what it was trained on: {evaluation.leaks['how']}")
        return True
