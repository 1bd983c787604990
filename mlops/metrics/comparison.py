"""Two models on the same texts: which is right more often, and how sure one may be of it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from mlops.metrics.shares import Z95

_HALVINGS: Final = 60


@dataclass(frozen=True, slots=True)
class Difference:
    """The share that one model has right, less that of another on the same texts, and its 95 % interval.

    Of `total` texts `gained` are right by the first model alone, `lost` by the second alone. Only these tell the models
    apart. Two models that agree differ by 0, and the interval is as wide as it must be for so many texts.
    """

    gained: int
    lost: int
    total: int
    difference: float
    low: float
    high: float

    @classmethod
    def of(cls, gained: int, lost: int, total: int) -> "Difference":
        """Tango's score interval for a difference of paired shares; of no texts at all it may be anything.

        T. Tango, "Equivalence test and confidence interval for the difference in proportions for the paired-sample
        design", Statistics in Medicine 17 (1998). It keeps its 95 % closely from about ten texts on, also where nearly
        all are right and few are different, where the interval of Wald does not.
        """
        if gained < 0 or lost < 0 or gained + lost > total:
            raise ValueError(f"{gained} gained and {lost} lost of {total} texts cannot be.")
        if total == 0:
            return cls(0, 0, 0, 0.0, -1.0, 1.0)
        difference = (gained - lost) / total
        return cls(gained, lost, total, difference, -_upper(lost, gained, total), _upper(gained, lost, total))


def compare(first: Sequence[bool], second: Sequence[bool]) -> Difference:
    """How much more often the first is right than the second; both stand in the order of the same texts."""
    pairs = list(zip(first, second, strict=True))
    gained = sum(one and not other for one, other in pairs)
    lost = sum(other and not one for one, other in pairs)
    return Difference.of(gained, lost, len(pairs))


def _upper(gained: int, lost: int, total: int) -> float:
    """The largest true difference that is still likely, by halving: the score falls as the difference grows."""
    low, high = (gained - lost) / total, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if _score(gained, lost, total, middle) < -Z95:
            high = middle
        else:
            low = middle
    return high


def _score(gained: int, lost: int, total: int, true: float) -> float:
    """How many standard deviations what was found lies above the `true` difference, above which it lies nowhere."""
    spread = total * (2 * _likeliest_lost(gained, lost, total, true) + true * (1 - true))
    found = gained - lost - total * true
    if spread <= 0:
        return 0.0 if found == 0 else -math.inf
    return found / math.sqrt(spread)


def _likeliest_lost(gained: int, lost: int, total: int, true: float) -> float:
    """The likeliest share of texts lost, if the difference is `true`: the larger root of the likelihood's equation."""
    b = (2 * total - gained + lost) * true - gained - lost
    c = -lost * true * (1 - true)
    return (math.sqrt(b * b - 8 * total * c) - b) / (4 * total)
