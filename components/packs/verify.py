"""Verify an audit pack: python3 verify.py [folder or zip] [--anchors FILE]

Needs nothing but Python 3.9 or newer. Says what was checked, or names the first thing that is wrong with exit status 1.
README.txt says what that proves, and what it does not.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import json
import sqlite3
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

COLUMNS = (
    *("decision", "decided_at", "component", "external_id", "text_number", "text", "outcome", "label", "regulation"),
    *("reason_code", "note", "officer", "role", "blind", "seconds", "undoes", "undone_by", "answer"),
    *("prediction", "model_version", "model_label", "model_score", "model_threshold"),
)
FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")  # wide forms too
TOLD = (
    ("components.description", "texts", ("id", "number", "text", "written_at")),
    ("components.label", "labels", ("id", "value", "source", "created_at", "prediction_id", "score", "threshold")),
)
TABLES = """
    CREATE TABLE links (position INTEGER PRIMARY KEY, payload TEXT, digest TEXT);
    CREATE TABLE events (position INTEGER PRIMARY KEY, line TEXT, whole INTEGER);
    CREATE TABLE named (ledger TEXT, key INTEGER, digest TEXT, event INTEGER, PRIMARY KEY (ledger, key));
    CREATE TABLE rows (ledger TEXT, key INT, owner INT, event INTEGER, line TEXT, PRIMARY KEY (ledger, key));
    CREATE INDEX rows_of_owner ON rows (ledger, owner, key);
"""
UNREADABLE = (LookupError, ValueError, TypeError, AttributeError, OSError, csv.Error, zipfile.BadZipFile, sqlite3.Error)


class Wrong(Exception):
    """Something is not as it was written."""


def encode(value: object) -> bytes:
    """Canonical JSON: keys sorted, no spaces, UTF-8."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def digest_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def cell(value: object) -> str:
    """A value as decisions.csv holds it; a text that a spreadsheet would run begins with an apostrophe."""
    if isinstance(value, str):
        return "'" + value if value.startswith(FORMULAS) else value
    return "" if value is None else encode(value).decode()


def require(right: object, sentence: str) -> None:
    if not right:
        raise Wrong(sentence)


