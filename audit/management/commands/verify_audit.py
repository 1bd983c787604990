"""Check that nothing was done to events and ledgers behind the application's back."""

import argparse
import json
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from audit.findings import Report
from audit.verification import verify

SHOWN = 20
HOURS = 26.0
"""An anchor is taken once a day."""

MOST_HOURS = 1_000_000


class Command(BaseCommand):
    help = (
        "Check every event, ledger row, watched row, trigger and anchor. Exit status 1 where something was edited, "
        "deleted, put in another order, cut off or slipped in; the first bad row is named first."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="write the report as one JSON object")
        parser.add_argument(
            "--require-anchors",
            type=_hours,
            nargs="?",
            const=HOURS,
            metavar="HOURS",
            help=f"fail also where what happened longer ago than this ({HOURS:g}) has been seen by no anchor",
        )

    def handle(self, *args: object, json: bool, require_anchors: float | None, **options: object) -> None:
        within = None if require_anchors is None else timedelta(hours=require_anchors)
        try:
            report = verify(Path(settings.AUDIT_ANCHORS), anchored_within=within)
        except DatabaseError as error:
            reason, *_ = str(error).splitlines() or [type(error).__name__]
            raise CommandError(
                f"The database could not be read to the end ({reason}), so nothing is proved: see that its "
                "server runs, and whether a table or a column was renamed or taken away."
            ) from error
        self.stdout.write(_as_json(report) if json else _as_text(report))
        if report.found:
            raise CommandError(f"{report.found:,} found. The first: {report.findings[0].sentence}")


def _hours(text: str) -> float:
    hours = float(text)
    if not 0 < hours < MOST_HOURS:
        raise argparse.ArgumentTypeError(f"{text} is no number of hours from 0 to {MOST_HOURS:,}.")
    return hours


def _as_json(report: Report) -> str:
    return json.dumps(asdict(report) | {"intact": not report.found}, indent=2)


def _as_text(report: Report) -> str:
    lines = [
        f"{report.events:,} events, {report.rows:,} ledger rows and {report.anchors:,} anchors were checked.",
        f"The last event is {report.last_position}, its digest {report.last_digest}.",
    ]
    if not report.anchors:
        lines.append("There are no anchors: events that were cut off at the end could not be missed.")
    lines += [finding.sentence for finding in report.findings[:SHOWN]]
    if not report.found:
        lines.append("All is as it was written.")
    elif report.found > SHOWN:
        lines.append(f"And {report.found - SHOWN:,} more.")
    return "\n".join(lines)
