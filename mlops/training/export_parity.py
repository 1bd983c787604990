"""Whether an exported graph says what the trained model says, text for text."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mlops.runtime.manifest import Calibration
from mlops.training.calibration import scores
from mlops.training.errors import ParityError

FP32_SCORE_TOLERANCE = 1e-4
INT8_AGREEMENT = 0.995
COMPANY_TOLERANCE = 1e-6
"""By how much a text's score may change with the texts that share its batch: a decision must replay."""


@dataclass(frozen=True, slots=True)
class Parity:
    """Over `texts` texts: how many got the same label, the share, and the largest and mean difference of the scores.

    `company` is the largest difference between a text's score alone and in a batch with others.
    """

    texts: int
    same_label: int
    agreement: float
    largest_difference: float
    mean_difference: float
    company: float


def compare(
    native: Sequence[float],
    exported: Sequence[float],
    *,
    alone: Sequence[float],
    calibration: Calibration,
    threshold: float,
) -> Parity:
    """How far two models' logits for the same texts lead to the same calibrated scores and labels.

    `exported` were computed in batches; `alone` are the exported model's logits of the first texts, one by one.
    """
    one, other = scores(native, calibration), scores(exported, calibration)
    same = int(((one >= threshold) == (other >= threshold)).sum())
    gap = np.abs(one - other)
    company = np.abs(scores(alone, calibration) - other[: len(alone)])
    return Parity(len(one), same, same / len(one), _largest(gap), float(gap.mean()), _largest(company))


def _largest(gap: npt.NDArray[np.float64]) -> float:
    # Not a number compares unlike anything: it must count as a difference.
    return float(gap.max(initial=0.0)) if bool(np.isfinite(gap).all()) else float("inf")


def require_fp32(parity: Parity) -> None:
    """Raises ParityError unless every label is the same and no score differs by more than 1e-4."""
    if parity.same_label != parity.texts or parity.largest_difference > FP32_SCORE_TOLERANCE:
        raise ParityError(
            f"The ONNX graph differs from the trained model: {parity.texts - parity.same_label} of {parity.texts} "
            f"labels, scores by up to {parity.largest_difference:.2g} where {FP32_SCORE_TOLERANCE:.0e} is allowed. "
            "Export with another opset or another encoder."
        )


def int8_may_ship(parity: Parity) -> bool:
    """Whether the eight-bit graph agrees on enough labels, and says of a text the same in any company."""
    return (
        parity.agreement >= INT8_AGREEMENT
        and bool(np.isfinite(parity.largest_difference))
        and parity.company <= COMPANY_TOLERANCE
    )
