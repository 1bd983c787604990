"""The fixed texts that every model version for a regulation is measured on, as they ship with the application.

A file, once released, is never changed: another set is another file. No Django: training reads them too, so that it
leaves their texts out.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

Entry = tuple[str, int, str]
"""A text, its label (0 compliant, 1 non-compliant) and its kind."""

FOLDER = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True)
class LookedThrough:
    """All training texts of the data of this digest were drawn again, and none of the set's stood among them."""

    data_digest: str
    texts: int


@dataclass(frozen=True, slots=True)
class FixedSet:
    """A set as it ships. `left_out` are texts that were to stand in it, but did in the data that was looked through.

    `effective_on` is the day from which the regulation applies.
    """

    regulation: str
    version: int
    effective_on: date
    digest: str
    origin: str
    samples: tuple[Entry, ...]
    looked_through: tuple[LookedThrough, ...]
    left_out: tuple[str, ...]


@cache
def built_in() -> tuple[FixedSet, ...]:
    """The sets that ship, by regulation and version."""
    sets = (read_set(path) for path in FOLDER.glob("*.json"))
    return tuple(sorted(sets, key=lambda one: (one.regulation, one.version)))


def digest_of(samples: Iterable[Entry]) -> str:
    """`sha256:…` of the samples as compact JSON in UTF-8, in their order."""
    content = json.dumps([list(sample) for sample in samples], ensure_ascii=False, separators=(",", ":"))
    return f"sha256:{hashlib.sha256(content.encode()).hexdigest()}"


def squeeze(text: str) -> str:
    """`text` with case folded and white space reduced to single spaces: what makes two texts the same."""
    return " ".join(text.casefold().split())


def read_set(path: Path) -> FixedSet:
    """The set in the file. Raises ValueError where its samples have another digest than it says."""
    fields = json.loads(path.read_text(encoding="utf-8"))
    samples = tuple((str(text), int(label), str(kind)) for text, label, kind in fields["samples"])
    if digest_of(samples) != fields["digest"]:
        raise ValueError(f"{path.name} is not as it was released: install the application again.")
    return FixedSet(
        regulation=fields["regulation"],
        version=fields["version"],
        effective_on=date.fromisoformat(fields["effective_on"]),
        digest=fields["digest"],
        origin=fields["origin"],
        samples=samples,
        looked_through=tuple(LookedThrough(**entry) for entry in fields["looked_through"]),
        left_out=tuple(fields["left_out"]),
    )
