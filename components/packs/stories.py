"""The readable part of a pack: decisions, and the components they are about."""

import csv
from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db.models import QuerySet

from audit.seen import SeenNumbers
from components.models import Component
from components.packs.folder import Folder, Sink
from components.packs.reading import line, read
from components.packs.telling import Told, Versions
from components.packs.verifier.form import COLUMNS, cell

COMPONENTS_AT_ONCE = 1000
_Entered = tuple[int, str, datetime]


class Stories:
    """Writes decisions.csv, decisions.jsonl and components.jsonl, and keeps what the rest of the pack is about.

    `concerned` has by the label of a table the keys of what events may be about that belongs to the components written.
    """

    def __init__(self) -> None:
        self.concerned: dict[str, SeenNumbers] = {}
        self.decisions = self.components = 0
        self.earliest: datetime | None = None
        self.versions = Versions()
        self.regulations: set[int] = set()

    def write(self, components: "QuerySet[Component]", folder: Folder) -> None:
        """All components of the queryset, in the order of their keys. Memory does not grow with their number.

        Raises Unreadable.
        """
        with (
            folder.writing("decisions.csv") as table,
            folder.writing("decisions.jsonl") as decisions,
            folder.writing("components.jsonl") as lines,
        ):
            writer = csv.writer(_Text(table))
            table.write(b"\xef\xbb\xbf")  # by which spreadsheets know UTF-8
            writer.writerow(COLUMNS)
            for chunk in _in_chunks(components):
                told = Told([key for key, _, _ in chunk], self.versions)
                self.note(told, min(entered_at for _, _, entered_at in chunk))
                lines.write(b"".join(line(component) for component in _components(chunk, told)))
                decisions.write(b"".join(line(decision) for decision in told.decisions))
                writer.writerows([cell(decision[name]) for name in COLUMNS] for decision in told.decisions)

    def note(self, told: Told, earliest: datetime) -> None:
        """Remember whose rows these are."""
        self.earliest = min(self.earliest or earliest, earliest)
        self.components += len(told.keys)
        self.decisions += len(told.decisions)
        self.regulations |= told.regulations
        for label, keys in told.subjects.items():
            self.add(label, keys)

    def add(self, label: str, keys: Iterable[int]) -> None:
        seen = self.concerned.setdefault(label, SeenNumbers())
        for key in keys:
            seen.add(key)


class _Text:
    """Where csv writes."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink

    def write(self, text: str) -> None:
        self._sink.write(text.encode())


def _components(chunk: list[_Entered], told: Told) -> Iterator[dict[str, object]]:
    for key, external_id, _ in chunk:
        yield {
            "component": key,
            "external_id": external_id,
            "texts": told.texts[key],
            "labels": told.labels[key],
        }


def _in_chunks(components: "QuerySet[Component]") -> Iterator[list[_Entered]]:
    components, last = components.order_by("pk"), 0
    while chunk := read(components.filter(pk__gt=last)[:COMPONENTS_AT_ONCE], "pk", "external_id", "entered_at"):
        yield chunk
        last = chunk[-1][0]
