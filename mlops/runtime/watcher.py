"""Pulls what should be serving and reconciles this process with it, so that no message can be lost."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from mlops.contracts import Cause, ServingStatus
from mlops.exceptions import ModelError
from mlops.runtime.manager import Aspired, Manager

logger = logging.getLogger(__name__)

NO_CHAMPION = "No champion is deployed: run `manage.py install_starter_model`."
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 300.0
"""Seconds before the first repetition of a failed load, and the most there ever are; each failure doubles them."""


class Action(Enum):
    """What a reconciliation is to do."""

    KEEP = "keep"
    SERVE = "serve"
    CLEAR = "clear"


@dataclass(frozen=True, slots=True)
class Failure:
    """`count` loads of `digest` have failed in a row; the next may begin at `retry_at` (seconds of the clock)."""

    digest: str
    count: int
    retry_at: float


def decide(status: ServingStatus, aspired: Aspired | None, failure: Failure | None, now: float) -> Action:
    """What brings a process of that status to what is aspired. A digest that failed waits, another one does not."""
    if aspired is None:
        return Action.KEEP if status.cause is Cause.NO_CHAMPION else Action.CLEAR
    if status.serving and status.model_digest == aspired.digest and status.cause is None:
        return Action.KEEP
    if failure is not None and failure.digest == aspired.digest and now < failure.retry_at:
        return Action.KEEP
    return Action.SERVE


def failed_again(failure: Failure | None, digest: str, now: float) -> Failure:
    """The failure after one more failed load of `digest` at `now`."""
    count = failure.count + 1 if failure is not None and failure.digest == digest else 1
    pause = min(FIRST_PAUSE * 2 ** min(count - 1, 32), LONGEST_PAUSE)
    return Failure(digest, count, now + pause)


class Watcher:
    """A daemon thread that calls `aspired` every `interval` seconds and has `manager` follow.

    `aspired` may raise whatever it likes: then this process goes on as it is, and one line in the log says so.
    """

    def __init__(
        self,
        manager: Manager,
        aspired: Callable[[], Aspired | None],
        *,
        interval: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._manager = manager
        self._aspired = aspired
        self._interval = interval
        self._clock = clock
        self._failure: Failure | None = None
        self._outage = ""
        self._reconciling = threading.Lock()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to watch, with the first look after one interval; does nothing where it watches already."""
        if self._thread is not None and self._thread.is_alive() and not self._stopping.is_set():
            return
        # A thread that was told to stop may still be loading; it keeps the event it was told by.
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._watch, args=[self._stopping], name="model-watcher", daemon=True)
        self._thread.start()

    def stop(self, timeout: float = 5.0) -> bool:
        """Stop watching; says whether the thread ended within `timeout` seconds (a load may take longer)."""
        self._stopping.set()
        thread = self._thread
        if thread is None:
            return True
        thread.join(timeout)
        return not thread.is_alive()

    def reconcile(self) -> None:
        """Look once at what is aspired and follow it, in the thread of the caller; waits for a look under way.

        Afterwards what is aspired serves, or the status says why not. A version that failed to load is not tried
        again before its pause is over. Never raises.
        """
        with self._reconciling:
            try:
                self._step()
            except Exception as error:  # noqa: BLE001  the rim: serving must outlive whatever the database or a model does
                self._note_outage(error)

    def _watch(self, stopping: threading.Event) -> None:
        while not stopping.wait(self._interval):
            self.reconcile()

    def _step(self) -> None:
        aspired = self._aspired()
        match decide(self._manager.status(), aspired, self._failure, self._clock()):
            case Action.CLEAR:
                logger.warning(NO_CHAMPION)
                self._manager.clear(Cause.NO_CHAMPION, NO_CHAMPION)
                self._failure = None
            case Action.SERVE if aspired is not None:
                self._serve(aspired)
        if self._outage:
            logger.info("Reconciling again; it had failed with: %s", self._outage)
            self._outage = ""

    def _serve(self, aspired: Aspired) -> None:
        try:
            self._manager.serve(aspired)
        except ModelError:
            # The time of the failure, not of the beginning: a load that takes a minute must not follow on itself.
            now = self._clock()
            self._failure = failed_again(self._failure, aspired.digest, now)
            logger.error(
                "Cannot serve %s (attempt %d, next in %.0f s): %s",
                aspired.model_version,
                self._failure.count,
                self._failure.retry_at - now,
                self._manager.status().problem,
            )
        else:
            self._failure = None

    def _note_outage(self, error: Exception) -> None:
        outage = f"{type(error).__name__}: {error}"
        # What is known to have failed stays the reason: it is not tried again as soon as the outage is over.
        if self._failure is None and not self._manager.status().serving:
            reason = f"What should be serving cannot be found out ({type(error).__name__}): see the log."
            self._manager.clear(Cause.NOT_KNOWN, reason)
        if not self._outage:
            logger.error("Reconciling fails; what serves now goes on: %s", outage, exc_info=error)
        self._outage = outage
