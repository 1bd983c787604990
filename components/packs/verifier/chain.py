"""Whether the files are those of the pack, and its events and rows those of the chain."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import zipfile
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from .form import ANCHOR, FILES, FORMAT, PACK, ROW, SCOPES, digest_of, encode, require

TABLES = """
    CREATE TABLE links (position INTEGER PRIMARY KEY, payload TEXT, digest TEXT);
    CREATE TABLE events (position INTEGER PRIMARY KEY, line TEXT, whole INTEGER);
    CREATE TABLE named (ledger TEXT, key INTEGER, digest TEXT, event INTEGER, PRIMARY KEY (ledger, key));
    CREATE TABLE rows (ledger TEXT, key INT, owner INT, event INTEGER, line TEXT, PRIMARY KEY (ledger, key));
    CREATE INDEX rows_of_owner ON rows (ledger, owner, key);
"""
CLOCKS_APART = timedelta(days=1)
"""No clock of an installation is farther off."""
COLUMNS_TOLD = ("model_version_added", "model_version_changed")


class Chain:
    """The checks, each relying on those before; Wrong or another exception is raised. Memory does not grow."""

    def __init__(self, pack: Path, anchors: Path | None) -> None:
        self.folder: Path | zipfile.Path = pack
        self.anchors = anchors
        self.database = sqlite3.connect("")  # a temporary file
        self.database.executescript(TABLES)
        self.pack: dict[str, Any] = {}
        self.told: dict[tuple[str, str], dict[str, Any]] = {}
        self.columns: dict[str, dict[str, Any]] = {}
        self.codes: dict[str, list[tuple[int, str]]] = {}
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
        require(len(listed) == len(lines), "DIGESTS: it names a file twice.")
        for name in sorted((set(listed) | present) - {"DIGESTS"}):
            require(name in present, f"{name}: the file is missing.")
            require(name in listed, f"{name}: the file is not in DIGESTS; it was put in.")
            self.place, found = name, hashlib.sha256()
            with (self.folder / name).open("rb") as file:
                while part := file.read(1 << 20):
                    found.update(part)
            require(found.hexdigest() == listed[name], f"{name}: the file is not the one that DIGESTS names.")
        ((where, self.pack),) = self.lines("pack.json")
        require(self.pack["format"] == FORMAT, "pack.json: it is for a verify.py of another release.")
        require(set(self.pack) == PACK, f"{where}: it has other fields than it should.")
        scope = {name: type(value) for name, value in self.pack["scope"].items()}
        require(scope in SCOPES, f"{where}: its scope is none that a pack can have.")
        right = type(self.pack["made_by"]) is str and type(self.pack["left_out"]) is int and self.pack["left_out"] >= 0
        require(right, f"{where}: made_by or left_out is not as the application writes it.")
        known = {version[kind] for version in self.pack["model_versions"] for kind in ("card", "manifest")} - {""}
        strange = sorted(set(listed) ^ known.union(FILES))
        require(not strange, f"{(*strange, '')[0]}: no pack has such a file, or none is without it.")

    def check_chain(self) -> None:
        previous, position = self.pack["before"], self.pack["first"]
        require(position > 1 or set(previous) == {"0"}, "pack.json: nothing is before event 1.")
        with (self.folder / "chain.txt").open("rb") as file:
            for number, line in enumerate(file, 1):
                found, payload, digest = line.decode().split()
                right = line == f"{found} {payload} {digest}\n".encode()
                require(right, f"chain.txt, line {number}: it is not as the application writes lines; it was edited.")
                require(found == str(position), f"chain.txt, line {number}: event {position} should stand here.")
                right = digest_of((previous + payload).encode()) == digest
                require(right, f"chain.txt, line {number}: event {position} does not follow from the one before.")
                self.one("INSERT INTO links VALUES (?, ?, ?)", position, payload, digest)
                previous, position = digest, position + 1
        head = {"position": position - 1, "digest": previous}
        require(
            encode(head) == encode(self.pack["head"]),
            f"chain.txt: it ends with event {position - 1}, not where pack.json says.",
        )

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
            if event["action"] in COLUMNS_TOLD:
                self.columns.setdefault(event["subject_id"], {}).update(event["after"])
            if event["subject_type"] == "components.regulation":
                self.note_code(event)
            # What else is told of model versions, such as their columns, gives the same names to other values.
            if event["subject_type"] == "components.regulation" or event["action"] == "version_registered":
                self.told.setdefault((event["subject_type"], event["subject_id"]), {}).update(event["after"])
            last = position

    def note_code(self, event: dict[str, Any]) -> None:
        """Remember from which event on a regulation had which code."""
        codes = self.codes.setdefault(event["subject_id"], [])
        if "code" in event["before"] and not codes:
            codes.append((0, event["before"]["code"]))
        if "code" in event["after"]:
            codes.append((event["position"], event["after"]["code"]))

    def check_rows(self) -> None:
        for where, line in self.lines("rows.jsonl"):
            require(set(line) == ROW, f"{where}: it has other fields than it should.")
            ledger, key, row = line["ledger"], line["key"], line["row"]
            whole = type(key) is int and type(line["event"]) is int
            require(whole, f"{where}: key and event are not the numbers that the application writes.")
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
        for where, anchor in self.lines("anchors.jsonl"):
            position = anchor["position"]
            require(set(anchor) == ANCHOR, f"{where}: it has other fields than it should.")
            right = type(position) is int and position >= first
            require(right, f"{where}: the anchor saw nothing that is in the pack.")
            cut = position > head
            require(not cut, f"{where}: it saw event {position}, but the chain ends with {head}: its end was cut off.")
            self.check_anchor(where, anchor)
            self.check_when(where, position, anchor["at"])
        if not self.anchors:
            self.notes.append("Without --anchors, a pack made anew from end to end is not found.")
            return
        kept = [anchor for anchor in self.kept(self.anchors) if first <= anchor[1]["position"] <= head]
        for where, anchor in kept:
            self.check_anchor(where, anchor)
        if not kept:
            self.notes.append(f"No anchor of {self.anchors} saw the part of the chain that is in the pack.")

    def kept(self, path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
        """The anchors that were kept elsewhere; of a line that was being written, or copied, there is no end."""
        with path.open("rb") as file:
            for number, line in enumerate(file, 1):
                self.place = f"The anchors in {path}, line {number}"
                try:
                    anchor = json.loads(line)
                except ValueError:
                    require(not line.endswith(b"\n"), f"{self.place}: it is no anchor.")
                    self.notes.append(f"{self.place}: it breaks off, so it was not looked at.")
                    return
                right = isinstance(anchor, dict) and type(anchor.get("position")) is int
                require(right and isinstance(anchor.get("digest"), str), f"{self.place}: it is no anchor.")
                yield self.place, anchor

    def check_anchor(self, where: str, anchor: dict[str, Any]) -> None:
        position = anchor["position"]
        seen = self.one("SELECT digest FROM links WHERE position = ?", position)
        require(seen == (anchor["digest"],), f"{where}: event {position} is not the one that the anchor saw.")

    def check_when(self, where: str, position: int, at: str) -> None:
        """An anchor is taken after the event that it saw, and before the next."""
        query = "SELECT line FROM events WHERE position {} ? ORDER BY position {} LIMIT 1"
        before = self.one(query.format("<=", "DESC"), position)
        after = self.one(query.format(">", "ASC"), position)
        ends = json.loads(after[0])["at"] if after else self.pack["made_at"]
        earliest = datetime.fromisoformat(json.loads(before[0])["at"]) - CLOCKS_APART
        right = earliest <= datetime.fromisoformat(at) <= datetime.fromisoformat(ends) + CLOCKS_APART
        require(right, f"{where}: the events around it are of another time.")

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
