"""Kappa and its interval against published examples and by simulation; shares with Wilson's interval."""

import math
import random
from collections import Counter

import pytest

from components.agreement import agreement_of, share_of


def pairs(table: list[list[int]]) -> dict[tuple[str, str], int]:
    return {(str(one), str(other)): count for one, row in enumerate(table) for other, count in enumerate(row)}


def standard_error(table: list[list[int]]) -> float:
    found = agreement_of(pairs(table))
    return (found.high - found.kappa) / 1.959964


@pytest.mark.parametrize(
    ("table", "kappa"),
    [
        # Fleiss, Cohen and Everitt (1969), Psychological Bulletin 72, p. 325.
        ([[106, 10, 4], [22, 28, 10], [2, 12, 6]], 0.429),
        # Fleiss, Levin and Paik (2003), Statistical Methods for Rates and Proportions, table 18.1.
        ([[75, 1, 4], [5, 4, 1], [0, 0, 10]], 0.676),
        ([[20, 5], [10, 15]], 0.400),
        ([[45, 15], [25, 15]], 0.130),
        ([[25, 35], [5, 35]], 0.259),
    ],
)
def test_kappa_is_that_of_published_examples(table: list[list[int]], kappa: float) -> None:
    assert agreement_of(pairs(table)).kappa == pytest.approx(kappa, abs=0.0005)


@pytest.mark.parametrize(
    ("table", "error"),
    [
        # The same sources: a variance of .002885, and a standard error of .087 by rounded intermediate figures.
        ([[106, 10, 4], [22, 28, 10], [2, 12, 6]], math.sqrt(0.002885)),
        ([[75, 1, 4], [5, 4, 1], [0, 0, 10]], 0.0877),
    ],
)
def test_the_interval_is_that_of_published_examples(table: list[list[int]], error: float) -> None:
    assert standard_error(table) == pytest.approx(error, abs=0.0001)


def test_the_interval_holds_the_truth_in_95_of_100_samples() -> None:
    random_ = random.Random(7)
    cells, shares = [("a", "a"), ("a", "b"), ("b", "a"), ("b", "b")], [0.4, 0.1, 0.1, 0.4]
    truth = (0.8 - 0.5) / 0.5
    found = [agreement_of(Counter(random_.choices(cells, shares, k=200))) for _ in range(2000)]
    held = sum(one.low <= truth <= one.high for one in found) / len(found)
    assert 0.93 < held < 0.965


@pytest.mark.parametrize("times", [0, 5])
def test_kappa_is_not_defined_without_pairs_or_with_one_label_only(times: int) -> None:
    found = agreement_of({("a", "a"): times})
    assert (found.pairs, found.agreed) == (times, times)
    assert (found.kappa, found.low, found.high) == (None, None, None)


def test_full_agreement_and_full_disagreement_are_the_ends() -> None:
    assert agreement_of({("a", "a"): 1, ("b", "b"): 1}).kappa == 1
    assert agreement_of({("a", "b"): 1, ("b", "a"): 1}).kappa == -1


@pytest.mark.parametrize(
    ("count", "of", "low", "high"),
    [
        # Newcombe (1998), Statistics in Medicine 17, table I, method 3: score without continuity correction.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_the_interval_of_a_share_is_that_of_published_examples(count: int, of: int, low: float, high: float) -> None:
    found = share_of(count, of)
    assert found.share == count / of
    assert (found.low, found.high) == (pytest.approx(low, abs=0.0001), pytest.approx(high, abs=0.0001))


@pytest.mark.parametrize("of", [7, 12, 19, 97])
def test_the_interval_of_none_begins_at_nothing_and_that_of_all_ends_at_all(of: int) -> None:
    assert share_of(0, of).low == 0.0
    assert share_of(of, of).high == 1.0


def test_of_nothing_there_is_no_share_and_anything_may_be_true() -> None:
    found = share_of(0, 0)
    assert (found.share, found.low, found.high) == (None, 0.0, 1.0)
