"""The stated policy: floors by the unlucky end of each interval, then a step forward from the champion."""

from dataclasses import replace

import pytest
from pytest_django import Settings

from mlops.metrics.measured import Estimate, Measured
from mlops.services.policy import Answered, Judgement, Policy, boast, step_forward

POLICY = Policy(
    least_accuracy=0.9, least_recall=0.9, most_calibration_error=0.05, most_latency_ms=100, margin=0.005, cheaper=0.2
)
GOOD = Measured(
    accuracy=Estimate(0.95, 0.94, 0.96),
    recall=Estimate(0.94, 0.93, 0.95),
    calibration_error=Estimate(0.02, 0.01, 0.03),
    p50_ms=Estimate(1.0, 0.9, 1.1),
    p99_ms=Estimate(5.0, 4.0, 6.0),
    bytes=5_000_000,
    kinds={},
)
TEXTS = 6_000
TRUTH = [0, 1] * (TEXTS // 2)


def answered(*, wrong: int = 0, at_compliant: int = 0, measured: Measured = GOOD) -> Answered:
    """Wrong at the first `wrong` texts of both labels alike, and at as many more of the compliant ones at the end."""
    right = [index >= wrong for index in range(TEXTS)]
    for index in range(TEXTS - 2 * at_compliant, TEXTS, 2):
        right[index] = False
    return Answered(measured, right)


def judged(version: Answered, champion: Answered) -> Judgement:
    return step_forward(POLICY, TRUTH, version, champion)


def test_the_policy_is_that_of_the_settings(settings: Settings) -> None:
    settings.BEST_LEAST_ACCURACY, settings.BEST_CHEAPER = 0.77, 0.4

    policy = Policy.of_settings()

    assert (policy.least_accuracy, policy.cheaper, policy.most_latency_ms) == (0.77, 0.4, 100)


def test_who_is_above_all_floors_falls_short_of_nothing() -> None:
    assert POLICY.shortfalls(GOOD) == []


@pytest.mark.parametrize(
    ("figure", "value", "sentence"),
    [
        ("accuracy", Estimate(0.91, 0.899, 0.92), "Its accuracy is 91.0 % (95 % 89.9 % to 92.0 %): the lower end is"),
        ("recall", Estimate(0.95, 0.88, 0.99), "Its recall of non-compliant is 95.0 %"),
        ("calibration_error", Estimate(0.04, 0.03, 0.051), "Its calibration error is 4.0 %"),
        ("p99_ms", Estimate(90, 80, 101), "Its latency (99th percentile) is 90.0 ms"),
    ],
)
def test_the_unlucky_end_of_an_interval_must_be_above_the_floor(figure: str, value: Estimate, sentence: str) -> None:
    (shortfall,) = POLICY.shortfalls(replace(GOOD, **{figure: value}))

    assert shortfall.startswith(sentence)


def test_who_is_right_more_often_is_a_step_forward() -> None:
    judgement = judged(answered(wrong=100), answered(wrong=220))

    assert judgement == Judgement(True, ("More often right than the champion: +2.0 points, 95 % +1.7 to +2.4.",))


def test_who_is_right_less_often_is_worse() -> None:
    judgement = judged(answered(wrong=220), answered(wrong=100))

    assert not judgement.forward
    assert judgement.reasons[0] == "Less often right than the champion: −2.0 points, 95 % −2.4 to −1.7."


def test_one_that_agrees_with_the_champion_is_no_step_forward() -> None:
    judgement = judged(answered(wrong=100), answered(wrong=100))

    assert not judgement.forward
    assert "±0.0 points" in judgement.reasons[0]
    assert "but not more often either, and not cheaper by 20.0 %" in judgement.reasons[0]


def test_one_that_is_not_worse_and_smaller_is() -> None:
    judgement = judged(answered(wrong=105, measured=replace(GOOD, bytes=4_000_000)), answered(wrong=100))

    assert judgement.forward
    assert judgement.reasons[0].startswith("Not less often right than the champion by 0.5 points: −0.1 points")
    assert judgement.reasons[1] == "Cheaper: 4.0 MB where the champion has 5.0 MB."


FAST = Estimate(3.0, 2.8, 3.2)


def timed(time: Estimate, beside: Estimate | None) -> Answered:
    return replace(answered(measured=replace(GOOD, p99_ms=time)), beside_ms=beside)


def test_one_that_is_not_worse_and_faster_is() -> None:
    judgement = judged(timed(FAST, Estimate(5.0, 4.0, 6.0)), answered())

    assert judgement.forward
    assert judgement.reasons[1].startswith("Cheaper: 99th percentile 3.00 ms")


@pytest.mark.parametrize(
    "nearly",
    [
        answered(measured=replace(GOOD, bytes=4_000_001)),
        timed(Estimate(3.0, 2.8, 3.21), Estimate(5.0, 4.0, 6.0)),
        timed(Estimate(2.0, 1.0, 40.0), Estimate(5.0, 4.0, 6.0)),
        timed(FAST, Estimate(5.0, 3.9, 6.0)),
        timed(FAST, None),
    ],
    ids=["size", "upper end", "wide", "champion's lower end", "champion timed on another day"],
)
def test_nearly_cheaper_is_not_cheaper(nearly: Answered) -> None:
    assert not judged(nearly, answered()).forward


def test_a_slower_one_that_agrees_is_no_step_forward() -> None:
    slower = replace(GOOD, p50_ms=Estimate(30, 29, 31), p99_ms=Estimate(50, 48, 52))

    assert not judged(answered(wrong=10, measured=slower), answered(wrong=10)).forward


def test_a_cheaper_one_that_may_be_worse_by_the_margin_is_no_step_forward() -> None:
    cheap = replace(GOOD, bytes=1_000)

    judgement = judged(answered(wrong=130, measured=cheap), answered(wrong=100))

    assert not judgement.forward
    assert judgement.reasons[0].startswith("Less often right than the champion: −0.5 points")


def test_few_texts_cannot_show_that_one_is_not_worse() -> None:
    few = [True] * 400
    cheap = replace(GOOD, bytes=1_000)

    judgement = step_forward(POLICY, [0, 1] * 200, Answered(cheap, few), Answered(GOOD, few))

    assert not judgement.forward
    assert judgement.reasons[0].startswith("Not shown to be right more often than the champion")


def test_who_gains_accuracy_by_missing_non_compliant_parts_is_no_step_forward() -> None:
    careless, champion = answered(wrong=60), answered(at_compliant=200)

    judgement = judged(careless, champion)

    assert judgement.reasons[0].startswith("More often right than the champion: +2.3 points")
    assert judgement.reasons[-1].startswith("Its recall of non-compliant is worse than the champion's: −1.0 points")
    assert not judgement.forward


def test_a_claim_beyond_what_was_measured_is_told() -> None:
    assert boast(1.0, GOOD) == (
        "An accuracy of 100.0 % is claimed for it; measured here it is 95.0 % (95 % 94.0 % to 96.0 %)."
    )
    assert boast(0.955, GOOD) == ""
