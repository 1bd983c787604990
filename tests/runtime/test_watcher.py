"""The watcher brings a process to what should be serving, and nothing that happens on the way stops it."""

import logging
import shutil
import threading
from pathlib import Path

import pytest

from mlops.contracts import Cause, ServingStatus
from mlops.runtime import bundle as bundles
from mlops.runtime.manager import Aspired
from mlops.runtime.watcher import (
    FIRST_PAUSE,
    LONGEST_PAUSE,
    NO_CHAMPION,
    Action,
    Failure,
    decide,
    failed_again,
)
from tests.bundles import tiny_model
from tests.runtime.staged import Stage

IDLE = ServingStatus(False, "", "", "Nothing loaded yet.", Cause.NOT_STARTED)
CLEARED = ServingStatus(False, "", "", NO_CHAMPION, Cause.NO_CHAMPION)
LOST = ServingStatus(False, "", "", NO_CHAMPION, Cause.NOT_KNOWN)
SERVES_A = ServingStatus(True, "tiny:a", "a", "", None)
SERVES_A_AFTER_FAILURE = ServingStatus(True, "tiny:a", "a", "b fails.", Cause.NOT_LOADED)
A, B = (Aspired(f"tiny:{digest}", digest, Path("nowhere")) for digest in "ab")


@pytest.mark.parametrize(
    ("status", "aspired", "failure", "action"),
    [
        (IDLE, A, None, Action.SERVE),
        (SERVES_A, A, None, Action.KEEP),
        (SERVES_A, B, None, Action.SERVE),
        (SERVES_A_AFTER_FAILURE, A, Failure("b", 3, 200), Action.SERVE),
        (CLEARED, A, None, Action.SERVE),
        (IDLE, None, None, Action.CLEAR),
        (SERVES_A, None, None, Action.CLEAR),
        (CLEARED, None, None, Action.KEEP),
        (LOST, None, None, Action.CLEAR),
        (SERVES_A_AFTER_FAILURE, B, Failure("b", 1, 100.5), Action.KEEP),
        (SERVES_A_AFTER_FAILURE, B, Failure("b", 1, 100), Action.SERVE),
        (SERVES_A_AFTER_FAILURE, B, Failure("c", 9, 999), Action.SERVE),
        (IDLE, A, Failure("a", 1, 101), Action.KEEP),
        (IDLE, None, Failure("a", 1, 101), Action.CLEAR),
    ],
)
def test_the_decision_follows_from_status_aspiration_failure_and_time(
    status: ServingStatus, aspired: Aspired | None, failure: Failure | None, action: Action
) -> None:
    assert decide(status, aspired, failure, now=100) is action


def test_pauses_double_up_to_the_longest() -> None:
    failure, pauses = None, []
    for _ in range(50):
        failure = failed_again(failure, "a", now=1000)
        pauses.append(failure.retry_at - 1000)
    assert pauses[:4] == [FIRST_PAUSE, 2 * FIRST_PAUSE, 4 * FIRST_PAUSE, 8 * FIRST_PAUSE]
    assert pauses[-1] == max(pauses) == LONGEST_PAUSE


def test_another_digest_begins_with_the_first_pause() -> None:
    assert failed_again(Failure("a", 7, 2000), "b", now=1000) == Failure("b", 1, 1000 + FIRST_PAUSE)


