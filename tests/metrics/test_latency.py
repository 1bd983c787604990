"""Median and 99th percentile come with intervals that hold for times of any distribution."""

import numpy as np
import pytest

from mlops.metrics.latency import LEAST_TIMES, Latency


def test_of_equal_times_all_is_that_time() -> None:
    latency = Latency.of([2.5] * LEAST_TIMES)

    assert {*vars_of(latency)} == {2.5}


def test_the_order_of_the_times_does_not_matter() -> None:
    times = np.random.default_rng(1).lognormal(size=500).tolist()

    assert Latency.of(times) == Latency.of(times[::-1])


def test_a_few_slow_ones_move_the_99th_percentile_and_not_the_median() -> None:
    latency = Latency.of([1.0] * 970 + [50.0] * 30)

    assert (latency.p50.high, latency.p99.value) == (1.0, 50.0)


@pytest.mark.parametrize("size", [LEAST_TIMES, 3_000])
def test_the_intervals_hold_the_true_quantiles_at_least_as_often_as_they_say(size: int) -> None:
    rng = np.random.default_rng(7)
    found = [Latency.of(rng.exponential(size=size).tolist()) for _ in range(200)]

    assert sum(one.p50.low <= np.log(2) <= one.p50.high for one in found) >= 183
    assert sum(one.p99.low <= np.log(100) <= one.p99.high for one in found) >= 183


def test_too_few_times_say_nothing_of_their_99th_percentile() -> None:
    with pytest.raises(ValueError, match=r"399 times are too few.*400 are needed"):
        Latency.of([1.0] * 399)


def vars_of(latency: Latency) -> list[float]:
    return [time for one in (latency.p50, latency.p99) for time in (one.value, one.low, one.high)]