class Verification:
    """The checks, each relying on those before; Wrong or UNREADABLE is raised. Memory does not grow with the pack."""

    def __init__(self, pack: Path, anchors: Path | None) -> None:
        self.folder: Path | zipfile.Path = pack
        self.anchors = anchors
        self.database = sqlite3.connect("")  # a temporary file
        self.database.executescript(TABLES)
        self.pack: dict[str, Any] = {}
        self.versions: dict[int, dict[str, str]] = {}
        self.told: dict[int, dict[str, Any]] = {}
        self.regulations: dict[int, str] = {}
        self.counts: dict[str, int] = {}
        self.notes: list[str] = []
        self.place = "The pack"

    def run(self) -> None:
        if not self.folder.is_dir():
            archive = zipfile.ZipFile(str(self.folder))
            require(len(set(archive.namelist())) == len(archive.namelist()), "The zip holds two files of one name.")
            self.folder = zipfile.Path(archive)
        self.check_files()
        self.pack = json.loads((self.folder / "pack.json").read_bytes())
        self.check_chain()
        self.check_events()
        self.check_rows()
        self.check_anchors()
        self.check_regulations()
        self.check_cards()
        self.check_decisions()
        self.check_table()
        self.check_components()
        for name in ("decisions", "components", "events"):
            right = self.pack[name] == self.counts.get(f"{name}.jsonl", 0)
            require(right, f"pack.json: it tells of {self.pack[name]} {name}, which are not here.")

    def lines(self, name: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """Each line's place in words, and its object; a line in any other form than the canonical one is refused."""
        with (self.folder / name).open("rb") as file:
            for number, line in enumerate(file, 1):
                self.counts[name], self.place = number, f"{name}, line {number}"
                value = json.loads(line)
                right = isinstance(value, dict) and encode(value) + b"\n" == line
                require(right, f"{self.place}: it is not as the application writes lines; it was edited.")
                yield self.place, value

    def check_files(self) -> None:
        lines = (self.folder / "DIGESTS").read_bytes().decode().splitlines()
        require(all(line[64:66] == "  " for line in lines), "DIGESTS: it is not as the application writes it.")
        listed = {line[66:]: line[:64] for line in lines}
        present = {child.name for child in self.folder.iterdir() if child.is_file() and not child.name.startswith(".")}
        present |= {f"model_cards/{child.name}" for child in (self.folder / "model_cards").iterdir()}
        for name in sorted((set(listed) | present) - {"DIGESTS"}):
            require(name in present, f"{name}: the file is missing.")
            require(name in listed, f"{name}: the file is not in DIGESTS; it was put in.")
            found = hashlib.sha256()
            with (self.folder / name).open("rb") as file:
                while part := file.read(1 << 20):
                    found.update(part)
            require(found.hexdigest() == listed[name], f"{name}: the file is not the one that DIGESTS names.")

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
            if event["action"] == "version_registered":
                self.versions[int(event["subject_id"])] = event["after"]
            if event["subject_type"] == "components.regulation":
                self.told.setdefault(int(event["subject_id"]), {}).update(event["after"])
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

    def check_regulations(self) -> None:
        for where, regulation in self.lines("regulations.jsonl"):
            told = self.told.get(regulation["regulation"])
            if told is None:
                self.notes.append(f"Regulation {regulation['code']}: no event tells of it, so nothing proves its text.")
            for name, value in (told or {}).items():
                require(regulation.get(name, value) == value, f"{where}: its {name} is not what the last event says.")
            self.regulations[regulation["regulation"]] = regulation["code"]

    def check_cards(self) -> None:
        for version in self.pack["model_versions"]:
            told, card, manifest = self.versions.get(version["id"]), version["card"], version["manifest"]
            if not (told and manifest):
                self.notes.append(f"{card}: nothing in this pack proves that it is the card of {version['name']}.")
                continue
            content = (self.folder / manifest).read_bytes()
            require(told["version"] == version["name"], f"pack.json: version {version['id']} has another name.")
            require(told["digest"] == "sha256:" + digest_of(content), f"{manifest}: it is not the registered one.")
            right = json.loads(content)["files"]["card.md"]["sha256"] == digest_of((self.folder / card).read_bytes())
            require(right, f"{card}: the card was changed.")

    def check_decisions(self) -> None:
        keys = self.database.execute("SELECT key FROM rows WHERE ledger = 'components.decision' ORDER BY owner, key")
        for where, line in self.lines("decisions.jsonl"):
            (key,) = keys.fetchone() or (0,)
            require(line["decision"] == key, f"{where}: decision {key or '–'} of the ledger should stand here.")
            require(sorted(line) == sorted(COLUMNS), f"{where}: it has other fields than it should.")
            for name, value in self.decision(key).items():
                require(line[name] == value, f"{where}: {name} of decision {key} is not the ledger's.")
        left = keys.fetchone()
        require(not left, f"decisions.jsonl: decision {left and left[0]} of the ledger is missing.")

    def decision(self, key: int) -> dict[str, Any]:
        """What ledgers and events say of a decision, by the names of decisions.jsonl."""
        row, event = self.row("components.decision", key), self.event_of("components.decision", key)
        text = self.row("components.description", row["description_id"])
        require(event["actor"] == row["officer_id"], f"events.jsonl: decision {key} is of another officer.")
        found = {name: row[name] for name in ("outcome", "note", "role", "blind", "seconds", "decided_at")}
        found.update(component=row["component_id"], label=row["value"], undoes=row.get("undoes_id"))
        found.update(officer=event["actor_name"], text_number=text["number"], text=text["text"])
        found["regulation"] = self.regulations[row["regulation_id"]]
        found["answer"] = next((answer["text"] for answer in self.rows_of("components.answer", key)), None)
        others = self.rows_of("components.decision", row["component_id"])
        found["undone_by"] = next((other["id"] for other in others if other.get("undoes_id") == key), None)
        found.update({name: value for name, value in event["after"].items() if name == "reason_code"})
        if "feedback_id" in row:
            found["prediction"] = self.row("mlops.feedback", row["feedback_id"])["prediction_id"]
            prediction = self.prediction(found["prediction"])
            found.update({f"model_{name}": prediction[name] for name in ("label", "score", "threshold")})
        return found

    def check_table(self) -> None:
        with (self.folder / "decisions.csv").open("rb") as file:
            rows = csv.reader(io.TextIOWrapper(file, encoding="utf-8-sig", newline=""), strict=True)
            require(tuple(next(rows)) == COLUMNS, "decisions.csv: its head is not as it was written.")
            for where, line in self.lines("decisions.jsonl"):
                right = next(rows, None) == [cell(line[name]) for name in COLUMNS]
                require(right, f"decisions.csv: decision {line['decision']} is not as in {where}.")
            require(next(rows, None) is None, "decisions.csv: it has more decisions than decisions.jsonl.")

    def check_components(self) -> None:
        keys = "SELECT DISTINCT owner FROM rows WHERE ledger = 'components.description' ORDER BY owner"
        owners = self.database.execute(keys)
        for where, line in self.lines("components.jsonl"):
            key = line["component"]
            require(owners.fetchone() == (key,), f"{where}: another component should stand here.")
            for ledger, name, fields in TOLD:
                told = [{field: item.get(field) for field in fields} for item in line[name]]
                rows = [self.prediction(row.get("prediction_id")) | row for row in self.rows_of(ledger, key)]
                right = told == [{field: row.get(field) for field in fields} for row in rows]
                require(right, f"{where}: the {name} of component {key} are not the ledger's.")
            after = self.event_of("components.description", line["texts"][0]["id"])["after"]
            right = after.get("external_id", line["external_id"]) == line["external_id"]
            require(right, f"{where}: component {key} had another external id.")
        require(not owners.fetchone(), "components.jsonl: a component of the ledger is missing.")

    def one(self, query: str, *values: Any) -> Any:
        return self.database.execute(query, values).fetchone()

    def row(self, ledger: str, key: int) -> dict[str, Any]:
        found = self.one("SELECT line FROM rows WHERE ledger = ? AND key = ?", ledger, key)
        require(found, f"rows.jsonl: row {key} of {ledger} is missing.")
        return dict(json.loads(found[0]))

    def prediction(self, key: int | None) -> dict[str, Any]:
        return self.row("mlops.prediction", key) if key else {}

    def rows_of(self, ledger: str, owner: int) -> list[dict[str, Any]]:
        query = "SELECT line FROM rows WHERE ledger = ? AND owner = ? ORDER BY key"
        return [json.loads(line) for (line,) in self.database.execute(query, (ledger, owner))]

    def event_of(self, ledger: str, key: int) -> dict[str, Any]:
        query = "SELECT events.line FROM events JOIN rows ON event = position WHERE ledger = ? AND key = ?"
        return dict(json.loads(self.one(query, ledger, key)[0]))


def main() -> int:
    parser = argparse.ArgumentParser(description="Verify an audit pack.")
    parser.add_argument("pack", nargs="?", type=Path, default=Path(__file__).resolve().parent, help="folder or zip")
    parser.add_argument("--anchors", type=Path, help="a file of anchors that was kept elsewhere")
    verification = Verification(**vars(parser.parse_args()))
    try:
        verification.run()
    except (Wrong, *UNREADABLE) as error:
        unread = f"{verification.place}: it cannot be read ({type(error).__name__}: {error})."
        sys.stdout.write(f"WRONG. {error if isinstance(error, Wrong) else unread}\n")
        return 1
    sys.stdout.writelines(f"Note. {note}\n" for note in verification.notes)
    sys.stdout.writelines(f"{count:9,} lines of {name}\n" for name, count in sorted(verification.counts.items()))
    head = verification.pack["head"]
    sys.stdout.write(f"All is as it was written, up to event {head['position']} of digest {head['digest']}.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
