"""Whether what is kept is still as it was written, asked for one event or for the last of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.utils import timezone

from audit import anchors
from audit.anchors import Anchor
from audit.canonical import GENESIS, chained
from audit.ledgers import ledgers, named_in, row_digests
from audit.models import Event

LINKS_CHECKED = 1000
EVENTS_WITH_ROWS_CHECKED = 100


@dataclass(frozen=True, slots=True)
class RowStanding:
    """A row of a ledger that an event names. `problem` is empty where it is as it was written."""

    ledger: str
    key: int
    digest: str
    problem: str


@dataclass(frozen=True, slots=True)
class Standing:
    """An event in its chain. `problem` is the first sentence that is to be said; empty where all stands."""

    previous: str
    rows: tuple[RowStanding, ...]
    problem: str


@dataclass(frozen=True, slots=True)
class Glance:
    """What a look at the end of the chain saw. `problem` is empty where all stands."""

    links: int
    rows: int
    at: datetime
    problem: str


@dataclass(frozen=True, slots=True)
class Chain:
    """How long the chain is, and the last anchor of it."""

    events: int
    last_at: datetime | None
    anchor: Anchor | None
    anchored_at: datetime | None


def chain(anchor_file: Path) -> Chain:
    """The chain as it is now, by its last event and the file of anchors."""
    last = Event.objects.last_first().values_list("position", "at").first()
    position, at = last or (0, None)
    anchor = next(reversed(anchors.readable(anchor_file)), None)
    return Chain(position, at, anchor, anchor.taken_at if anchor else None)


def standing_of(event: Event) -> Standing:
    """Whether the event, its link to the one before, and every row that it names are as they were written."""
    previous = _digest_before(event.position)
    rows = tuple(_rows_of([event]))
    problems = [_problem_of(event, previous), *(row.problem for row in rows)]
    return Standing(previous, rows, next(filter(None, problems), ""))


def glance() -> Glance:
    """The last LINKS_CHECKED links, and the rows of the last EVENTS_WITH_ROWS_CHECKED events: a second's work.

    A query for each ledger that these name, and two. All of the record is looked at by `manage.py verify_audit`.
    """
    events = list(Event.objects.last_first()[:LINKS_CHECKED])[::-1]
    previous, expected, problems = _digest_before(events[0].position) if events else GENESIS, None, []
    for event in events:
        if event.position != expected and expected is not None:
            problems.append(f"Events before {event.position} are missing.")
        problems.append(_problem_of(event, previous))
        previous, expected = event.digest, event.position + 1
    rows = _rows_of(events[-EVENTS_WITH_ROWS_CHECKED:])
    problems += [row.problem for row in rows]
    return Glance(len(events), len(rows), timezone.now(), next(filter(None, problems), ""))


def _problem_of(event: Event, previous: str) -> str:
    if not event.says_what_it_said():
        return f"Event {event.position} was changed after it was written."
    if chained(previous, event.payload_digest) != event.digest:
        return f"Event {event.position} does not follow from the one before: one of the two was replaced."
    return ""


def _rows_of(events: Sequence[Event]) -> list[RowStanding]:
    """The rows that these events name, ledger by ledger."""
    named: dict[str, list[tuple[int, str, int]]] = {}
    for event in events:
        for label, key, digest in named_in(event.rows):
            named.setdefault(label, []).append((key, digest, event.position))
    return [standing for label, rows in sorted(named.items()) for standing in _compared(label, rows)]


def _compared(label: str, named: Sequence[tuple[int, str, int]]) -> Iterator[RowStanding]:
    model = ledgers().get(label)
    now = row_digests(model, [key for key, _, _ in named]) if model else {}
    for key, digest, position in named:
        problem = ""
        if key not in now:
            problem = f"Row {key} of {label} is missing."
        elif now[key] != digest:
            problem = f"Row {key} of {label} was changed after event {position} wrote it."
        yield RowStanding(label, key, digest, problem)


def _digest_before(position: int) -> str:
    if position == 1:
        return GENESIS
    return Event.objects.filter(position=position - 1).values_list("digest", flat=True).first() or ""
