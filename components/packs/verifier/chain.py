"""Whether the files are those of the pack, and its events and rows those of the chain."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .form import FILES, FORMAT, PACK, digest_of, encode, require

TABLES = """
    CREATE TABLE links (position INTEGER PRIMARY KEY, payload TEXT, digest TEXT);
    CREATE TABLE events (position INTEGER PRIMARY KEY, line TEXT, whole INTEGER);
    CREATE TABLE named (ledger TEXT, key INTEGER, digest TEXT, event INTEGER, PRIMARY KEY (ledger, key));
    CREATE TABLE rows (ledger TEXT, key INT, owner INT, event INTEGER, line TEXT, PRIMARY KEY (ledger, key));
    CREATE INDEX rows_of_owner ON rows (ledger, owner, key);
"""


class Chain:
    """The checks, each relying on those before; Wrong or another exception is raised. Memory does not grow."""

    def __init__(self, pack: Path, anchors: Path | None) -> None:
        self.folder: Path | zipfile.Path = pack
        self.anchors = anchors
        self.database = sqlite3.connect("")  # a temporary file
        self.database.executescript(TABLES)
        self.pack: dict[str, Any] = {}
        self.told: dict[tuple[str, str], dict[str, Any]] = {}
        self.counts: dict[str, int] = {}
        self.missing: Counter[str] = Counter()
        self.notes: list[str] = []
        self.place = "The pack"

    def lines(self, name: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """Each line's place in words, and its object; a line in any other form than the canonical one is refused."""
        with (self.folder / name).open("rb") as file:
            for number, line in enumerate(file, 1):
                self.counts[name], self.place = number, f"{name}, line {number}"
                value = json.loads(line)
                right = isinstance(value, dict) and encode(value) + b"\n" == line
                require(right, f"{self.place}: it is not as the application writes lines; it was edited.")
                yield self.place, value

    def names(self) -> set[str]:
        """Every file of the pack by its path in it; what is neither a file nor a folder counts as one."""
        if isinstance(self.folder, Path) and self.folder.is_dir():
            found = [path for path in self.folder.rglob("*") if path.is_symlink() or not path.is_dir()]
            return {path.relative_to(self.folder).as_posix() for path in found}
        archive = zipfile.ZipFile(str(self.folder))
        require(len(set(archive.namelist())) == len(archive.namelist()), "The zip holds two files of one name.")
        self.folder = zipfile.Path(archive)
        return {entry.filename for entry in archive.infolist() if entry.file_size or not entry.is_dir()}

    def check_files(self, present: set[str]) -> None:
        lines = (self.folder / "DIGESTS").read_bytes().decode().splitlines()
        require(all(line[64:66] == "  " for line in lines), "DIGESTS: it is not as the application writes it.")
        listed = {line[66:]: line[:64] for line in lines}
        for name in sorted((set(listed) | present) - {"DIGESTS"}):
            require(name in present, f"{name}: the file is missing.")
            require(name in listed, f"{name}: the file is not in DIGESTS; it was put in.")
            found = hashlib.sha256()
            with (self.folder / name).open("rb") as file:
                while part := file.read(1 << 20):
                    found.update(part)
            require(found.hexdigest() == listed[name], f"{name}: the file is not the one that DIGESTS names.")
        ((where, self.pack),) = self.lines("pack.json")
        require(self.pack["format"] == FORMAT, "pack.json: it is for a verify.py of another release.")
        require(set(self.pack) == PACK, f"{where}: it has other fields than it should.")
        known = {version[kind] for version in self.pack["model_versions"] for kind in ("card", "manifest")} - {""}
        strange = sorted(set(listed) ^ known.union(FILES))
        require(not strange, f"{(*strange, '')[0]}: no pack has such a file, or none is without it.")

    def check_chain(self) -> None:
        previous, position = self.pack["before"], self.pack["first"]
        require(position > 1 or set(previous) == {"0"}, "pack.json: nothing is before event 1.")
        with (self.folder / "chain.txt").open("rb") as file:
            for number, line in enumerate(file, 1):
                found, payload, digest = line.decode().split()
                require(found == str(position), f"chain.txt, line {number}: event {position} should stand here.")
                right = digest_of((previous + payload).encode()) == digest
                require(right, f"chain.txt, line {number}: event {position} does not follow from the one before.")
                self.one("INSERT INTO links VALUES (?, ?, ?)", position, payload, digest)
                previous, position = digest, position + 1
        head = {"position": position - 1, "digest": previous}
        require(head == self.pack["head"], f"chain.txt: it ends with event {position - 1}, not where pack.json says.")

    def check_events(self) -> None:
        last = 0
        for where, event in self.lines("events.jsonl"):
            position, content = event["position"], encode(event)
            (payload,) = self.one("SELECT payload FROM links WHERE position = ?", position) or ("",)
            require(payload == digest_of(content), f"{where}: event {position} was changed, or is not in the chain.")
            require(position > last, f"{where}: event {position} stands in the wrong place.")
            rows = [(label, *row, position) for label, named in event["rows"].items() for row in named]
            self.database.executemany("INSERT OR IGNORE INTO named VALUES (?, ?, ?, ?)", rows)
            # An event about many things may name rows of others, which are no part of this pack.
            self.one("INSERT INTO events VALUES (?, ?, ?)", position, content.decode(), bool(event["subject_id"]))
            # What else is told of model versions, such as their columns, gives the same names to other values.
            if event["subject_type"] == "components.regulation" or event["action"] == "version_registered":
                self.told.setdefault((event["subject_type"], event["subject_id"]), {}).update(event["after"])
            last = position

    def check_rows(self) -> None:
        for where, line in self.lines("rows.jsonl"):
            ledger, key, row = line["ledger"], line["key"], line["row"]
            named = self.one("SELECT digest, event FROM named WHERE ledger = ? AND key = ?", ledger, key)
            require(named, f"{where}: no event names row {key} of {ledger}; it slipped in.")
            require(named == (digest_of(encode(row)), line["event"]), f"{where}: row {key} of {ledger} was changed.")
            owner = row.get("component_id", row.get("question_id"))
            self.one("INSERT INTO rows VALUES (?, ?, ?, ?, ?)", ledger, key, owner, line["event"], encode(row).decode())
        missing = self.one(
            "SELECT key, ledger, event FROM named JOIN events ON position = event WHERE whole"
            " AND NOT EXISTS (SELECT 1 FROM rows WHERE rows.ledger = named.ledger AND rows.key = named.key)"
        )
        require(not missing, "rows.jsonl: row {} of {}, which event {} wrote, is missing.".format(*missing or "---"))

    def check_anchors(self) -> None:
        first, head = self.pack["first"], self.pack["head"]["position"]
        self.notes += [] if self.anchors else ["Without --anchors, a pack made anew from end to end is not found."]
        kept = self.anchors.read_bytes().splitlines() if self.anchors else []
        elsewhere = [(f"{self.anchors}, line {number}", json.loads(line)) for number, line in enumerate(kept, 1)]
        for where, anchor in [*self.lines("anchors.jsonl"), *elsewhere]:
            position = anchor["position"]
            cut = position > head and where.startswith("anchors.jsonl")
            require(not cut, f"{where}: it saw event {position}, but the chain ends with {head}: its end was cut off.")
            if first <= position <= head:
                seen = self.one("SELECT digest FROM links WHERE position = ?", position)
                require(seen == (anchor["digest"],), f"{where}: event {position} is not the one that the anchor saw.")

    def one(self, query: str, *values: Any) -> Any:
        return self.database.execute(query, values).fetchone()

    def row(self, ledger: str, key: int) -> dict[str, Any]:
        found = self.one("SELECT line FROM rows WHERE ledger = ? AND key = ?", ledger, key)
        require(found, f"rows.jsonl: row {key} of {ledger} is missing.")
        return dict(json.loads(found[0]))

    def rows_of(self, ledger: str, owner: int) -> list[dict[str, Any]]:
        query = "SELECT line FROM rows WHERE ledger = ? AND owner = ? ORDER BY key"
        return [json.loads(line) for (line,) in self.database.execute(query, (ledger, owner))]

    def event_of(self, ledger: str, key: int) -> dict[str, Any]:
        query = "SELECT events.line FROM events JOIN rows ON event = position WHERE ledger = ? AND key = ?"
        return dict(json.loads(self.one(query, ledger, key)[0]))
