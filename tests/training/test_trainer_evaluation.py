"""Figures come with the interval they are sure to."""

import numpy as np

from mlops.training.corpus import Sample
from mlops.training.evaluation import measure, mistakes
from mlops.training.floor import measure_floor

SAMPLES = (Sample("a", 1, "x"), Sample("b", 1, "y"), Sample("c", 0, "x"), Sample("d", 0, "y"))
SCORES = np.array([0.9, 0.2, 0.1, 0.5])


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
