"""Speeds are compared on the same batches, after warm-up, by percentiles."""

import time
from collections.abc import Sequence
from itertools import cycle

import pytest

from mlops.training import export_speed
from mlops.training.export_speed import BATCH_SIZES, compare_speed

TEXTS = [f"text {number}" for number in range(50)]


def test_every_model_gets_the_same_batches_in_the_same_order() -> None:
    seen: dict[str, list[list[str]]] = {"one": [], "other": []}

    compare_speed({name: lambda batch, name=name: seen[name].append(list(batch)) for name in seen}, TEXTS, rounds=40)

    assert seen["one"] == seen["other"]
    assert {len(batch) for batch in seen["one"]} == set(BATCH_SIZES)


def test_percentiles_are_of_the_milliseconds_a_text(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    taken = cycle([0.001] * 98 + [0.003, 0.005])

    def classify(batch: Sequence[str]) -> None:
        nonlocal now
        now += next(taken) * len(batch)

    monkeypatch.setattr(time, "perf_counter", lambda: now)
    monkeypatch.setattr(export_speed, "BATCH_SIZES", (4,))
    monkeypatch.setattr(export_speed, "_WARM_UP", 0)

    (timing,) = compare_speed({"only": classify}, TEXTS, rounds=400)

    assert (timing.batch_size, timing.p50, timing.p95) == (4, 1.0, 1.0)
    assert 3.0 <= timing.p99 < 5.0
