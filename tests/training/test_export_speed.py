"""Speeds are compared on the same batches, after warm-up, by percentiles."""

from collections.abc import Sequence

from mlops.training.export_speed import BATCH_SIZES, compare_speed

TEXTS = [f"text {number}" for number in range(50)]


def test_every_model_gets_the_same_batches_in_the_same_order() -> None:
    seen: dict[str, list[list[str]]] = {"one": [], "other": []}

    compare_speed({name: lambda batch, name=name: seen[name].append(list(batch)) for name in seen}, TEXTS, rounds=40)

    assert seen["one"] == seen["other"]
    assert {len(batch) for batch in seen["one"]} == set(BATCH_SIZES)


def test_percentiles_rise_and_every_size_is_timed() -> None:
    def classify(batch: Sequence[str]) -> int:
        return sum(len(text) for text in batch)

    timings = compare_speed({"only": classify}, TEXTS, rounds=40)

    assert [timing.batch_size for timing in timings] == list(BATCH_SIZES)
    assert all(0 <= timing.p50 <= timing.p95 <= timing.p99 for timing in timings)