@pytest.fixture
def slow(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Seconds of the stage's clock that every load takes, once there is a number in the list."""
    seconds: list[float] = []
    genuine = stage.manager.serve

    def serve(aspired: Aspired) -> None:
        stage.now += sum(seconds)
        genuine(aspired)

    monkeypatch.setattr(stage.manager, "serve", serve)
    return seconds


def errors(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]


def test_what_is_aspired_is_served(stage: Stage) -> None:
    stage.want("1")
    assert stage.serves == "tiny:1"
    stage.want("2")
    assert stage.serves == "tiny:2"


def test_what_serves_is_left_alone(stage: Stage) -> None:
    stage.want("1")
    champion = stage.manager.champion
    stage.watcher.reconcile()
    assert stage.manager.champion is champion


def test_where_nothing_is_aspired_nothing_is_served(stage: Stage) -> None:
    stage.want("1")
    stage.wanted = None
    stage.watcher.reconcile()
    assert stage.manager.status() == CLEARED


def test_a_bundle_that_fails_is_tried_again_after_ever_longer_pauses(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    stage.want("1")
    stage.want("2", model=tiny_model(bias=float("nan")))
    tried_at = []
    for stage.now in range(40):
        before = len(errors(caplog))
        stage.watcher.reconcile()
        if len(errors(caplog)) > before:
            tried_at.append(stage.now)
    assert tried_at == [1, 3, 7, 15, 31]
    assert stage.serves == "tiny:1"
    assert "tiny:2 fails its warm-up" in stage.manager.status().problem


def test_the_pause_begins_when_a_load_has_failed_not_when_it_began(stage: Stage, slow: list[float]) -> None:
    slow.append(60)
    stage.want("1", model=tiny_model(bias=float("nan")))
    assert stage.now == 60
    stage.now += FIRST_PAUSE / 2
    stage.watcher.reconcile()
    assert stage.now == 60 + FIRST_PAUSE / 2, "tried again before its pause was over"
    stage.now += FIRST_PAUSE / 2
    stage.watcher.reconcile()
    assert stage.now == 120 + FIRST_PAUSE


def test_a_load_that_fails_as_nobody_foresaw_is_a_failed_load(
    stage: Stage, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_much(*_: object, **__: object) -> None:
        raise MemoryError

    stage.want("1")
    stage.wanted = stage.make("2")
    monkeypatch.setattr(bundles, "read", too_much)
    stage.watcher.reconcile()
    status = stage.manager.status()
    assert (status.model_version, status.problem) == (
        "tiny:1",
        "tiny:2 cannot be loaded (MemoryError): see the log.",
    )
    said = len(errors(caplog))
    stage.watcher.reconcile()
    assert len(errors(caplog)) == said, "tried again before its pause was over"
    monkeypatch.undo()
    stage.now = FIRST_PAUSE
    stage.watcher.reconcile()
    assert stage.serves == "tiny:2"


def test_with_two_deployments_in_quick_succession_the_last_one_serves(stage: Stage, slow: list[float]) -> None:
    first, last = stage.make("1"), stage.make("2")
    stage.wanted = first
    slow.append(1)
    looks = [threading.Thread(target=stage.watcher.reconcile) for _ in range(8)]
    for look in looks[:4]:
        look.start()
    stage.wanted = last
    for look in looks[4:]:
        look.start()
    for look in looks:
        look.join()
    assert stage.serves == "tiny:2"


def test_another_version_does_not_wait_for_one_that_failed(stage: Stage) -> None:
    stage.want("1", model=tiny_model(bias=float("nan")))
    assert not stage.manager.status().serving
    stage.want("2")
    assert stage.serves == "tiny:2"


def test_a_bundle_that_is_repaired_serves_at_the_next_attempt(stage: Stage) -> None:
    stage.wanted = stage.make("1")
    shutil.move(stage.wanted.path, stage.directory / "away")
    stage.watcher.reconcile()
    assert "cannot be read" in stage.manager.status().problem
    shutil.move(stage.directory / "away", stage.wanted.path)
    stage.now = FIRST_PAUSE
    stage.watcher.reconcile()
    assert stage.manager.status() == ServingStatus(
        serving=True, model_version="tiny:1", model_digest=stage.wanted.digest, problem="", cause=None
    )


def test_going_back_to_what_serves_ends_the_problem(stage: Stage) -> None:
    stage.want("1")
    first = stage.wanted
    stage.want("2", model=tiny_model(bias=float("nan")))
    assert stage.manager.status().problem
    stage.wanted = first
    stage.watcher.reconcile()
    assert stage.manager.status().problem == ""


def test_an_outage_of_the_database_keeps_what_serves_and_is_logged_once(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    stage.want("1")
    stage.outage = ConnectionError("the database is away")
    for _ in range(5):
        stage.watcher.reconcile()
    assert stage.serves == "tiny:1"
    assert stage.manager.status().problem == ""
    assert len(errors(caplog)) == 1
    stage.outage = None
    stage.want("2")
    assert stage.serves == "tiny:2"
    stage.outage = ConnectionError("the database is away again")
    stage.watcher.reconcile()
    assert len(errors(caplog)) == 2


def test_an_outage_before_anything_serves_is_the_reason_and_ends_by_itself(stage: Stage) -> None:
    stage.outage = ConnectionError("password=secret")
    stage.watcher.reconcile()
    problem = stage.manager.status().problem
    assert "cannot be found out (ConnectionError)" in problem
    assert "secret" not in problem
    stage.outage = None
    stage.want("1")
    assert stage.serves == "tiny:1"


def test_an_outage_does_not_hide_why_the_version_before_it_failed(stage: Stage) -> None:
    stage.want("1", model=tiny_model(bias=float("nan")))
    why = stage.manager.status().problem
    assert "tiny:1 fails its warm-up" in why
    stage.outage = ConnectionError("the database is away")
    stage.watcher.reconcile()
    stage.outage = None
    stage.watcher.reconcile()  # within the pause: nothing is tried that would say it again
    assert stage.manager.status().problem == why


def test_a_version_that_failed_and_was_withdrawn_is_tried_at_once_when_it_is_deployed_again(stage: Stage) -> None:
    stage.wanted = stage.make("1")
    shutil.move(stage.wanted.path, stage.directory / "away")
    stage.watcher.reconcile()
    stage.wanted, again = None, stage.wanted
    stage.watcher.reconcile()
    shutil.move(stage.directory / "away", again.path)
    stage.wanted = again
    stage.watcher.reconcile()
    assert stage.serves == "tiny:1"
