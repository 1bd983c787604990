"""Find everything that somebody did to events and ledgers behind the application's back."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import models, transaction
from django.db.models import BooleanField

from audit import anchors, triggers
from audit.anchors import Anchor
from audit.canonical import GENESIS, chained
from audit.ledgers import UNREADABLE, ledgers, named_in, row_digests
from audit.models import Event
from audit.moment import one_moment
from audit.seen import SeenNumbers

EVENTS_AT_ONCE = 1000
ROWS_AT_ONCE = 10_000
MOST_FINDINGS = 1000


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it was written. `event` is a position; `table` and `row` name a ledger's row."""

    kind: str
    sentence: str
    event: int | None = None
    table: str = ""
    row: int | None = None


@dataclass(slots=True)
class Report:
    """What was looked at and what was found: events in their order, then rows that no event names, then the rest.

    At most MOST_FINDINGS findings are kept; `found` counts all.
    """

    events: int = 0
    rows: int = 0
    anchors: int = 0
    last_position: int = 0
    last_digest: str = GENESIS
    found: int = 0
    findings: list[Finding] = field(default_factory=list)

    def add(self, finding: Finding) -> None:
        self.found += 1
        if len(self.findings) < MOST_FINDINGS:
            self.findings.append(finding)


Check = Callable[[], Iterator[Finding]]
_checks_of_other_apps: list[Check] = []


def also_verify(check: Check) -> None:
    """Have every verification ask an app whether what it keeps beside its ledgers says what they say."""
    if check not in _checks_of_other_apps:
        _checks_of_other_apps.append(check)


def verify(anchor_file: Path) -> Report:
    """Look at every event, every row of every ledger, every trigger and every anchor, as of one moment.

    Memory does not grow with the tables, but for one bit for each ledger row, and the anchors.
    """
    with one_moment():
        return _Verification(anchor_file).run()


class _Verification:
    def __init__(self, anchor_file: Path) -> None:
        self.report = Report()
        self.ledgers = ledgers()
        self.seen = {label: SeenNumbers() for label in self.ledgers}
        self.anchor_file = anchor_file
        self.anchored: dict[int, list[Anchor]] = {}

    def run(self) -> Report:
        unreadable = self.read_anchors()
        for events in _in_chunks(Event, EVENTS_AT_ONCE):
            for position, event in events:
                self.check_event(position, event)
            self.check_rows([event for _, event in events if event is not None])
        self.check_anchors_beyond()
        self.find_rows_of_no_event()
        self.check_triggers()
        self.find_what_is_neither_true_nor_false()
        for finding in unreadable:
            self.report.add(finding)
        for check in _checks_of_other_apps:
            for finding in check():
                self.report.add(finding)
        return self.report

    def check_event(self, position: int, event: Event | None) -> None:
        report, expected = self.report, self.report.last_position + 1
        if position > expected:
            report.add(_gap(expected, position - 1))
        if event is None:
            report.add(Finding("event_edited", f"Event {position} was changed: it cannot even be read.", position))
        elif problem := _problem_of(event, report.last_digest if position == expected else ""):
            report.add(problem)
        for anchor in self.anchored.pop(position, []):
            if event is None or anchor.digest != event.digest:
                report.add(_not_the_anchored(anchor))
        report.events += 1
        report.last_position = position
        report.last_digest = event.digest if event is not None else ""

    def check_rows(self, events: Sequence[Event]) -> None:
        named: dict[str, list[tuple[int, str, int]]] = {}
        for event in events:
            for label, pk, digest in named_in(event.rows):
                if label not in self.ledgers:
                    sentence = f"Event {event.position} names a row of {label}, which is no ledger."
                    self.report.add(Finding("no_ledger", sentence, event.position, label, pk))
                elif not self.seen[label].add(pk):
                    sentence = f"Row {pk} of {label} is named twice, the second time by event {event.position}."
                    self.report.add(Finding("row_named_twice", sentence, event.position, label, pk))
                else:
                    named.setdefault(label, []).append((pk, digest, event.position))
        for label, rows in named.items():
            for start in range(0, len(rows), ROWS_AT_ONCE):
                self.compare_rows(label, rows[start : start + ROWS_AT_ONCE])

    def compare_rows(self, label: str, named: Sequence[tuple[int, str, int]]) -> None:
        self.report.rows += len(named)
        found = row_digests(self.ledgers[label], [pk for pk, _, _ in named])
        for pk, digest, position in named:
            if pk not in found:
                sentence = f"Row {pk} of {label}, which event {position} wrote, is missing."
                self.report.add(Finding("row_deleted", sentence, position, label, pk))
            elif found[pk] != digest:
                sentence = f"Row {pk} of {label} was changed after event {position} wrote it."
                self.report.add(Finding("row_edited", sentence, position, label, pk))

    def find_rows_of_no_event(self) -> None:
        for label, model in self.ledgers.items():
            for pks in _keys_in_chunks(model, ROWS_AT_ONCE):
                for pk in pks:
                    if pk not in self.seen[label]:
                        sentence = f"Row {pk} of {label} is named by no event: it slipped in."
                        self.report.add(Finding("row_added", sentence, None, label, pk))

    def check_triggers(self) -> None:
        guarded: list[type[models.Model]] = [Event, *self.ledgers.values()]
        for model in guarded:
            for sentence in triggers.problems(transaction.get_connection(), model._meta.db_table):
                self.report.add(Finding("trigger", sentence, None, model._meta.label_lower))

    def find_what_is_neither_true_nor_false(self) -> None:
        """SQLite keeps any number as a truth value, and Django reads each as true or false: a digest cannot tell."""
        if transaction.get_connection().vendor != "sqlite":
            return
        for label, model in self.ledgers.items():
            for column in _truth_values(model):
                for pk in _neither_true_nor_false(model, column):
                    sentence = f"Row {pk} of {label} was changed: its {column} is neither true nor false."
                    self.report.add(Finding("row_edited", sentence, None, label, pk))

    def read_anchors(self) -> list[Finding]:
        unreadable = []
        for anchor in anchors.read(self.anchor_file):
            self.report.anchors += 1
            if isinstance(anchor, Anchor):
                self.anchored.setdefault(anchor.position, []).append(anchor)
            else:
                sentence = f"Line {anchor.line} of {self.anchor_file.name} is no anchor."
                unreadable.append(Finding("anchor_unreadable", sentence))
        # Before the first event, the chain stands at its beginning.
        self.anchored = {
            position: kept
            for position, taken in self.anchored.items()
            if (kept := [anchor for anchor in taken if (position, anchor.digest) != (0, GENESIS)])
        }
        return unreadable

    def check_anchors_beyond(self) -> None:
        last = self.report.last_position
        for position, taken in sorted(self.anchored.items()):
            if position > last:
                sentence = (
                    f"The chain ends with event {last}, but the anchor of {taken[0].at} saw event {position}: "
                    "its tail was cut off."
                )
                self.report.add(Finding("tail_missing", sentence, last + 1))
                return


