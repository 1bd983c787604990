"""From where something is done: known at the rim (middleware, tasks, commands), asked for where events are written."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser

ORIGINS = ("page", "api", "admin", "task", "command", "shell")


def nobody() -> None:
    """No person is behind it."""
    return


@dataclass(frozen=True, slots=True)
class Whence:
    """`address` is an IP address, or the name of the task or command.

    `person` answers who is logged in. It serves the watched tables only, whose changes come by many ways; a service
    says itself by whom it was called.
    """

    origin: str
    address: str = ""
    request_id: str = ""
    person: "Callable[[], AbstractBaseUser | None]" = nobody


_UNSAID = Whence("shell")
_whence: ContextVar[Whence] = ContextVar("whence", default=_UNSAID)


def whence() -> Whence:
    """Where what happens now comes from; `shell`, where nothing has said otherwise."""
    return _whence.get()


@contextmanager
def acting(
    *,
    origin: str,
    address: str = "",
    request_id: str = "",
    person: "Callable[[], AbstractBaseUser | None]" = nobody,
) -> Iterator[None]:
    """Within it, and in this thread only, events tell that they come from there."""
    if origin not in ORIGINS:
        raise ValueError(f"An origin is one of {', '.join(ORIGINS)}.")
    token = _whence.set(Whence(origin, address, request_id, person))
    try:
        yield
    finally:
        _whence.reset(token)
