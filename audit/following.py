"""Whether watched tables hold what events last told of them: who wrote past the application is found."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models

from audit.canonical import encode
from audit.chunks import keys_in_chunks
from audit.exceptions import NotCanonical
from audit.findings import Finding
from audit.ledgers import UNREADABLE
from audit.models import Event
from audit.watched import SEAL, Watched
from audit.watching import watched_tables

ADOPTED = "rows_adopted"
ROWS_AT_ONCE = 1000
_DIGEST_BYTES = 16
_NOBODY_KNOWS = b""
"""The digest of a value that was told by no digest, as older events told of secrets."""


@dataclass(slots=True)
class _Row:
    """What was last told of a row, a digest for each column, and by which event."""

    event: int
    values: dict[str, bytes]


class WatchedTables:
    """A `Follower`. Some 1 kB of memory for each row of the watched tables."""

    def __init__(self) -> None:
        self._tables = {label: _Table(watched) for label, watched in watched_tables().items()}

    def follow(self, events: Sequence[Event]) -> Iterator[Finding]:
        for event in events:
            table = self._tables.get(event.subject_type)
            if table is not None and isinstance(event.before, dict) and isinstance(event.after, dict):
                yield from table.follow(event, event.before, event.after)

    def end(self) -> Iterator[Finding]:
        for table in self._tables.values():
            yield from table.end()


class _Table:
    def __init__(self, watched: Watched) -> None:
        self.watched = watched
        self.acts = {watched.action(act): act for act in ("added", "changed", "deleted")}
        self.acts |= {watched.action(f"{relation}_changed"): "changed" for relation in watched.relations}
        self.rows: dict[str, _Row] = {}
        self.adopted: set[str] = set()

    def follow(self, event: Event, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Finding]:
        act = self.acts.get(event.action)
        if event.action == ADOPTED:
            yield from self.adopt(event.position, after)
        elif act == "added":
            yield from self.add(event, after)
        elif act is not None:
            yield from self.change(event, before, after)
            if act == "deleted":
                self.rows.pop(event.subject_id, None)

    def add(self, event: Event, after: Mapping[str, Any]) -> Iterator[Finding]:
        key = event.subject_id
        if key in self.rows:
            sentence = f"{self.named(key)} was deleted past the application: event {event.position} adds it again."
            yield self.finding("row_deleted", sentence, key, event.position)
        none = dict.fromkeys(self.watched.relations, _digest([]))
        self.rows[key] = _Row(event.position, none | self.digests(after))

    def change(self, event: Event, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Finding]:
        key = event.subject_id
        if key in self.rows:
            yield from self.compare(key, self.rows[key], before)
        elif self.adopted:
            sentence = f"{self.named(key)} slipped in before event {event.position}: no event tells that it was added."
            yield self.finding("row_added", sentence, key, event.position)
        row = self.rows.setdefault(key, _Row(event.position, {}))
        row.event = event.position
        row.values.update(self.digests(after))

    def adopt(self, position: int, after: Mapping[str, Any]) -> Iterator[Finding]:
        """Rows, or columns of them, that are older than their being watched."""
        columns, rows = after.get("columns"), after.get("rows")
        if isinstance(columns, list) and isinstance(rows, dict):
            self.adopted.update(map(str, columns))
            for key, values in rows.items():
                if isinstance(values, dict):
                    row = self.rows.setdefault(key, _Row(position, {}))
                    # What a row is related to was told in other words before.
                    columns_alone = {name: values[name] for name in values if name not in self.watched.relations}
                    yield from self.compare(key, row, columns_alone)
                    row.event = position
                    row.values.update(self.digests(values))

    def end(self) -> Iterator[Finding]:
        told = {*self.watched.columns, *self.watched.relations}
        if missing := sorted(told - self.adopted):
            sentence = f"No event tells since when {self.watched.label} is watched ({', '.join(missing)}): run migrate."
            yield Finding("not_adopted", sentence, None, self.watched.label)
        for keys in keys_in_chunks(self.watched.model, ROWS_AT_ONCE):
            yield from self.compare_rows(keys)
        for key, row in self.rows.items():
            yield self.finding("row_deleted", f"{self.named(key)} is missing.", key, row.event)

    def compare_rows(self, keys: Sequence[Any]) -> Iterator[Finding]:
        try:
            found = list(self.watched.rows(keys[0], keys[-1]))
        except UNREADABLE:
            if len(keys) > 1:
                for key in keys:
                    yield from self.compare_rows([key])
                return
            name = self.watched.key(keys[0])
            row = self.rows.pop(name, None)
            sentence = f"{self.named(name)} was changed past the application: it cannot even be read."
            yield self.finding("row_edited", sentence, name, row.event if row else None)
            return
        for key, now in found:
            row = self.rows.pop(key, None)
            if row is not None:
                yield from self.compare(key, row, now)
            elif self.adopted:
                yield self.finding("row_added", f"{self.named(key)} is told of by no event: it slipped in.", key, None)

    def compare(self, key: str, row: _Row, now: Mapping[str, Any]) -> Iterator[Finding]:
        for column, value in now.items():
            told = row.values.get(column, _NOBODY_KNOWS)
            if told != _NOBODY_KNOWS and self.digest(column, value) not in (told, _NOBODY_KNOWS):
                sentence = (
                    f"{self.named(key)} is not as event {row.event} told of it: "
                    f"its {column} was changed past the application."
                )
                yield self.finding("row_edited", sentence, key, row.event, column)

    def digests(self, values: Mapping[str, Any]) -> dict[str, bytes]:
        return {column: self.digest(column, value) for column, value in values.items()}

    def digest(self, column: str, value: object) -> bytes:
        if column in self.watched.sealed and not (isinstance(value, str) and value.startswith(SEAL)):
            return _NOBODY_KNOWS
        return _digest(value)

    def named(self, key: str) -> str:
        return f"Row {key} of {self.watched.label}"

    def finding(self, kind: str, sentence: str, key: str, event: int | None, column: str = "") -> Finding:
        whole = isinstance(self.watched.model._meta.pk, models.AutoField | models.IntegerField) and key.isdecimal()
        return Finding(kind, sentence, event, self.watched.label, int(key) if whole else key, column)


def _digest(value: object) -> bytes:
    try:
        return hashlib.sha256(encode(value)).digest()[:_DIGEST_BYTES]
    except NotCanonical:
        # What an event cannot have told.
        return b"not canonical"
