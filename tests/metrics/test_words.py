"""Figures are told in words that do not flatter."""

import pytest

from mlops.metrics.words import megabytes, percent


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (1, "100.0 %"),
        (0.9999, "> 99.9 %"),
        (0.9995, "> 99.9 %"),
        (0.9994, "99.9 %"),
        (0.5, "50.0 %"),
        (0.0004, "< 0.1 %"),
        (0, "0.0 %"),
    ],
)
def test_what_is_not_quite_all_or_nothing_is_not_rounded_to_it(share: float, words: str) -> None:
    assert percent(share) == words


@pytest.mark.parametrize(("count", "words"), [(5_635_522, "5.6 MB"), (100_000, "0.1 MB"), (99_949, "99.9 kB")])
def test_sizes_count_in_thousands(count: int, words: str) -> None:
    assert megabytes(count) == words
