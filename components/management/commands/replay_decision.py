"""Run past decisions again."""

import argparse
import json
from collections.abc import Iterable

from django.core.management.base import BaseCommand, CommandError

from components.exceptions import UnknownRecord
from components.models import Decision
from components.packs.exceptions import Unreadable
from components.services.replaying import replay_decision

FAILURES = ("different", "impossible")


class Command(BaseCommand):
    help = (
        "Run the texts of past decisions once more on the archived bundles of the model versions that labelled them. "
        "Writes one JSON object a decision: equal, different, impossible (and why), or nothing where no model was "
        "asked. Exit status 1 where any is different or impossible. Each replay is an audit event."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("decisions", nargs="*", type=int, metavar="id")
        parser.add_argument("--all", dest="every", action="store_true", help="every decision")
        parser.add_argument("--sample", type=_positive, metavar="N", help="N decisions, drawn at random")

    def handle(self, *args: object, decisions: list[int], every: bool, sample: int | None, **options: object) -> None:
        if sum((bool(decisions), every, sample is not None)) != 1:
            raise CommandError("Name decisions by their ids, or give --all, or --sample N.")
        counts = dict.fromkeys(("equal", "nothing", *FAILURES), 0)
        for pk in decisions or _chosen(sample):
            try:
                replayed = replay_decision(decision_id=pk, by=None)
            except UnknownRecord as error:
                raise CommandError(str(error)) from error
            except Unreadable as error:
                counts["impossible"] += 1
                told: dict[str, object] = {"decision": pk, "outcome": "impossible", "problem": str(error)}
            else:
                counts[replayed.outcome] += 1
                told = replayed.as_json()
            self.stdout.write(json.dumps(told, ensure_ascii=False))
        if failed := [f"{counts[name]:,} {name}" for name in FAILURES if counts[name]]:
            raise CommandError(f"Of {sum(counts.values()):,} decisions, {' and '.join(failed)}.")


def _chosen(sample: int | None) -> Iterable[int]:
    keys = Decision.objects.values_list("pk", flat=True)
    return keys.order_by("pk") if sample is None else keys.order_by("?")[:sample]


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("a sample has at least one decision")
    return number
