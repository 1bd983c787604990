"""All figures of a version on a set: each with its interval, and as plain values that can be read back."""

import json

import pytest

from mlops.metrics.measured import Measured, measure

TRUTH = [1, 0] * 200
KINDS = ["plain", "plain", "notes", "notes"] * 100
TIMES = [1.0] * 400


def measured(labels: list[int], *, times: list[float] = TIMES) -> Measured:
    scores = [0.9 if label else 0.1 for label in labels]
    return measure(TRUTH, KINDS, labels=labels, scores=scores, latency_ms=times, size=5_000)


def test_who_calls_everything_compliant_is_right_half_of_the_time_and_finds_nothing() -> None:
    found = measured([0] * 400)

    assert (found.accuracy.value, found.recall.value) == (0.5, 0.0)
    assert 0 < found.recall.high < 0.03


def test_accuracy_is_told_by_kind() -> None:
    found = measured([1, 0, 0, 0] * 100)

    assert {kind: share.value for kind, share in found.kinds.items()} == {"notes": 0.5, "plain": 1.0}


def test_every_figure_lies_in_its_interval() -> None:
    found = measured([1, 0, 1, 1] * 100)

    for one in (found.accuracy, found.recall, found.calibration_error, found.p50_ms, found.p99_ms):
        assert one.low <= one.value <= one.high


def test_it_is_the_same_after_json() -> None:
    found = measured([1, 0, 1, 1] * 100)

    assert Measured.from_json(json.loads(json.dumps(found.as_json()))) == found


def test_too_few_times_cannot_be_measured() -> None:
    with pytest.raises(ValueError, match="too few"):
        measured(TRUTH, times=TIMES[:100])


def test_texts_of_one_label_cannot_measure_recall() -> None:
    with pytest.raises(ValueError, match="both labels"):
        measure([1] * 400, KINDS, labels=TRUTH, scores=[0.5] * 400, latency_ms=TIMES, size=1)
