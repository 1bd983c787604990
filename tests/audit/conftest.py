"""What the tests of the chain of events share: what was written before they began is not theirs."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.db.models import Max

from audit import anchors, ledgers
from audit.findings import Finding
from audit.models import Event
from audit.querysets import EventQuerySet
from audit.services import record
from audit.verification import Report, verify
from components.models import User
from tests import append_only
from tests.append_only import unguarded
from tests.audit.specimens import Note, make_table

EVENTS = 8


@pytest.fixture
def events(db: None) -> Callable[[], EventQuerySet]:
    """`events()` are those that this test has written, in their order."""
    start = Event.objects.aggregate(last=Max("position"))["last"] or 0
    return lambda: Event.objects.filter(position__gt=start)


@pytest.fixture
def notes(db: None, monkeypatch: pytest.MonkeyPatch) -> type[Note]:
    """A ledger of the test alone, with its triggers."""
    monkeypatch.setattr(ledgers, "_registry", dict(ledgers.ledgers()))
    make_table(Note)
    return ledgers.ledger(Note)


@pytest.fixture
def first(notes: type[Note], officer: User) -> int:
    """The position of the first of eight events, each of which wrote two notes."""
    for number in range(EVENTS):
        rows = [
            notes.objects.create(words=f"{number}{letter}", group=number, data={"passed": False}) for letter in "ab"
        ]
        record("notes_written", by=officer, subject=officer, after={"number": number}, rows=rows)
    return Event.objects.last_first()[0].position - EVENTS + 1


@pytest.fixture
def checked(tmp_path: Path) -> Callable[[], Report]:
    """`checked()` is the report of a verification."""
    return lambda: verify(tmp_path / "anchors.jsonl")


@pytest.fixture
def found(tmp_path: Path) -> Callable[[], list[Finding]]:
    """`found()` is what verification finds."""
    return lambda: verify(tmp_path / "anchors.jsonl").findings


@pytest.fixture
def anchored(first: int, tmp_path: Path) -> None:
    anchors.take(tmp_path / "anchors.jsonl")


def execute(*statements: str) -> None:
    """Run SQL as an administrator of the database, who takes the triggers away first."""
    with unguarded():
        append_only.execute(*statements)


def kinds(report: Report) -> list[str]:
    return [finding.kind for finding in report.findings]
