"""How fast a label comes: the trained model in PyTorch against the exported graphs, tokenising included."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

BATCH_SIZES = (1, 8, 32)
_WARM_UP = 20

Classify = Callable[[Sequence[str]], object]


@dataclass(frozen=True, slots=True)
class Timing:
    """Milliseconds a text, on one thread, in batches of `batch_size`."""

    model: str
    batch_size: int
    p50: float
    p95: float
    p99: float


def compare_speed(models: Mapping[str, Classify], texts: Sequence[str], *, rounds: int = 300) -> list[Timing]:
    """Time every model on the same batches, turn by turn, so that a busy moment of the machine meets them all alike."""
    timings: list[Timing] = []
    for size in BATCH_SIZES:
        turns = max(10, rounds // size)
        batches = [[texts[(turn * size + place) % len(texts)] for place in range(size)] for turn in range(turns)]
        for classify in models.values():
            for batch in batches[:_WARM_UP]:
                classify(batch)
        taken: dict[str, list[float]] = {name: [] for name in models}
        for batch in batches:
            for name, classify in models.items():
                start = time.perf_counter()
                classify(batch)
                taken[name].append((time.perf_counter() - start) * 1000 / size)
        timings += [Timing(name, size, *_percentiles(values)) for name, values in taken.items()]
    return timings


def _percentiles(values: Sequence[float]) -> tuple[float, float, float]:
    p50, p95, p99 = np.percentile(np.asarray(values), [50, 95, 99])
    return round(float(p50), 4), round(float(p95), 4), round(float(p99), 4)
