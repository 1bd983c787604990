"""Scores are probabilities: what is said with 0.8 is right four times of five."""

import numpy as np
import pytest

from mlops.metrics.calibration import expected_calibration_error
from mlops.runtime.manifest import Calibration
from mlops.training.calibration import fit_platt, scores


def _drawn(scale: float, offset: float, size: int = 20_000) -> tuple[list[float], list[int]]:
    rng = np.random.default_rng(1)
    logits = rng.normal(size=size) * 2
    labels = rng.random(size) < scores(logits.tolist(), Calibration(scale=scale, offset=offset))
    return logits.tolist(), labels.astype(int).tolist()


def test_platt_scaling_finds_the_scale_and_offset_that_made_the_labels() -> None:
    found = fit_platt(*_drawn(0.5, -0.7))

    assert found.scale == pytest.approx(0.5, abs=0.05)
    assert found.offset == pytest.approx(-0.7, abs=0.05)


def test_calibrating_an_overconfident_model_lowers_its_calibration_error() -> None:
    logits, labels = _drawn(0.3, 0.4)

    before = expected_calibration_error(scores(logits, Calibration(scale=1.0, offset=0.0)), labels)
    after = expected_calibration_error(scores(logits, fit_platt(logits, labels)), labels)

    assert after < 0.02 < before


def test_logits_that_tell_the_labels_apart_perfectly_give_a_finite_scale() -> None:
    found = fit_platt([-5.0, -4.0, 4.0, 5.0], [0, 0, 1, 1])

    assert np.isfinite([found.scale, found.offset]).all()
    assert found.scale > 0


def test_calibration_never_turns_the_direction_of_the_labels_around() -> None:
    found = fit_platt([-2.0, -1.0, 1.0, 2.0] * 20, [1, 1, 0, 0] * 20)

    assert found == Calibration(scale=1.0, offset=0.0)


def test_larger_logits_are_more_non_compliant() -> None:
    low, high = scores([-3.0, 3.0], Calibration(scale=1.0, offset=0.0))

    assert low < 0.5 < high


def test_extreme_logits_stay_probabilities() -> None:
    assert scores([-1e6, 1e6], Calibration(scale=1.0, offset=0.0)).tolist() == [0.0, 1.0]
