"""What a model gets right, with how sure one may be of each figure."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from mlops.training.calibration import Floats, expected_calibration_error
from mlops.training.corpus import Sample

_Z95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Share:
    """`right` of `total`, its share, and the 95 % Wilson interval of that share (E. B. Wilson, 1927)."""

    right: int
    total: int
    share: float
    low: float
    high: float

    @classmethod
    def of(cls, right: int, total: int) -> "Share":
        if total == 0:
            return cls(0, 0, 0.0, 0.0, 1.0)
        share, z2 = right / total, _Z95**2
        centre = (share + z2 / (2 * total)) / (1 + z2 / total)
        reach = _Z95 * math.sqrt(share * (1 - share) / total + z2 / (4 * total**2)) / (1 + z2 / total)
        return cls(right, total, share, max(0.0, centre - reach), min(1.0, centre + reach))


@dataclass(frozen=True, slots=True)
class Result:
    """How a model did on one set of texts; `recall` is that of the non-compliant, `kinds` the accuracy by kind."""

    accuracy: Share
    recall: Share
    calibration_error: float
    kinds: dict[str, Share]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Mistake:
    """A text that the model labels wrong."""

    text: str
    label: int
    kind: str
    score: float


def measure(samples: Sequence[Sample], scores: Floats, *, threshold: float) -> Result:
    """The result on `samples`, whose scores stand in the same order."""
    truth = np.array([sample.label for sample in samples], dtype=int)
    right = (scores >= threshold) == (truth == 1)
    kinds = sorted({sample.kind for sample in samples})
    places = {kind: [index for index, sample in enumerate(samples) if sample.kind == kind] for kind in kinds}
    return Result(
        accuracy=Share.of(int(right.sum()), len(samples)),
        recall=Share.of(int(right[truth == 1].sum()), int((truth == 1).sum())),
        calibration_error=expected_calibration_error(scores, truth.tolist()),
        kinds={kind: Share.of(int(right[index].sum()), len(index)) for kind, index in places.items()},
    )


def mistakes(samples: Sequence[Sample], scores: Floats, *, threshold: float) -> list[Mistake]:
    """The texts labelled wrong, in their order."""
    return [
        Mistake(sample.text, sample.label, sample.kind, float(score))
        for sample, score in zip(samples, scores, strict=True)
        if bool(score >= threshold) != bool(sample.label)
    ]


def results_as_json(results: Mapping[str, Result]) -> dict[str, Any]:
    """Plain values by name of the set."""
    return {name: result.as_json() for name, result in results.items()}
