"""The part of a pack that proves the rest: events, the chain they stand in, the rows they name, anchors."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import datetime, timedelta

from audit.anchors import Anchor
from audit.canonical import GENESIS
from audit.ledgers import ledgers, named_in
from audit.models import Event
from audit.seen import SeenNumbers
from components.packs.folder import Folder, Sink
from components.packs.owning import Named, components_of
from components.packs.reading import canonical_rows, line, owned, payloads, read

LINKS_AT_ONCE = 2000
EVENTS_AT_ONCE = 1000
MANIFOLD_AT_ONCE = 100
"""Of events about many things, each of which may name a thousand rows."""
ROWS_AT_ONCE = 2000
CLOCKS_APART = timedelta(hours=1)
"""No two machines of an installation have clocks farther apart; an event is never older than its rows but for that."""

_Link = tuple[int, str, str, str, str]


class Proof:
    """Writes events.jsonl, rows.jsonl and chain.txt. `concerned` has the rows and subjects that the pack is about.

    `refuse_others` is told what an event about many things names besides, and may raise.
    """

    def __init__(self, concerned: dict[str, SeenNumbers], refuse_others: Callable[[Named], None]) -> None:
        self.concerned = concerned
        self.refuse_others = refuse_others
        self.events = self.first = 0
        self.before = GENESIS
        self.head: dict[str, object] = {"position": 0, "digest": GENESIS}

    def write(self, folder: Folder, *, start: int) -> None:
        """All events from `start` on that concern the pack, and every link from the first of them to the last event.

        Raises Unreadable, and what `refuse_others` does.
        """
        with ExitStack() as files:
            events, rows, chain = (
                files.enter_context(folder.writing(name)) for name in ("events.jsonl", "rows.jsonl", "chain.txt")
            )
            for links in _links(start):
                positions, manifold = self.concerning(links)
                if positions and not self.first:
                    self.first = positions[0]
                    self.before = _digest_before(self.first)
                self.write_links(links, chain)
                for part in _parts(positions, MANIFOLD_AT_ONCE if manifold else EVENTS_AT_ONCE):
                    self.write_events(part, events, rows)

    def concerning(self, links: Sequence[_Link]) -> tuple[list[int], bool]:
        """The positions of those that concern the pack; and whether any of these is about many things."""
        certain, unsure = [], []
        for position, subject_type, subject_id, _, _ in links:
            if subject_type not in self.concerned or not subject_id.isdecimal():
                unsure.append(position)
            elif int(subject_id) in self.concerned[subject_type]:
                certain.append(position)
        manifold = []
        for part in _parts(unsure, MANIFOLD_AT_ONCE):
            rows = dict(owned(Event.objects.all(), "position", part, "rows"))
            ours = self.ours((label, key) for named in rows.values() for label, key, _ in named_in(named))
            for position, named in rows.items():
                if any(key in ours.get(label, ()) for label, key, _ in named_in(named)):
                    manifold.append(position)
        return sorted([*certain, *manifold]), bool(manifold)

    def ours(self, named: Iterable[tuple[str, int]]) -> Named:
        """Those of these rows that the pack is about."""
        asked: Named = {}
        for label, key in named:
            asked.setdefault(label, set()).add(key)
        components = self.concerned["components.component"]
        found = {}
        for label, keys in asked.items():
            found[label] = {key for key, owner in components_of(label, keys).items() if owner in components}
            found[label] |= {key for key in keys if label in self.concerned and key in self.concerned[label]}
        return found

    def write_links(self, links: Sequence[_Link], chain: Sink) -> None:
        if self.first:
            told = [f"{link[0]} {link[3]} {link[4]}\n" for link in links if link[0] >= self.first]
            chain.write("".join(told).encode())
        self.head = {"position": links[-1][0], "digest": links[-1][4]}

    def write_events(self, positions: Sequence[int], events: Sink, rows: Sink) -> None:
        wanted: dict[str, dict[int, int]] = {}
        lines = []
        for position, event in payloads(positions):
            lines.append(line(event))
            rows_of_event = [(label, key) for label, key, _ in named_in(event["rows"])]
            # Of an event about many things those alone that the pack is about.
            ours = None if event["subject_id"] else self.ours(rows_of_event)
            others: Named = {}
            for label, key in rows_of_event:
                if ours is None or key in ours[label]:
                    wanted.setdefault(label, {})[key] = position
                else:
                    others.setdefault(label, set()).add(key)
            if others:
                self.refuse_others(others)
        events.write(b"".join(lines))
        self.events += len(lines)
        for label, keys in wanted.items():
            for part in _parts(sorted(keys), ROWS_AT_ONCE) if label in ledgers() else ():
                found = canonical_rows(ledgers()[label], part)
                told = (line({"event": keys[key], "key": key, "ledger": label, "row": row}) for key, row in found)
                rows.write(b"".join(told))


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
                file.write(line({"at": anchor.at, "digest": anchor.digest, "position": anchor.position}))


def _links(start: int) -> Iterator[list[_Link]]:
    last = start - 1
    columns = ("position", "subject_type", "subject_id", "payload_digest", "digest")
    while links := read(Event.objects.filter(position__gt=last).order_by("position")[:LINKS_AT_ONCE], *columns):
        yield links
        last = links[-1][0]


def _parts(keys: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    for at in range(0, len(keys), size):
        yield keys[at : at + size]


def _digest_before(position: int) -> str:
    return Event.objects.filter(position=position - 1).values_list("digest", flat=True).first() or GENESIS
