"""Whether what a pack tells is what its events and rows say."""

from __future__ import annotations

import csv
import io
import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from .chain import Chain
from .form import COLUMNS, REGULATION, VERSION, Wrong, cell, digest_of, encode, require, seal

TOLD_ALONE = (
    "Who made the pack, when, in which time zone, what was left out, and the time of an anchor to the day are proved by"
    " nothing in it: the installation's event audit_pack_exported has the SHA-256 of the zip."
)
ZONES = timedelta(hours=15)
"""No time zone is farther from UTC."""
QUARTER, SUMMER = timedelta(minutes=15), timedelta(hours=3)
"""Since 2012 zones are whole quarters of an hour from UTC, and those of one place no farther apart than `SUMMER`."""
QUARTERS_SINCE = "2012"
parse = datetime.fromisoformat


class Verification(Chain):
    """All checks of a pack, in order."""

    def __init__(self, pack: Path, anchors: Path | None) -> None:
        super().__init__(pack, anchors)
        self.versions: dict[int, str] = {}
        self.regulations: dict[int, str] = {}
        self.labelled: set[int] = set()
        self.judged: set[int] = set()

    def run(self) -> None:
        self.check_files(self.names())
        self.check_chain()
        self.check_events()
        self.check_rows()
        self.check_anchors()
        self.check_regulations()
        self.check_cards()
        self.check_decisions()
        self.check_table()
        self.check_components()
        self.check_nothing_besides()
        for name in ("decisions", "components", "events"):
            right = type(self.pack[name]) is int and self.pack[name] == self.counts.get(f"{name}.jsonl", 0)
            require(right, f"pack.json: it tells of {self.pack[name]} {name}, which are not here.")
        self.notes += [f"Nothing in this pack proves {what}: {times:,}." for what, times in self.missing.items()]
        self.notes.append(TOLD_ALONE)

    def check_regulations(self) -> None:
        for where, regulation in self.lines("regulations.jsonl"):
            require(set(regulation) == REGULATION, f"{where}: it has other fields than it should.")
            key = regulation.pop("regulation")
            require(type(key) is int, f"{where}: the number of the regulation is none.")
            require(key not in self.regulations, f"{where}: this regulation was told of before.")
            told = self.told.get(("components.regulation", str(key)), {})
            for name, value in regulation.items():
                require(told.get(name, value) == value, f"{where}: its {name} is not what the last event says.")
            if not told.keys() >= regulation.keys():
                self.notes.append(f"Regulation {regulation['code']}: no event tells of it, so nothing proves its text.")
            self.regulations[key] = regulation["code"]

    def check_cards(self) -> None:
        for version in self.pack["model_versions"]:
            require(set(version) == set(VERSION), "pack.json: a model version has other fields than it should.")
            key, name, card, manifest, digest = (version[name] for name in VERSION)
            require(type(key) is int and key not in self.versions, f"pack.json: version {key} was told of before.")
            told, columns = self.told.get(("mlops.modelversion", str(key))), self.columns.get(str(key), {})
            self.versions[key] = name
            require(not told or told["version"] == name, f"pack.json: version {key} has another name.")
            right = not told or told["digest"] == digest
            require(right, f"pack.json: the digest of version {key} is not the registered one.")
            file = f"model_cards/{name.replace(':', '-')}-{key}"
            right = card == f"{file}.md" and manifest in ("", f"{file}.json")
            require(right, f"pack.json: the files of version {key} have other names than they should.")
            content = (self.folder / card).read_bytes()
            if manifest:
                self.check_manifest(version, content)
            if "card" in columns:
                right = columns["card"] == seal("mlops.modelversion", key, "card", content.decode())
                require(right, f"{card}: the card was changed.")
            if not told:
                self.notes.append(f"Model version {key}: nothing in this pack proves its name and digest.")
            if not ((told and manifest) or "card" in columns):
                self.notes.append(f"{card}: nothing in this pack proves that it is the card of {name}.")

    def check_manifest(self, version: dict[str, Any], card: bytes) -> None:
        content = (self.folder / version["manifest"]).read_bytes()
        right = version["digest"] == "sha256:" + digest_of(content)
        require(right, f"{version['manifest']}: it is not the registered one.")
        right = json.loads(content)["files"]["card.md"]["sha256"] == digest_of(card)
        require(right, f"{version['card']}: the card was changed.")

    def check_nothing_besides(self) -> None:
        """No model version is told of that labelled nothing here, and no regulation that nothing was judged by."""
        for version in self.versions.keys() - self.labelled:
            raise Wrong(f"pack.json: model version {version} labelled nothing that is in the pack; it was put in.")
        for key in self.regulations.keys() - self.judged:
            raise Wrong(f"regulations.jsonl: nothing in the pack was judged by regulation {key}; it was put in.")

    def check_decisions(self) -> None:
        keys = self.database.execute("SELECT key FROM rows WHERE ledger = 'components.decision' ORDER BY owner, key")
        for where, line in self.lines("decisions.jsonl"):
            (key,) = keys.fetchone() or (0,)
            require(line["decision"] == key, f"{where}: decision {key or '–'} of the ledger should stand here.")
            self.compare(where, f"decision {key}", line, self.decision(key, line))
        left = keys.fetchone()
        require(not left, f"decisions.jsonl: decision {left and left[0]} of the ledger is missing.")

    def compare(self, where: str, what: str, line: dict[str, Any], right: dict[str, Any]) -> None:
        require(line.keys() == right.keys(), f"{where}: it has other fields than it should.")
        if encode(line) != encode(right):
            name = next(name for name in right if encode(line[name]) != encode(right[name]))
            raise Wrong(f"{where}: {name} of {what} is not as the ledgers have it.")

    def decision(self, key: int, line: dict[str, Any]) -> dict[str, Any]:
        """What ledgers and events say of a decision; what neither does is taken from the line, and counted."""
        row, event = self.row("components.decision", key), self.event_of("components.decision", key)
        owner, text, prediction = row["component_id"], self.text_of(row), self.prediction(self.asked(row))
        found = {name: row.get(name) for name in ("outcome", "note", "role", "blind", "seconds", "decided_at")}
        found.update(decision=key, component=owner, label=row["value"], undoes=row.get("undoes_id"))
        found.update(text_number=text["number"], text=text["text"], regulation=self.regulation_of(row))
        found["external_id"] = self.external_id(owner, line["external_id"])
        found["officer"] = self.person(event, row["officer_id"], line["officer"])
        found["reason_code"] = event["after"].get("reason_code", "")
        if "reason_code_id" in row and not found["reason_code"]:
            found["reason_code"] = self.unproved("the reason code of a decision", line["reason_code"])
        others = self.rows_of("components.decision", owner)
        found["undone_by"] = next((other["id"] for other in others if other.get("undoes_id") == key), None)
        found["answer"] = next((answer["text"] for answer in self.rows_of("components.answer", key)), None)
        found.update(prediction=prediction.get("id"), model_version=self.version_of(prediction))
        found.update({f"model_{name}": prediction.get(name) for name in ("label", "score", "threshold")})
        return found

    def asked(self, row: dict[str, Any]) -> int | None:
        """The prediction that a decision is about: the one it was the truth for, else the one of its text's label."""
        if "feedback_id" in row:
            truth = self.row("mlops.feedback", row["feedback_id"])
            right = truth["regulation_code"] in ("", *self.codes_by_then(row))
            require(right, f"regulations.jsonl: decision {row['id']} was by another regulation.")
            return int(truth["prediction_id"])
        labels = self.rows_of("components.label", row["component_id"])
        of_text = [label for label in labels if label["description_id"] == row["description_id"]]
        return next((label["prediction_id"] for label in of_text if "prediction_id" in label), None)

    def codes_by_then(self, row: dict[str, Any]) -> list[str]:
        """The codes that the regulation of a decision had had: who decided may have read it before it was corrected."""
        known = self.codes.get(str(row["regulation_id"]))
        if not known:
            return [self.regulations[row["regulation_id"]]]
        (event,) = self.one("SELECT event FROM rows WHERE ledger = 'components.decision' AND key = ?", row["id"])
        return [code for since, code in known if since < event]

    def check_table(self) -> None:
        with (self.folder / "decisions.csv").open("rb") as file:
            rows = csv.reader(io.TextIOWrapper(file, encoding="utf-8-sig", newline=""), strict=True)
            require(tuple(next(rows)) == COLUMNS, "decisions.csv: its head is not as it was written.")
            for where, line in self.lines("decisions.jsonl"):
                right = next(rows, None) == [cell(line[name]) for name in COLUMNS]
                require(right, f"decisions.csv: decision {line['decision']} is not as in {where}.")
            require(next(rows, None) is None, "decisions.csv: it has more decisions than decisions.jsonl.")

    def check_components(self) -> None:
        owners = self.database.execute(
            "SELECT DISTINCT owner FROM rows WHERE ledger = 'components.description' ORDER BY owner"
        )
        self.check_range()
        for where, line in self.lines("components.jsonl"):
            key = line["component"]
            require(owners.fetchone() == (key,), f"{where}: another component should stand here.")
            self.compare(where, f"component {key}", line, self.component(key, line))
            numbers = [text["number"] for text in line["texts"]]
            require(numbers == [*range(1, len(numbers) + 1)], f"{where}: a text of component {key} is missing.")
            require(self.in_scope(key), f"pack.json: component {key} is not what the pack says it is about.")
        require(not owners.fetchone(), "components.jsonl: a component of the ledger is missing.")

    def component(self, key: int, line: dict[str, Any]) -> dict[str, Any]:
        """What ledgers and events say of a component; what neither does is taken from the line, and counted."""
        written = self.rows_of("components.description", key)
        right = len(line["texts"]) == len(written)
        require(right, f"components.jsonl: the texts of component {key} are not as the ledgers have them.")
        labels = [self.label(row) for row in self.rows_of("components.label", key)]
        found = {"component": key, "external_id": self.external_id(key, line["external_id"])}
        return {**found, "texts": [*map(self.text, written, line["texts"])], "labels": labels}

    def text(self, row: dict[str, Any], line: dict[str, Any]) -> dict[str, Any]:
        event = self.event_of("components.description", row["id"])
        found = {name: row[name] for name in ("id", "number", "text", "written_at")}
        return {**found, "written_by": self.person(event, row["written_by_id"], line["written_by"])}

    def label(self, row: dict[str, Any]) -> dict[str, Any]:
        found = {name: row.get(name) for name in ("id", "value", "source", "created_at", "prediction_id")}
        if "decision_id" in row:
            found["decision_id"] = self.row("components.decision", row["decision_id"])["id"]
        prediction = self.prediction(row.get("prediction_id"))
        found.update(decision_id=row.get("decision_id"), text_number=self.text_of(row)["number"])
        found.update(regulation=self.regulation_of(row), model_version=self.version_of(prediction))
        return {**found, "score": prediction.get("score"), "threshold": prediction.get("threshold")}

    def check_range(self) -> None:
        """The instants of a range are those of its days, whatever the time zone of the installation."""
        scope, midnight = self.pack["scope"], "T00:00:00+00:00"
        if "from" not in scope:
            right = self.pack["begins"] is self.pack["ends"] is None
        else:
            begins = parse(self.pack["begins"]) - parse(scope["from"] + midnight)
            ends = parse(self.pack["ends"]) - parse(scope["to"] + midnight) - timedelta(days=1)
            right = abs(begins) <= ZONES and abs(ends) <= ZONES
            if scope["from"] >= QUARTERS_SINCE:
                right = right and not (begins % QUARTER or ends % QUARTER) and abs(begins - ends) <= SUMMER
        require(right, "pack.json: begins and ends are not those of its days.")

    def in_scope(self, key: int) -> bool:
        decisions, scope = self.rows_of("components.decision", key), self.pack["scope"]
        if "model_version" in scope:
            versions = [self.version_of(self.prediction(self.asked(row))) for row in decisions]
            return bool(scope["model_version"] in versions)
        if "from" in scope:
            return any(self.pack["begins"] <= row["decided_at"] < self.pack["ends"] for row in decisions)
        return bool(scope["component"] == key)

    def prediction(self, key: int | None) -> dict[str, Any]:
        return self.row("mlops.prediction", key) if key else {}

    def version_of(self, prediction: dict[str, Any]) -> str | None:
        if not prediction:
            return None
        self.labelled.add(prediction["model_version_id"])
        return self.versions[prediction["model_version_id"]]

    def regulation_of(self, row: dict[str, Any]) -> str:
        self.judged.add(row["regulation_id"])
        return self.regulations[row["regulation_id"]]

    def text_of(self, row: dict[str, Any]) -> dict[str, Any]:
        """The text that a decision or label is about."""
        text = self.row("components.description", row["description_id"])
        require(text["component_id"] == row["component_id"], f"rows.jsonl: text {text['id']} is of another component.")
        return text

    def external_id(self, component: int, told: str) -> str:
        first = self.rows_of("components.description", component)[0]
        after = self.event_of("components.description", first["id"])["after"]
        return str(after["external_id"]) if "external_id" in after else self.unproved("an external id", told)

    def person(self, event: dict[str, Any], key: int, told: str) -> str:
        """The name, at that time, of who wrote a row, by its event."""
        if event["actor"] is None:
            return self.unproved("the name of who wrote a text or decided", told)
        require(event["actor"] == key, f"events.jsonl: event {event['position']} is of another person than its row.")
        return str(event["actor_name"])

    def unproved(self, what: str, told: str) -> str:
        self.missing[what] += 1
        return told
