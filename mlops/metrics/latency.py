"""How long answers take: quantiles of measured times, with intervals that assume nothing of their distribution."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np

LEAST_TIMES: Final = 400
"""Of fewer than 368 times none is above the 99th percentile with 97.5 % certainty: 0.99^368 is 0.025."""


@dataclass(frozen=True, slots=True)
class Quantile:
    """A quantile of measured times, in their unit, and its interval of at least 95 %."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Latency:
    """Median and 99th percentile of times that were measured one after the other."""

    p50: Quantile
    p99: Quantile

    @classmethod
    def of(cls, times: Sequence[float]) -> "Latency":
        """Raises ValueError where there are fewer than LEAST_TIMES."""
        if len(times) < LEAST_TIMES:
            raise ValueError(f"{len(times)} times are too few to tell their 99th percentile: {LEAST_TIMES} are needed.")
        ordered = sorted(times)
        return cls(p50=_quantile(ordered, 0.5), p99=_quantile(ordered, 0.99))


def _quantile(ordered: Sequence[float], share: float) -> Quantile:
    value, low, high = (ordered[rank - 1] for rank in _ranks(len(ordered), share))
    return Quantile(value, low, high)


@cache
def _ranks(size: int, share: float) -> tuple[int, int, int]:
    """The ranks of the quantile and of both ends of its interval among so many times, from 1 upwards.

    They follow from the binomial distribution alone: the number of times below the true quantile is binomial(n, share).
    W. Conover, "Practical nonparametric statistics" (1999), 3.2. Times that depend on their neighbours, on a busy
    machine say, make the interval too narrow.
    """
    below = _binomial_below(size, share)
    low = max(rank for rank in range(1, size + 1) if below[rank - 1] <= 0.025)
    high = min(rank for rank in range(1, size + 1) if 1 - below[rank - 1] <= 0.025)
    return min(size, math.floor(share * size) + 1), low, high


def _binomial_below(size: int, share: float) -> list[float]:
    """P(binomial(size, share) ≤ k) for k from 0 to size - 1."""
    k = np.arange(size)
    choose = np.array([math.lgamma(size + 1) - math.lgamma(i + 1) - math.lgamma(size - i + 1) for i in range(size)])
    logs = choose + k * math.log(share) + (size - k) * math.log1p(-share)
    return [float(below) for below in np.minimum(np.cumsum(np.exp(logs)), 1.0)]
