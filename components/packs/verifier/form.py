"""The form of what is in a pack."""

from __future__ import annotations

import hashlib
import json

FORMAT = 2
COLUMNS = (
    *("decision", "decided_at", "component", "external_id", "text_number", "text", "outcome", "label", "regulation"),
    *("reason_code", "note", "officer", "role", "blind", "seconds", "undoes", "undone_by", "answer"),
    *("prediction", "model_version", "model_label", "model_score", "model_threshold"),
)
FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")  # wide forms too
FILES = (
    *("README.txt", "anchors.jsonl", "chain.txt", "components.jsonl", "decisions.csv", "decisions.jsonl"),
    *("events.jsonl", "pack.json", "regulations.jsonl", "rows.jsonl", "verify.py"),
    *("verifier/__init__.py", "verifier/__main__.py", "verifier/chain.py", "verifier/form.py", "verifier/told.py"),
)
PACK = {
    *("format", "scope", "begins", "ends", "made_at", "made_by", "decisions", "components", "events", "left_out"),
    *("first", "before", "head", "model_versions"),
}
ROW, ANCHOR = {"event", "key", "ledger", "row"}, {"at", "digest", "position"}
VERSION = ("id", "name", "card", "manifest", "digest")
REGULATION = {"regulation", "code", "title", "text", "effective_on"}
SCOPES = ({"component": int}, {"from": str, "to": str}, {"model_version": str})
_JSON = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


class Wrong(Exception):
    """Something is not as it was written."""


def encode(value: object) -> bytes:
    """Canonical JSON: keys sorted, no spaces, UTF-8."""
    return _JSON.encode(value).encode()


def digest_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def seal(ledger: str, key: int, name: str, value: str) -> str:
    """What an event tells in the place of a column that is long or secret."""
    return "sha256:" + digest_of(encode([ledger, str(key), name, value]))


def cell(value: object) -> str:
    """A value as decisions.csv holds it; a text that a spreadsheet would run begins with an apostrophe."""
    if isinstance(value, str):
        return "'" + value if value.startswith(FORMULAS) else value
    return "" if value is None else str(value).lower() if isinstance(value, bool) else repr(value)


def require(right: object, sentence: str) -> None:
    if not right:
        raise Wrong(sentence)
