"""How far scores may be believed as probabilities."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

BINS: Final = 15
ROUNDS: Final = 1_000
SEED: Final = 2019
_AT_ONCE: Final = 100
"""Rounds that are drawn together: 100 of 3,000 texts take 5 MB."""


@dataclass(frozen=True, slots=True)
class CalibrationError:
    """The expected calibration error of some scores, from 0 to 1, and its 95 % bootstrap interval."""

    error: float
    low: float
    high: float

    @classmethod
    def of(cls, scores: Floats, labels: Sequence[int]) -> "CalibrationError":
        """Of the same scores and labels always the same; ValueError where there are none.

        The interval is the pivotal one (A. Davison, D. Hinkley, "Bootstrap methods", 1997, 5.2.1): chance alone makes
        this error larger than it is, in each resample once more, and the pivotal interval takes that off again where
        the percentile interval would count it twice. The error itself always lies in it.
        """
        if not len(scores):
            raise ValueError("No score, no calibration error.")
        pulls = _pulls(scores, labels)
        error = _error(pulls.sum(axis=0, keepdims=True), len(scores))[0]
        upper, lower = np.quantile(_resampled(pulls), (0.975, 0.025))
        return cls(float(error), float(min(error, max(0.0, 2 * error - upper))), float(max(error, 2 * error - lower)))


def expected_calibration_error(scores: Floats, labels: Sequence[int]) -> float:
    """The mean distance, over 15 bins of equal width weighted by their texts, of score from share of non-compliant.

    M. Naeini, G. Cooper, M. Hauskrecht, "Obtaining well calibrated probabilities using Bayesian binning" (2015).
    """
    if not len(scores):
        return 0.0
    return float(_error(_pulls(scores, labels).sum(axis=0, keepdims=True), len(scores))[0])


def _pulls(scores: Floats, labels: Sequence[int]) -> Floats:
    """A row a text, a column a bin: score less label in the text's bin, 0 elsewhere.

    Summed over the texts of a bin and divided by all texts, that is the bin's distance times its weight.
    """
    place = np.minimum((scores * BINS).astype(int), BINS - 1)
    pulls = np.zeros((len(scores), BINS))
    pulls[np.arange(len(scores)), place] = scores - np.asarray(labels, dtype=np.float64)
    return pulls


def _error(sums: Floats, size: int) -> Floats:
    return np.asarray(np.abs(sums).sum(axis=1) / size)


def _resampled(pulls: Floats) -> Floats:
    """The error of each of ROUNDS resamples, drawn with replacement."""
    size, rng = len(pulls), np.random.default_rng(SEED)
    evenly = np.full(size, 1 / size)
    return np.concatenate([
        _error(rng.multinomial(size, evenly, size=_AT_ONCE) @ pulls, size) for _ in range(ROUNDS // _AT_ONCE)
    ])  # fmt: skip
