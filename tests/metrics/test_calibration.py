"""The calibration error tells scores that may be believed from those that may not, and how sure that is."""

import numpy as np
import pytest

from mlops.metrics.calibration import CalibrationError, Floats, expected_calibration_error

SCORES = np.array([0.03, 0.1, 0.17, 0.23, 0.83, 0.9, 0.97])
"""Each in a bin of its own."""


def drawn(rng: np.random.Generator, size: int, *, overconfidence: float) -> tuple[Floats, list[int]]:
    """Scores, and labels that are the other one in a share of texts beyond what the scores admit."""
    scores = rng.choice(SCORES, size=size)
    true = scores + overconfidence * (0.5 - scores)
    return scores, (rng.random(size) < true).astype(int).tolist()


def true_error(overconfidence: float) -> float:
    return float(np.abs(overconfidence * (0.5 - SCORES)).mean())


def test_a_model_that_is_sure_and_wrong_has_the_largest_error_there_is() -> None:
    assert expected_calibration_error(np.array([1.0, 0.0]), [0, 1]) == pytest.approx(1.0)


def test_scores_that_come_true_have_none() -> None:
    assert expected_calibration_error(np.array([0.5, 0.5, 1.0, 0.0]), [1, 0, 1, 0]) == pytest.approx(0.0)


def test_a_bin_counts_by_its_texts() -> None:
    scores, labels = np.array([1.0, 1.0, 1.0, 0.0]), [1, 1, 1, 1]

    assert expected_calibration_error(scores, labels) == pytest.approx(0.25)


def test_the_same_scores_have_the_same_interval_always() -> None:
    scores, labels = drawn(np.random.default_rng(3), 500, overconfidence=0.2)

    assert CalibrationError.of(scores, labels) == CalibrationError.of(scores, labels)


def test_the_interval_holds_the_true_error_about_as_often_as_it_says() -> None:
    rng = np.random.default_rng(11)
    found = [CalibrationError.of(*drawn(rng, 400, overconfidence=0.3)) for _ in range(60)]
    held = sum(error.low <= true_error(0.3) <= error.high for error in found)

    assert held >= 53  # 95 % of 60 are 57


def test_the_upper_end_of_scores_that_may_be_believed_is_small_in_many_texts() -> None:
    error = CalibrationError.of(*drawn(np.random.default_rng(5), 3_000, overconfidence=0.0))

    assert error.low <= error.error <= error.high < 0.03


def test_of_no_scores_there_is_no_interval() -> None:
    with pytest.raises(ValueError, match="No score"):
        CalibrationError.of(np.array([]), [])
