"""Find everything that somebody did to events and ledgers behind the application's back."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path

from django.db import models, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.models import TextField
from django.db.models.functions import Cast
from django.utils import timezone

from audit import anchors, triggers
from audit.anchors import Anchor
from audit.canonical import chained
from audit.chunks import keys_in_chunks
from audit.findings import Finding, Follower, Report
from audit.following import WatchedTables
from audit.ledgers import UNREADABLE, ledgers, named_in, row_digests
from audit.lookalikes import lookalikes
from audit.models import Event
from audit.moment import one_moment
from audit.querysets import EventQuerySet
from audit.seen import SeenNumbers

EVENTS_AT_ONCE = 1000
ROWS_AT_ONCE = 10_000
_JSON = ("before", "after", "rows")

Check = Callable[[], Iterator[Finding]]
_checks_of_other_apps: list[Check] = []
_followers: list[Callable[[], Follower]] = [WatchedTables]


def also_verify(check: Check) -> None:
    """Have every verification ask an app whether what it keeps beside its ledgers says what they say."""
    if check not in _checks_of_other_apps:
        _checks_of_other_apps.append(check)


def also_follow(follower: Callable[[], Follower]) -> None:
    """Have every verification show all events, in their order, to an app that compares its tables with them."""
    if follower not in _followers:
        _followers.append(follower)


def verify(anchor_file: Path, *, anchored_within: timedelta | None = None) -> Report:
    """Look at every event, ledger row, watched row, trigger and anchor, as of one moment.

    With `anchored_within`, whatever happened longer ago than that must have been seen by an anchor. Memory does not
    grow with events and ledgers, but for one bit for each ledger row, and the anchors; a watched row takes some 1 kB.
    """
    with one_moment():
        return _Verification(anchor_file, anchored_within).run()


class _Verification:
    def __init__(self, anchor_file: Path, anchored_within: timedelta | None) -> None:
        self.report = Report()
        self.behind = _apps_behind()
        # What is compared with other tables asks for columns that are not there yet.
        self.followers = [] if self.behind else [follower() for follower in _followers]
        self.checks = [] if self.behind else [*_checks_of_other_apps, lookalikes]
        self.ledgers = {label: model for label, model in ledgers().items() if model._meta.app_label not in self.behind}
        self.seen = {label: SeenNumbers() for label in self.ledgers}
        self.anchor_file = anchor_file
        self.anchored: dict[int, list[Anchor]] = {}
        self.anchored_within = anchored_within

    def run(self) -> Report:
        if self.behind:
            self.report.add(_not_migrated(self.behind))
        if "audit" in self.behind:
            return self.report
        unreadable = self.read_anchors()
        for events in _in_chunks(Event, EVENTS_AT_ONCE):
            for position, event in events:
                self.check_event(position, event)
            readable = [event for _, event in events if event is not None]
            self.check_rows(readable)
            for follower in self.followers:
                self.add_all(follower.follow(readable))
        self.check_anchors_beyond()
        self.find_rows_of_no_event()
        self.check_triggers()
        self.add_all(unreadable)
        if self.anchored_within is not None:
            self.add_all(_not_anchored(self.anchor_file, self.anchored_within))
        for follower in self.followers:
            self.add_all(follower.end())
        for check in self.checks:
            self.add_all(check())
        return self.report

    def add_all(self, findings: Iterable[Finding]) -> None:
        for finding in findings:
            self.report.add(finding)

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
                if label.partition(".")[0] in self.behind:
                    continue
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
            for pks in keys_in_chunks(model, ROWS_AT_ONCE):
                for pk in pks:
                    if pk not in self.seen[label]:
                        sentence = f"Row {pk} of {label} is named by no event: it slipped in."
                        self.report.add(Finding("row_added", sentence, None, label, pk))

    def check_triggers(self) -> None:
        guarded: list[type[models.Model]] = [Event, *self.ledgers.values()]
        for model in guarded:
            for sentence in triggers.problems(transaction.get_connection(), model._meta.db_table):
                self.report.add(Finding("trigger", sentence, None, model._meta.label_lower))

    def read_anchors(self) -> list[Finding]:
        unreadable = []
        for anchor in anchors.read(self.anchor_file):
            self.report.anchors += 1
            if isinstance(anchor, Anchor):
                self.anchored.setdefault(anchor.position, []).append(anchor)
            else:
                sentence = f"Line {anchor.line} of {self.anchor_file.name} is no anchor."
                unreadable.append(Finding("anchor_unreadable", sentence))
        # Before the first event, the chain stands at its beginning: so do all anchors of that time.
        self.anchored.pop(0, None)
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


def _apps_behind() -> frozenset[str]:
    """The apps of which the database has not yet all migrations of this release."""
    loader = MigrationLoader(transaction.get_connection())
    return frozenset(app for app, name in loader.graph.nodes if (app, name) not in loader.applied_migrations)


def _not_migrated(apps: Iterable[str]) -> Finding:
    sentence = (
        f"The database is older than this release ({', '.join(sorted(apps))}): run migrate, and verify again. "
        "Until then only events, anchors and the ledgers of other apps are looked at."
    )
    return Finding("not_migrated", sentence)


def _problem_of(event: Event, previous: str) -> Finding | None:
    """`previous` is the digest of the event before; empty where that one is missing or cannot be read."""
    named = f"Event {event.position} ({event.action}, {event.at:%Y-%m-%d %H:%M})" if event.at else event.position
    if not event.says_what_it_said():
        return Finding("event_edited", f"{named} was changed after it was written.", event.position)
    if column := _written_otherwise(event):
        sentence = f"{named} was changed: the text of its {column} is not as the application writes it."
        return Finding("event_edited", sentence, event.position, column=column)
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


def _in_chunks(model: type[Event], size: int) -> Iterator[list[tuple[int, Event | None]]]:
    """All events in their order, each with its position; None for one that cannot be read."""
    for keys in keys_in_chunks(model, size):
        try:
            events = _with_texts(model.objects.filter(position__range=(keys[0], keys[-1])))
            found = {event.position: event for event in events}
        except UNREADABLE:
            found = {key: event for key in keys for event in _one(model, key)}
        yield [(key, found.get(key)) for key in keys]


def _one(model: type[Event], position: int) -> list[Event]:
    try:
        return [_with_texts(model.objects.all()).get(position=position)]
    except UNREADABLE:
        return []


def _with_texts(events: EventQuerySet) -> EventQuerySet:
    """On SQLite, events with the texts of their JSON: of a name that stands twice, Python sees the last value alone."""
    if transaction.get_connection().vendor != "sqlite":
        return events
    return events.annotate(**{f"{name}_text": Cast(name, TextField()) for name in _JSON})


def _written_otherwise(event: Event) -> str:
    """The first column of which the text is not the one that Django writes of its value; empty where all are."""
    for name in _JSON:
        text = getattr(event, f"{name}_text", None)
        if text is not None and text != json.dumps(getattr(event, name)):
            return name
    return ""


def _not_anchored(file: Path, within: timedelta) -> Iterator[Finding]:
    """Whatever happened longer than `within` ago, and no anchor saw; an anchor of the future has seen nothing."""
    now = timezone.now()
    taken = [anchor for anchor in anchors.readable(file) if anchor.taken_at <= now]
    hours = f"{within.total_seconds() / 3600:g} hours"
    newest = max(taken, key=lambda anchor: anchor.taken_at, default=None)
    if newest is None:
        yield Finding("not_anchored", f"There is no anchor in {file.name}: a tail that is cut off is not missed.")
    elif newest.taken_at < now - within:
        yield Finding("not_anchored", f"The last anchor is of {newest.at}, more than {hours} ago.")
    seen = max((anchor.position for anchor in taken), default=0)
    unseen = Event.objects.filter(position__gt=seen).order_by("position").values_list("position", "at").first()
    if newest is not None and unseen is not None and unseen[1] < now - within:
        sentence = f"Event {unseen[0]} of {unseen[1]:%Y-%m-%d %H:%M} has been seen by no anchor for more than {hours}."
        yield Finding("not_anchored", sentence, unseen[0])
