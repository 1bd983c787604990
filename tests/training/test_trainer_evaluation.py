"""Figures come with the interval they are sure to."""

import numpy as np
import pytest

from mlops.training.corpus import Sample
from mlops.training.evaluation import Share, measure, mistakes
from mlops.training.floor import measure_floor

SAMPLES = (Sample("a", 1, "x"), Sample("b", 1, "y"), Sample("c", 0, "x"), Sample("d", 0, "y"))
SCORES = np.array([0.9, 0.2, 0.1, 0.5])


def test_the_interval_is_wilsons() -> None:
    # The worked example of the method: 81 of 263.
    share = Share.of(81, 263)

    assert (share.low, share.high) == (pytest.approx(0.2553, abs=1e-4), pytest.approx(0.3662, abs=1e-4))


def test_a_perfect_share_is_not_certain() -> None:
    share = Share.of(10, 10)

    assert share.high == pytest.approx(1.0)
    assert share.low == pytest.approx(0.7225, abs=1e-4)


def test_nothing_measured_says_nothing() -> None:
    assert (Share.of(0, 0).low, Share.of(0, 0).high) == (0.0, 1.0)


def test_a_score_at_the_threshold_is_non_compliant() -> None:
    result = measure(SAMPLES, SCORES, threshold=0.5)

    assert (result.accuracy.right, result.accuracy.total) == (2, 4)


def test_recall_is_of_the_non_compliant_only() -> None:
    recall = measure(SAMPLES, SCORES, threshold=0.5).recall

    assert (recall.right, recall.total) == (1, 2)


def test_accuracy_is_told_by_kind() -> None:
    kinds = measure(SAMPLES, SCORES, threshold=0.5).kinds

    assert {kind: share.right for kind, share in kinds.items()} == {"x": 2, "y": 0}


def test_mistakes_are_listed_with_their_truth_and_score() -> None:
    found = mistakes(SAMPLES, SCORES, threshold=0.5)

    assert [(mistake.text, mistake.label, mistake.score) for mistake in found] == [("b", 1, 0.2), ("d", 0, 0.5)]


def test_the_floor_learns_single_words() -> None:
    train = [
        Sample(f"{word} part {number}", label) for number in range(50) for word, label in (("iron", 1), ("steel", 0))
    ]

    floor = measure_floor(train, {"held": (Sample("iron thing", 1), Sample("steel thing", 0))}, seed=1)

    assert floor["held"].share == 1.0
