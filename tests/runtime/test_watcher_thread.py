"""The watcher's thread looks until it is told to stop, and is one."""

import time
from collections.abc import Callable

from mlops.runtime.watcher import Watcher
from tests.runtime.staged import Stage, watchers


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not true():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.005)


def test_the_thread_follows_and_outlives_an_outage(stage: Stage) -> None:
    stage.outage = ConnectionError("the database is away")
    stage.watcher.start()
    until(lambda: stage.pulls > 3)
    stage.wanted, stage.outage = stage.make("1"), None
    until(lambda: stage.serves == "tiny:1")
    stage.wanted = stage.make("2")
    until(lambda: stage.serves == "tiny:2")


def test_a_watcher_between_two_looks_stops_at_once(stage: Stage) -> None:
    watcher = Watcher(stage.manager, stage.pull, interval=3600)
    watcher.start()
    assert watcher.stop(timeout=10)
    assert watchers() == []


def test_a_stopped_watcher_looks_no_more_and_may_be_started_again(stage: Stage) -> None:
    stage.watcher.start()
    until(lambda: stage.pulls > 0)
    assert stage.watcher.stop(timeout=10)
    pulls = stage.pulls
    stage.wanted = stage.make("1")
    assert watchers() == []
    assert stage.pulls == pulls
    stage.watcher.start()
    until(lambda: stage.serves == "tiny:1")


def test_a_watcher_that_was_started_twice_is_one_thread(stage: Stage) -> None:
    stage.watcher.start()
    stage.watcher.start()
    assert len(watchers()) == 1


def test_stopping_a_watcher_that_never_started_is_nothing(stage: Stage) -> None:
    assert stage.watcher.stop()
