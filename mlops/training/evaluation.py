"""What a model gets right, with how sure one may be of each figure."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from mlops.metrics.calibration import Floats, expected_calibration_error
from mlops.metrics.shares import Share
from mlops.training.corpus import Sample


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
