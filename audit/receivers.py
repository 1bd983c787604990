"""What tells events that they come from a task, and what writes who logged in or out or may try again."""

from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

from celery import Task, signals
from django.contrib.auth import get_user_model
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db import transaction
from django.db.models.signals import post_delete

from audit.context import acting, whence
from audit.services import record

if TYPE_CHECKING:
    from axes.models import AccessAttempt
    from django.contrib.auth.models import AbstractBaseUser

LONGEST_NAME = 150
# By the ids of the tasks that run now; a task starts and ends in one thread.
_running: dict[str, AbstractContextManager[None]] = {}


def connect() -> None:
    """Listen from now on."""
    signals.task_prerun.connect(_task_starts)
    signals.task_postrun.connect(_task_ends)
    user_logged_in.connect(_logged_in)
    user_logged_out.connect(_logged_out)
    user_login_failed.connect(_log_in_failed)
    post_delete.connect(_failures_forgotten, sender="axes.AccessAttempt")


def _task_starts(task_id: str, task: Task, **kwargs: Any) -> None:
    _running[task_id] = acting(origin="task", address=str(task.name), request_id=task_id)
    _running[task_id].__enter__()


def _task_ends(task_id: str, **kwargs: Any) -> None:
    _running.pop(task_id).__exit__(None, None, None)


def _logged_in(user: "AbstractBaseUser", **kwargs: Any) -> None:
    with transaction.atomic():
        record("logged_in", by=user, subject=user)


def _logged_out(user: "AbstractBaseUser | None", **kwargs: Any) -> None:
    if user is not None:
        with transaction.atomic():
            record("logged_out", by=user, subject=user)


def _log_in_failed(credentials: dict[str, Any], **kwargs: Any) -> None:
    typed = str(credentials.get(get_user_model().USERNAME_FIELD, ""))[:LONGEST_NAME]
    name = "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in typed)
    with transaction.atomic():
        record("log_in_failed", by=None, after={"username": name})


def _failures_forgotten(instance: "AccessAttempt", **kwargs: Any) -> None:
    """Who is locked out may try again. That a log-in succeeds, or time goes by, does the same, and is no act."""
    if whence().origin in ("command", "shell"):
        told = {"username": instance.username, "failures": instance.failures_since_start}
        record("log_in_failures_forgotten", by=None, before=told)
