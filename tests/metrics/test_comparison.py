"""Which of two models is right more often on the same texts, with an interval that keeps its word."""

from collections.abc import Iterator
from math import comb

import numpy as np
import pytest

from mlops.metrics.comparison import Difference, compare


@pytest.mark.parametrize(
    ("gained", "lost", "total", "low", "high"), [(1, 7, 21, -0.5172, -0.0260), (6, 16, 161, -0.1240, -0.0054)]
)
def test_the_interval_is_tangos(gained: int, lost: int, total: int, low: float, high: float) -> None:
    # The examples of M. Fagerland, S. Lydersen, P. Laake, "Statistical analysis of contingency tables" (2017), 8.
    found = Difference.of(gained, lost, total)

    assert (found.low, found.high) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


def test_models_that_agree_differ_by_nothing_and_little_more_is_likely() -> None:
    found = compare([True] * 2_900 + [False] * 100, [True] * 2_900 + [False] * 100)

    assert (found.gained, found.lost, found.difference) == (0, 0, 0.0)
    assert found.high == pytest.approx(0.0013, abs=5e-5)
    assert found.low == -found.high


def test_texts_that_both_have_right_or_both_have_wrong_tell_nothing_of_which_is_better() -> None:
    first, second = [True, True, False, False] * 50, [True, False, True, False] * 50

    assert compare(first, second).difference == 0.0


@pytest.mark.parametrize(("gained", "lost"), [(0, 0), (3, 0), (17, 40), (100, 0)])
def test_seen_from_the_other_side_the_difference_is_the_same_reversed(gained: int, lost: int) -> None:
    here, there = Difference.of(gained, lost, 100), Difference.of(lost, gained, 100)

    assert (here.difference, here.low, here.high) == (-there.difference, -there.high, -there.low)


def test_a_difference_between_one_and_minus_one_has_an_interval_that_holds_it() -> None:
    found = [Difference.of(gained, lost, 12) for gained in range(13) for lost in range(13 - gained)]

    assert all(-1 <= one.low <= one.difference <= one.high <= 1 for one in found)


def test_more_texts_make_it_surer() -> None:
    few, many = Difference.of(6, 2, 100), Difference.of(60, 20, 1_000)

    assert many.high - many.low < 0.5 * (few.high - few.low)


def test_of_no_texts_anything_may_be_true() -> None:
    assert (compare([], []).low, compare([], []).high) == (-1.0, 1.0)


def test_more_texts_different_than_there_are_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="6 gained and 5 lost of 10 texts"):
        Difference.of(6, 5, 10)


def test_answers_about_different_numbers_of_texts_are_not_compared() -> None:
    with pytest.raises(ValueError, match="shorter"):
        compare([True, False], [True])


def outcomes(total: int) -> Iterator[tuple[int, int, Difference]]:
    for gained in range(total + 1):
        for lost in range(total + 1 - gained):
            yield gained, lost, Difference.of(gained, lost, total)


def coverage(found: list[tuple[int, int, Difference]], total: int, gain: float, loss: float) -> float:
    """How probable an interval is that holds the truth: exactly, over all that can be found."""
    return sum(
        comb(total, gained) * comb(total - gained, lost) * gain**gained * loss**lost
        * (1 - gain - loss) ** (total - gained - lost)
        for gained, lost, one in found
        if one.low <= gain - loss <= one.high
    )  # fmt: skip


@pytest.mark.parametrize("total", [10, 25, 40])
def test_in_few_texts_it_covers_what_it_says_by_exact_enumeration(total: int) -> None:
    found = list(outcomes(total))
    covered = [
        coverage(found, total, gain, loss)
        for gain in (0.01, 0.02, 0.05, 0.1, 0.2, 0.35)
        for loss in (0.01, 0.02, 0.05, 0.1, 0.2, 0.35)
    ]

    assert min(covered) > 0.90
    assert np.mean(covered) > 0.95


@pytest.mark.parametrize(("gain", "loss"), [(0.02, 0.02), (0.03, 0.01), (0.005, 0.0)])
def test_in_many_texts_it_holds_the_truth_as_often_as_it_says(gain: float, loss: float) -> None:
    rng = np.random.default_rng(23)
    drawn = rng.multinomial(3_000, [gain, loss, 1 - gain - loss], size=400)
    found = [Difference.of(int(gained), int(lost), 3_000) for gained, lost, _ in drawn]

    held = sum(one.low <= gain - loss <= one.high for one in found)
    assert 368 <= held <= 394  # 95 % of 400 are 380, four standard deviations of chance are 17
