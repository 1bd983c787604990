"""The clause wordings, compiled, with those that are held out from training set apart."""

from dataclasses import dataclass
from typing import Final

from mlops.training.dataset.clauses import condition, idiom, material, year
from mlops.training.dataset.facts import Dimension
from mlops.training.dataset.holdout import WORDING_SHARE, choose_held
from mlops.training.dataset.patterns import Pattern, compile_pattern

Key = tuple[Dimension, str, str, bool]


@dataclass(frozen=True, slots=True)
class Wording:
    """One way to say a fact. `held`: kept for the held-out phrasings."""

    source: str
    pattern: Pattern
    held: bool


def _compile(sources: tuple[str, ...], *, compliant: bool) -> tuple[Wording, ...]:
    held = choose_held(sorted(set(sources)), WORDING_SHARE) if len(set(sources)) > 5 else frozenset()
    refused = "-" if compliant else "+"
    return tuple(
        Wording(source, compile_pattern(source.lstrip("+-")), source in held)
        for source in sources
        if not source.startswith(refused)
    )


def _build() -> dict[Key, tuple[Wording, ...]]:
    tables: dict[Dimension, tuple[year.Table, year.Table]] = {
        "year": (year.WORDINGS, idiom.YEAR),
        "condition": (condition.WORDINGS, idiom.CONDITION),
        "material": (material.WORDINGS, idiom.MATERIAL),
    }
    return {
        (dimension, mode, form, compliant): _compile((*sources, *more.get(mode, {}).get(form, ())), compliant=compliant)
        for dimension, (modes, more) in tables.items()
        for mode, forms in modes.items()
        for form, sources in forms.items()
        for compliant in (False, True)
    }


CLAUSES: Final = _build()
KNOWN: Final = {key: tuple(wording for wording in table if not wording.held) for key, table in CLAUSES.items()}
HELD: Final = {key: tuple(wording for wording in table if wording.held) for key, table in CLAUSES.items()}
