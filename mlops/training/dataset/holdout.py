"""Which phrasings, wordings and facts training never sees.

Decided by a hash of their text: alike in every run and on every machine, whatever else is added.
"""

import zlib
from collections.abc import Iterable
from typing import Final

from mlops.training.dataset.facts import Facts

PHRASING_SHARE: Final = 0.12
WORDING_SHARE: Final = 0.08
COMBINATION_SHARE: Final = 0.12
YEAR_IN_PHRASING_SHARE: Final = 0.05


def _fraction(text: str) -> float:
    return zlib.crc32(text.encode()) / 2**32


def choose_held(names: Iterable[str], share: float) -> frozenset[str]:
    """A stable `share` of `names`, at least one of them where there are more than two."""
    ranked = sorted(names, key=lambda name: (_fraction(name), name))
    if len(ranked) < 3:
        return frozenset()
    return frozenset(ranked[: max(1, round(len(ranked) * share))])


def combination_is_held(facts: Facts) -> bool:
    """True if this very combination is kept from training; never if a fact is missing."""
    if facts.year is None or facts.condition is None or facts.material is None:
        return False
    return _fraction(f"{facts.condition}/{facts.material}/{facts.year}") < COMBINATION_SHARE


def year_in_phrasing_is_held(facts: Facts, phrasing: str) -> bool:
    """True if this year is kept from training in this phrasing (it stands there in others)."""
    return facts.year is not None and _fraction(f"{facts.year}@{phrasing}") < YEAR_IN_PHRASING_SHARE
