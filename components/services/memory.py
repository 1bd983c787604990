"""What every request asks and hardly ever changes, remembered for a second."""

import threading
import time
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from django.db import models, transaction
from django.db.models.signals import post_save

_Value = TypeVar("_Value")
SECONDS = 1.0
_memories: list["Remembered[Any]"] = []


class Remembered(Generic[_Value]):
    """The answer to a question about a ledger: never stale in the process that added to it, for a second in others."""

    def __init__(self, ask: Callable[[], _Value], *, about: type[models.Model]) -> None:
        self._ask = ask
        self._lock = threading.Lock()
        self._changes = 0
        self._answer: tuple[float, _Value] | None = None
        post_save.connect(self._added_to, sender=about, weak=False)
        _memories.append(self)

    def __call__(self) -> _Value:
        answer, changes = self._answer, self._changes
        if answer is not None and time.monotonic() < answer[0]:
            return answer[1]
        value = self._ask()
        with self._lock:
            # What was read before a change must not be remembered after it.
            if changes == self._changes:
                self._answer = (time.monotonic() + SECONDS, value)
        return value

    def forget(self) -> None:
        """Ask the database the next time."""
        with self._lock:
            self._changes += 1
            self._answer = None

    def _added_to(self, **kwargs: Any) -> None:
        # Now for this transaction, and at its end for those who read meanwhile what was there before.
        self.forget()
        transaction.on_commit(self.forget)


def forget_all() -> None:
    """Ask the database the next time, whatever is asked. For tests, between which the database is emptied."""
    for memory in _memories:
        memory.forget()
