"""The part of a pack that proves the rest: events, the chain they stand in, the rows they name, anchors."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import datetime, timedelta

from django.db import models

from audit.anchors import Anchor
from audit.canonical import GENESIS, Plain, plain
from audit.ledgers import ledgers
from audit.models import Event
from audit.seen import SeenNumbers
from components.packs.folder import Folder, Sink
from components.packs.verify import encode

EVENTS_AT_ONCE = 1000
ROWS_AT_ONCE = 500
CLOCKS_APART = timedelta(hours=1)
"""No two machines of an installation have clocks farther apart; an event is never older than its rows but for that."""

_Link = tuple[int, str, str, dict[str, list[tuple[int, str]]], str, str]


def canonical(row: dict[str, object]) -> dict[str, Plain]:
    """A row as its digest is made of it, from the values of its columns by attname, as they were read."""
    return {name: plain(value) for name, value in row.items() if value is not None}


class Proof:
    """Writes events.jsonl, rows.jsonl and chain.txt. `concerned` has the rows and subjects that the pack is about."""

    def __init__(self, concerned: dict[str, SeenNumbers]) -> None:
        self.concerned = concerned
        self.events = self.first = 0
        self.before = GENESIS
        self.head: dict[str, object] = {"position": 0, "digest": GENESIS}

    def write(self, folder: Folder, *, start: int) -> None:
        """All events from `start` on that concern the pack, and every link from the first of them to the last event."""
        with ExitStack() as files:
            events, rows, chain = (
                files.enter_context(folder.writing(name)) for name in ("events.jsonl", "rows.jsonl", "chain.txt")
            )
            for links in _links(start):
                concerning = [link for link in links if self.concerns(link)]
                if concerning and not self.first:
                    self.first = concerning[0][0]
                    self.before = _digest_before(self.first)
                self.write_links(links, chain)
                self.write_events([link[0] for link in concerning], events)
                for line in self.rows(concerning):
                    rows.write(encode(line) + b"\n")

    def concerns(self, link: _Link) -> bool:
        _, subject_type, subject_id, named, _, _ = link
        if subject_type in self.concerned and subject_id.isdecimal():
            return int(subject_id) in self.concerned[subject_type]
        return any(self.is_ours(label, key) for label, rows in named.items() for key, _ in rows)

    def is_ours(self, label: str, key: int) -> bool:
        return label in self.concerned and key in self.concerned[label]

    def write_links(self, links: Sequence[_Link], chain: Sink) -> None:
        for position, _, _, _, payload_digest, digest in links:
            if self.first and position >= self.first:
                chain.write(f"{position} {payload_digest} {digest}\n".encode())
            self.head = {"position": position, "digest": digest}

    def write_events(self, positions: Sequence[int], file: Sink) -> None:
        found = Event.objects.in_bulk(positions)
        for position in positions:
            file.write(encode(found[position].payload()) + b"\n")
        self.events += len(positions)

    def rows(self, links: Iterable[_Link]) -> Iterator[dict[str, object]]:
        """The rows that these events name; of an event about many things those alone that the pack is about."""
        wanted: dict[str, list[tuple[int, int]]] = {}
        for position, _, subject_id, named, _, _ in links:
            for label, rows in named.items():
                kept = [(key, position) for key, _ in rows if subject_id or self.is_ours(label, key)]
                wanted.setdefault(label, []).extend(kept)
        for label, keys in wanted.items():
            for at in range(0, len(keys), ROWS_AT_ONCE):
                part = keys[at : at + ROWS_AT_ONCE]
                found = _read(ledgers()[label], [key for key, _ in part]) if label in ledgers() else {}
                for key, position in part:
                    if key in found:
                        yield {"event": position, "key": key, "ledger": label, "row": canonical(found[key])}


def first_event_to_look_at(earliest: datetime, subjects: Mapping[str, Iterable[int]]) -> int:
    """Where to begin: no event before it is about these subjects, or as old as the oldest component."""
    since = Event.objects.filter(at__gte=earliest - CLOCKS_APART).order_by("at", "position")
    positions = [since.values_list("position", flat=True).first()]
    for subject_type, keys in subjects.items():
        about = Event.objects.filter(subject_type=subject_type, subject_id__in=[str(key) for key in keys])
        positions.append(about.order_by("position").values_list("position", flat=True).first())
    return min((position for position in positions if position is not None), default=1)


def write_anchors(taken: Iterable[Anchor], folder: Folder, *, first: int) -> None:
    """Those anchors that see the part of the chain that is in the pack."""
    with folder.writing("anchors.jsonl") as file:
        for anchor in taken:
            if anchor.position >= first:
                line = {"at": anchor.at, "digest": anchor.digest, "position": anchor.position}
                file.write(encode(line) + b"\n")


def _links(start: int) -> Iterator[list[_Link]]:
    last = start - 1
    columns = ("position", "subject_type", "subject_id", "rows", "payload_digest", "digest")
    while links := list(
        Event.objects.filter(position__gt=last).order_by("position").values_list(*columns)[:EVENTS_AT_ONCE]
    ):
        yield links
        last = links[-1][0]


def _digest_before(position: int) -> str:
    return Event.objects.filter(position=position - 1).values_list("digest", flat=True).first() or GENESIS


def _read(model: type[models.Model], keys: Sequence[int]) -> dict[int, dict[str, object]]:
    columns = [field.attname for field in model._meta.concrete_fields if not field.generated]
    rows = model._base_manager.filter(pk__in=keys).values(*columns)
    return {row[model._meta.pk.attname]: row for row in rows}
