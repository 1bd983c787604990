"""All that is measured of a model version on an evaluation set, each figure with its 95 % interval."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mlops.metrics.calibration import CalibrationError
from mlops.metrics.latency import Latency
from mlops.metrics.shares import Share


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure and the ends of its interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Measured:
    """`recall` is the share of non-compliant texts that were called so; `kinds` is the accuracy by kind of text.

    `p50_ms` and `p99_ms` are milliseconds a text, one text at a time, without what it waited for a processor; `bytes`
    is the size of the bundle's files.
    """

    accuracy: Estimate
    recall: Estimate
    calibration_error: Estimate
    p50_ms: Estimate
    p99_ms: Estimate
    bytes: int
    kinds: Mapping[str, Estimate]

    def as_json(self) -> dict[str, Any]:
        """Plain values: each estimate as {"value", "low", "high"}."""
        named = {name: _plain(getattr(self, name)) for name in _ESTIMATES}
        return named | {"bytes": self.bytes, "kinds": {kind: _plain(share) for kind, share in self.kinds.items()}}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "Measured":
        """What `as_json` wrote."""
        named = {name: Estimate(**values[name]) for name in _ESTIMATES}
        kinds = {kind: Estimate(**share) for kind, share in values["kinds"].items()}
        return cls(**named, bytes=values["bytes"], kinds=kinds)


_ESTIMATES = ("accuracy", "recall", "calibration_error", "p50_ms", "p99_ms")


def measure(
    truth: Sequence[int],
    kinds: Sequence[str],
    *,
    labels: Sequence[int],
    scores: Sequence[float],
    latency_ms: Sequence[float],
    size: int,
) -> Measured:
    """What `labels` and `scores`, in the order of `truth` and `kinds`, are worth; 1 is non-compliant.

    Raises ValueError where there are too few times, or texts of one label only.
    """
    if set(truth) != {0, 1}:
        raise ValueError("Texts of both labels are needed.")
    right = [said == true for said, true in zip(labels, truth, strict=True)]
    error, latency = CalibrationError.of(np.array(scores), truth), Latency.of(latency_ms)
    places: dict[str, list[bool]] = {}
    for kind, one in zip(kinds, right, strict=True):
        places.setdefault(kind, []).append(one)
    return Measured(
        accuracy=_share(right),
        recall=_share([one for one, true in zip(right, truth, strict=True) if true == 1]),
        calibration_error=Estimate(error.error, error.low, error.high),
        p50_ms=Estimate(latency.p50.value, latency.p50.low, latency.p50.high),
        p99_ms=Estimate(latency.p99.value, latency.p99.low, latency.p99.high),
        bytes=size,
        kinds={kind: _share(places[kind]) for kind in sorted(places)},
    )


def _share(right: Sequence[bool]) -> Estimate:
    share = Share.of(sum(right), len(right))
    return Estimate(share.share, share.low, share.high)


def _plain(estimate: Estimate) -> dict[str, float]:
    return {"value": estimate.value, "low": estimate.low, "high": estimate.high}
