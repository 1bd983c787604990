"""Training rows and three kinds of rows that training never saw."""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import astuple, dataclass
from random import Random
from typing import Final

from mlops.evaluation_sets import squeeze
from mlops.training.dataset.examples import KIND_DRAW, Example, draw
from mlops.training.dataset.holdout import combination_is_held, year_in_phrasing_is_held

_CONTRAST_KINDS: Final = ("negation", "contrast")
_PHRASING_KINDS: Final = tuple(kind for kind in KIND_DRAW if kind not in (*_CONTRAST_KINDS, "lab"))
_NAMES: Final = ("train", "validation", "combinations", "phrasings", "contrast")


@dataclass(frozen=True, slots=True)
class Splits:
    """`train` and `validation` are drawn alike. Of the rest no text, and more than that, stands in them:

    `combinations`: facts never seen together, in known phrasings; `phrasings`: sentence plans never seen, half of their
    clauses in wordings never seen; `contrast`: the same, of negations and contrasts only.
    """

    train: tuple[Example, ...]
    validation: tuple[Example, ...]
    combinations: tuple[Example, ...]
    phrasings: tuple[Example, ...]
    contrast: tuple[Example, ...]

    def digest(self) -> str:
        """`sha256:…` over every row of every split, in order."""
        total = hashlib.sha256()
        for name in _NAMES:
            for example in getattr(self, name):
                total.update(json.dumps([name, *astuple(example)], ensure_ascii=True).encode())
        return f"sha256:{total.hexdigest()}"

    def leaks(self) -> int:
        """How many held-out rows also stand in training or validation, case and white space aside."""
        seen = {squeeze(example.text) for example in (*self.train, *self.validation)}
        held = (*self.combinations, *self.phrasings, *self.contrast)
        return sum(squeeze(example.text) in seen for example in held)


def splits(*, seed: int, train: int, validation: int, test: int) -> Splits:
    """`train` and `validation` rows, and `test` rows of each held-out split; the same arguments give the same rows."""
    learned = tuple(_take(train, _stream(seed, "train", KIND_DRAW, "known", _may_be_learned), None))
    seen = {squeeze(example.text) for example in learned}
    checked = tuple(_take(validation, _stream(seed, "validation", KIND_DRAW, "known", _may_be_learned), set(seen)))
    seen.update(squeeze(example.text) for example in checked)
    phrasings_seen = {example.phrasing for example in learned}
    combinations = _stream(
        seed,
        "combinations",
        KIND_DRAW,
        "known",
        lambda row: combination_is_held(row.facts) and row.phrasing in phrasings_seen,
    )
    return Splits(
        train=learned,
        validation=checked,
        combinations=tuple(_take(test, combinations, set(seen))),
        phrasings=tuple(_take(test, _stream(seed, "phrasings", _PHRASING_KINDS, "held", _any), set(seen))),
        contrast=tuple(_take(test, _stream(seed, "contrast", _CONTRAST_KINDS, "held", _any), set(seen))),
    )


def _any(_: Example) -> bool:
    return True


def _may_be_learned(row: Example) -> bool:
    return not combination_is_held(row.facts) and not year_in_phrasing_is_held(row.facts, row.phrasing)


def _stream(
    seed: int, name: str, kinds: tuple[str, ...], source: str, wanted: Callable[[Example], bool]
) -> Iterator[Example]:
    rng = Random(f"{seed}/{name}")
    while True:
        yield from (row for row in draw(rng, kinds=kinds, source=source) if wanted(row))


def _take(size: int, rows: Iterator[Example], refused: set[str] | None) -> Iterator[Example]:
    """`size` rows; with `refused`, each text once and none that stands there."""
    while size > 0:
        row = next(rows)
        if refused is not None:
            text = squeeze(row.text)
            if text in refused:
                continue
            refused.add(text)
        size -= 1
        yield row
