"""Check that nothing was done to events and ledgers behind the application's back."""

import argparse
import json
from dataclasses import asdict
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from audit.verification import Report, verify

SHOWN = 20


class Command(BaseCommand):
    help = (
        "Check every event, ledger row, trigger and anchor. Exit status 1 where something was edited, deleted, put in "
        "another order, cut off or slipped in; the first bad row is named first."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="write the report as one JSON object")

    def handle(self, *args: object, json: bool, **options: object) -> None:
        report = verify(Path(settings.AUDIT_ANCHORS))
        self.stdout.write(_as_json(report) if json else _as_text(report))
        if report.found:
            raise CommandError(f"{report.found:,} found. The first: {report.findings[0].sentence}")


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
