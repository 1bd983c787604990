"""The time of a text is the bundle's own: what a busy machine lets it wait does not count."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from mlops.contracts import Classification
from mlops.runtime.bundle import read
from mlops.runtime.examinee import answers
from mlops.runtime.servable import Servable
from tests.bundles import COMPLIANT_TEXT, write_tiny_bundle

SECONDS = 0.05


def waits() -> None:
    """Takes its time without a processor, as a process does that the machine keeps waiting."""
    time.sleep(SECONDS)


def works() -> None:
    """Takes its time of the processor."""
    until = time.process_time() + SECONDS
    while time.process_time() < until:
        pass


class Slow:
    """A real servable that does something else first at every text."""

    def __init__(self, servable: Servable, first: Callable[[], None]) -> None:
        self._servable, self._first = servable, first

    def classify(self, texts: Sequence[str]) -> list[Classification]:
        if texts:
            self._first()
        return self._servable.classify(texts)


@pytest.mark.parametrize(("first", "counts"), [(waits, False), (works, True)])
def test_work_counts_and_waiting_does_not(tmp_path: Path, first: Callable[[], None], counts: bool) -> None:
    servable = Servable.load(read(write_tiny_bundle(tmp_path / "bundle")))

    said = answers(Slow(servable, first), [COMPLIANT_TEXT] * 3, alone=3)

    assert min(said["elapsed_ms"]) >= SECONDS * 1000
    assert [time >= SECONDS * 1000 for time in said["latency_ms"]] == [counts] * 3


def test_work_on_several_processors_at_once_takes_no_longer_than_the_clock_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    servable = Servable.load(read(write_tiny_bundle(tmp_path / "bundle")))
    # As of a machine that gives it four processors all the time.
    monkeypatch.setattr(time, "process_time", lambda: 4 * time.perf_counter())

    said = answers(servable, [COMPLIANT_TEXT] * 3, alone=3)

    assert said["latency_ms"] == said["elapsed_ms"]
