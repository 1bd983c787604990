"""The texts of a training run: drawn anew for each epoch from the generator, or read from a CSV file.

The texts of the evaluation sets that ship are left out, whatever the source: what is trained on measures nothing.
"""

import csv
import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import islice, repeat
from pathlib import Path
from random import Random
from typing import Protocol

from mlops.evaluation_sets import built_in, squeeze
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
    """Held-out texts by name of the split, the first epoch's training texts, and what they were made from.

    `digest` is that of all that was drawn or read, before `counts["left_out"]` texts of evaluation sets were left out
    of `train` and `validation`.
    """

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
        """The training texts of an epoch, counted from 0.

        None of them stands in validation, in a held-out split or in an evaluation set.
        """
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
        self._refused = {squeeze(example.text) for rows in held for example in rows} | _evaluated()

    def corpus(self) -> Corpus:
        train = _without_evaluated(_sample(example) for example in self._splits.train)
        validation = _without_evaluated(_sample(example) for example in self._splits.validation)
        held = {name: tuple(_sample(example) for example in rows) for name, rows in self._held.items()}
        left_out = len(self._splits.train) - len(train) + len(self._splits.validation) - len(validation)
        return Corpus(train, validation, held, self._splits.digest(), _counts(train, validation, held, left_out))

    def epoch(self, number: int) -> Sequence[Sample]:
        drawn = splits(seed=self._seed + number, train=self._data.train, validation=0, test=0).train
        return [_sample(example) for example in drawn if squeeze(example.text) not in self._refused]


class OneKind:
    """Generated texts of one kind only, in known phrasings; combinations of facts are held out."""

    def __init__(self, kind: str, data: Data, *, seed: int) -> None:
        if kind not in KINDS:
            raise ConfigError(f"data.kind must be one of {', '.join(KINDS)}, not {kind!r}.")
        self._kind, self._size, self._seed = kind, data.train, seed
        self._validation = self._draw(data.validation, f"{seed}/validation", held=False)
        self._held = self._draw(data.test, f"{seed}/combinations", held=True)

    def corpus(self) -> Corpus:
        drawn = self._drawn(0)
        train, validation = _without_evaluated(drawn), _without_evaluated(self._validation)
        left_out = len(drawn) - len(train) + len(self._validation) - len(validation)
        held = {"combinations": self._held}
        digest = digest_of([*drawn, *self._validation, *self._held])
        return Corpus(train, validation, held, digest, _counts(train, validation, held, left_out))

    def epoch(self, number: int) -> tuple[Sample, ...]:
        return _without_evaluated(self._drawn(number))

    def _drawn(self, number: int) -> tuple[Sample, ...]:
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
            place = int(hashlib.sha256(f"{seed}/{squeeze(sample.text)}".encode()).hexdigest(), 16) % 10
            parts[min(place, 2)].append(sample)
        self._held, self._validation, self._train = (
            tuple(parts[0]),
            _without_evaluated(parts[1]),
            _without_evaluated(parts[2]),
        )
        if not (self._held and self._validation and self._train):
            raise ConfigError(f"{path} has too few different texts to train on ({len(rows)} rows).")
        self._digest = f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}"
        self._left_out = len(rows) - len(self._held) - len(self._validation) - len(self._train)

    def corpus(self) -> Corpus:
        held = {"held_out": self._held}
        counts = _counts(self._train, self._validation, held, self._left_out)
        return Corpus(self._train, self._validation, held, self._digest, counts)

    def epoch(self, number: int) -> Sequence[Sample]:
        return Random(number).sample(self._train, len(self._train))


def read_csv(path: Path) -> tuple[Sample, ...]:
    """The rows of a CSV file with the columns text,label[,kind]. Raises ConfigError naming the first bad row."""
    return tuple(samples_in(path))


def samples_in(path: Path) -> Iterator[Sample]:
    """The same one by one, for files larger than memory; it is the iteration that raises."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            yield from _rows(csv.DictReader(file), path)
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


def _counts(
    train: Sequence[Sample], validation: Sequence[Sample], held: dict[str, tuple[Sample, ...]], left_out: int
) -> dict[str, int]:
    held_counts = {name: len(rows) for name, rows in held.items()}
    return {"train": len(train), "validation": len(validation)} | held_counts | {"left_out": left_out}


def _without_evaluated(samples: Iterable[Sample]) -> tuple[Sample, ...]:
    refused = _evaluated()
    return tuple(sample for sample in samples if squeeze(sample.text) not in refused)


@cache
def _evaluated() -> frozenset[str]:
    return frozenset(squeeze(text) for one in built_in() for text, _, _ in one.samples)
