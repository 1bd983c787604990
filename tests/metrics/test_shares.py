"""A share comes with the interval it is sure to."""

import pytest

from components.agreement import share_of
from mlops.metrics.shares import Share


def test_the_interval_is_wilsons() -> None:
    # The worked example of the method: 81 of 263.
    share = Share.of(81, 263)

    assert (share.low, share.high) == (pytest.approx(0.2553, abs=1e-4), pytest.approx(0.3662, abs=1e-4))


def test_a_perfect_share_is_not_certain() -> None:
    share = Share.of(10, 10)

    assert share.high == 1.0
    assert share.low == pytest.approx(0.7225, abs=1e-4)


@pytest.mark.parametrize("total", [0, 1, 3, 10, 49, 1_000_003])
def test_the_domain_finds_the_same_of_the_same(total: int) -> None:
    for right in {0, total // 7, total // 2, max(0, total - 1), total}:
        one, other = Share.of(right, total), share_of(right, total)
        assert (one.right, one.total, one.low, one.high) == (other.count, other.of, other.low, other.high)
        assert one.share == (other.share or 0.0)


def test_nothing_measured_says_nothing() -> None:
    assert (Share.of(0, 0).low, Share.of(0, 0).high) == (0.0, 1.0)
