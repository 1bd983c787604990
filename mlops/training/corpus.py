"""The texts of a training run: drawn anew for each epoch from the generator, or read from a CSV file."""

import csv
import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice, repeat
from pathlib import Path
from random import Random
from typing import Protocol

from mlops.training.config import Data
from mlops.training.dataset import Example, splits
from mlops.training.dataset.examples import KINDS, draw
from mlops.training.dataset.holdout import combination_is_held
from mlops.training.errors import ConfigError

FIELD_LIMIT = 1_000_000


@dataclass(frozen=True, slots=True)
class Sample:
    """A text, its label (0 compliant, 1 non-compliant) and what it states, by name of the fact; "" states nothing."""

    text: str
    label: int
    kind: str = "text"
    facts: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Corpus:
    """Held-out texts by name of the split, the first epoch's training texts, and what they were made from."""

    train: tuple[Sample, ...]
    validation: tuple[Sample, ...]
    held_out: dict[str, tuple[Sample, ...]]
    digest: str
    counts: dict[str, int]


class Source(Protocol):
    """Where training texts come from."""

    def corpus(self) -> Corpus:
        """Everything but the later epochs."""
        ...

    def epoch(self, number: int) -> Sequence[Sample]:
        """The training texts of an epoch, counted from 0; none of them stands in validation or a held-out split."""
        ...


def source_of(data: Data, *, seed: int) -> Source:
    """The source that a configuration asks for."""
    if data.csv:
        return Written(Path(data.csv), seed=seed)
    return OneKind(data.kind, data, seed=seed) if data.kind else Generated(data, seed=seed)


class Generated:
    """Generated texts: every epoch sees new ones, and all of them are checked against what is held out."""

    def __init__(self, data: Data, *, seed: int) -> None:
        self._data = data
        self._seed = seed
        self._splits = splits(seed=seed, train=data.train, validation=data.validation, test=data.test)
        if leaks := self._splits.leaks():
            raise ConfigError(f"{leaks} held-out texts also stand in the training texts: they can measure nothing.")
        self._held = {
            "combinations": self._splits.combinations,
            "phrasings": self._splits.phrasings,
            "contrast": self._splits.contrast,
        }
        held = (self._splits.validation, *self._held.values())
        self._refused = {_squeeze(example.text) for rows in held for example in rows}

    def corpus(self) -> Corpus:
        train = tuple(_sample(example) for example in self._splits.train)
        validation = tuple(_sample(example) for example in self._splits.validation)
        held = {name: tuple(_sample(example) for example in rows) for name, rows in self._held.items()}
        counts = {"train": len(train), "validation": len(validation)} | {name: len(rows) for name, rows in held.items()}
        return Corpus(train, validation, held, self._splits.digest(), counts)

    def epoch(self, number: int) -> Sequence[Sample]:
        drawn = splits(seed=self._seed + number, train=self._data.train, validation=0, test=0).train
        return [_sample(example) for example in drawn if _squeeze(example.text) not in self._refused]


class OneKind:
    """Generated texts of one kind only, in known phrasings; combinations of facts are held out."""

    def __init__(self, kind: str, data: Data, *, seed: int) -> None:
        if kind not in KINDS:
            raise ConfigError(f"data.kind must be one of {', '.join(KINDS)}, not {kind!r}.")
        self._kind, self._size, self._seed = kind, data.train, seed
        self._validation = self._draw(data.validation, f"{seed}/validation", held=False)
        self._held = self._draw(data.test, f"{seed}/combinations", held=True)

    def corpus(self) -> Corpus:
        train = self.epoch(0)
        counts = {"train": len(train), "validation": len(self._validation), "combinations": len(self._held)}
        held = {"combinations": self._held}
        return Corpus(train, self._validation, held, digest_of([*train, *self._validation, *self._held]), counts)

    def epoch(self, number: int) -> tuple[Sample, ...]:
        return self._draw(self._size, f"{self._seed}/{number}", held=False)

    def _draw(self, size: int, seed: str, *, held: bool) -> tuple[Sample, ...]:
        rng = Random(seed)
        rows = (row for _ in repeat(None) for row in draw(rng, kinds=(self._kind,), source="known"))
        return tuple(_sample(row) for row in islice((r for r in rows if combination_is_held(r.facts) == held), size))


class Written:
    """A CSV file of texts and labels: a tenth is validation, a tenth is held out, equal texts stay together."""

    def __init__(self, path: Path, *, seed: int) -> None:
        rows = read_csv(path)
        parts: dict[int, list[Sample]] = {0: [], 1: [], 2: []}
        for sample in rows:
            place = int(hashlib.sha256(f"{seed}/{_squeeze(sample.text)}".encode()).hexdigest(), 16) % 10
            parts[min(place, 2)].append(sample)
        if not all(parts.values()):
            raise ConfigError(f"{path} has too few different texts to train on ({len(rows)} rows).")
        self._digest = f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}"
        self._held, self._validation, self._train = (tuple(parts[index]) for index in range(3))

    def corpus(self) -> Corpus:
        counts = {"train": len(self._train), "validation": len(self._validation), "held_out": len(self._held)}
        return Corpus(self._train, self._validation, {"held_out": self._held}, self._digest, counts)

    def epoch(self, number: int) -> Sequence[Sample]:
        return Random(number).sample(self._train, len(self._train))


def read_csv(path: Path) -> tuple[Sample, ...]:
    """The rows of a CSV file with the columns text,label[,kind]. Raises ConfigError naming the first bad row."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return tuple(_rows(csv.DictReader(file), path))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ConfigError(f"The file {path} cannot be read as CSV: {error}.") from error


def _rows(reader: "csv.DictReader[str]", path: Path) -> Iterator[Sample]:
    csv.field_size_limit(FIELD_LIMIT)
    if not {"text", "label"} <= set(reader.fieldnames or ()):
        raise ConfigError(f"{path} must have the columns text and label; it has {reader.fieldnames}.")
    for number, row in enumerate(reader, start=1):
        text, label = row["text"], row["label"]
        if not text or not text.strip() or label not in ("0", "1"):
            raise ConfigError(f"Row {number} of {path} must have a text and the label 0 or 1; it has {row}.")
        yield Sample(text, int(label), row.get("kind") or "text")


def digest_of(samples: Sequence[Sample]) -> str:
    """`sha256:…` over texts and labels, in order."""
    lines = (json.dumps([sample.text, sample.label]) + "\n" for sample in samples)
    total = hashlib.sha256()
    for line in lines:
        total.update(line.encode())
    return f"sha256:{total.hexdigest()}"


def _sample(example: Example) -> Sample:
    year = example.year
    facts = {
        "decade": "" if year is None else str(year // 10),
        "year": "" if year is None else str(year % 10),
        "condition": example.condition or "",
        "material": example.material or "",
    }
    return Sample(example.text, example.label, example.kind, facts)


def _squeeze(text: str) -> str:
    """What makes two texts the same: case folded, white space reduced to single spaces."""
    return " ".join(text.casefold().split())