def _truth_values(model: type[models.Model]) -> list[str]:
    return [str(one.column) for one in model._meta.concrete_fields if isinstance(one, BooleanField)]


def _neither_true_nor_false(model: type[models.Model], column: str) -> list[int]:
    key, table = model._meta.pk.column, model._meta.db_table
    wrong = f'typeof("{column}") != \'integer\' OR "{column}" NOT IN (0, 1)'
    with transaction.get_connection().cursor() as cursor:
        # Names of the schema.
        cursor.execute(f'SELECT "{key}" FROM "{table}" WHERE "{column}" IS NOT NULL AND ({wrong})')  # noqa: S608
        return [pk for (pk,) in cursor.fetchall()]


def _problem_of(event: Event, previous: str) -> Finding | None:
    """`previous` is the digest of the event before; empty where that one is missing or cannot be read."""
    named = f"Event {event.position} ({event.action}, {event.at:%Y-%m-%d %H:%M})" if event.at else event.position
    if not event.says_what_it_said():
        return Finding("event_edited", f"{named} was changed after it was written.", event.position)
    if previous and chained(previous, event.payload_digest) != event.digest:
        sentence = f"{named} does not follow from event {event.position - 1}: one of the two was replaced."
        return Finding("chain_broken", sentence, event.position)
    return None


def _gap(first: int, last: int) -> Finding:
    which = f"Event {first} is" if first == last else f"Events {first} to {last} are"
    return Finding("events_missing", f"{which} missing.", first)


def _not_the_anchored(anchor: Anchor) -> Finding:
    sentence = f"Event {anchor.position} is not the one that the anchor of {anchor.at} saw."
    return Finding("not_the_anchored", sentence, anchor.position)


def _keys_in_chunks(model: type[models.Model], size: int) -> Iterator[list[int]]:
    last: Any = None
    while True:
        rows = model._base_manager.order_by("pk")
        keys = list((rows if last is None else rows.filter(pk__gt=last)).values_list("pk", flat=True)[:size])
        if not keys:
            return
        yield keys
        last = keys[-1]


def _in_chunks(model: type[Event], size: int) -> Iterator[list[tuple[int, Event | None]]]:
    """All events in their order, each with its position; None for one that cannot be read."""
    for keys in _keys_in_chunks(model, size):
        try:
            found = {event.position: event for event in model.objects.filter(position__range=(keys[0], keys[-1]))}
        except UNREADABLE:
            found = {key: event for key in keys for event in _one(model, key)}
        yield [(key, found.get(key)) for key in keys]


def _one(model: type[Event], position: int) -> list[Event]:
    try:
        return [model.objects.get(position=position)]
    except UNREADABLE:
        return []
