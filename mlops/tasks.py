"""Background work of the model platform: look at the registry, and bring each version as far as it comes by itself.

sync → fetch → verify → evaluate → rank. The database says what is to be done next; a message only shortens the wait,
and every look at the registry asks anew for what was lost on the way.
"""

import logging
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from enum import Enum
from typing import Final

from celery import Task, shared_task
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser

from mlops.contracts import VersionState
from mlops.exceptions import InvalidTransition, ModelError, NotEvaluable, RegistryUnavailable
from mlops.models import ModelVersion, RegistrySync
from mlops.services import asking, evaluation, fetching, ranking, syncing, verification
from mlops.services.advancing import due
from mlops.services.asking import Work

RETRIES: Final = 4
FIRST_WAIT_SECONDS: Final = 15
"""The wait before the first retry; each next one is twice as long."""
SPARE_WAIT_SECONDS: Final = 5
"""How long a version waits before it looks again whether a thread can be spared."""

log = logging.getLogger(__name__)


class Turn(Enum):
    """Whose turn it is to do a work."""

    OURS = "ours"
    ANOTHERS = "another thread does it"
    LATER = "no thread can be spared"


_at_work: set[tuple[str, str]] = set()
_looking = threading.Lock()


@shared_task(bind=True, max_retries=RETRIES)
def sync_registry(self: Task, by: int | None = None) -> None:
    """Look at the registry, then ask for whatever can go on. Who asks for a look while one goes on gets the next."""
    with _turn((str(self.name), "")) as turn:
        looked = syncing.sync(by=_person(by)) if turn is Turn.OURS else None
    if looked is None:
        if by is not None:
            # The one that goes on may have read the list before what they wait for was registered.
            self.apply_async((by,), countdown=SPARE_WAIT_SECONDS, expires=self.request.expires)
        return
    for step, version in due(registry_answers=looked.outcome == RegistrySync.Outcome.COMPLETE):
        # What has not begun by the next look is asked for again then.
        _TASKS[step.work].apply_async((version.pk,), expires=settings.REGISTRY_SYNC_SECONDS)
    rank_versions.apply_async(expires=settings.REGISTRY_SYNC_SECONDS)
    if looked.outcome == RegistrySync.Outcome.UNAVAILABLE:
        _try_again(self, RegistryUnavailable(looked.problem))


@shared_task(bind=True, max_retries=RETRIES)
def fetch_version(self: Task, pk: int, by: int | None = None) -> None:
    """Fetch a registered version's files, then have it verified."""
    fetched = None
    with _version(self, pk, by, *asking.POSSIBLE[Work.FETCH]) as version:
        if version is not None:
            try:
                fetched = fetching.fetch(version, by=_person(by))
            except RegistryUnavailable as error:
                _try_again(self, error)
    _go_on(fetched, {VersionState.FETCHED: verify_version})


@shared_task(bind=True)
def verify_version(self: Task, pk: int, by: int | None = None) -> None:
    """Verify a fetched version, then have it measured."""
    verified = None
    with _version(self, pk, by, *asking.POSSIBLE[Work.VERIFY]) as version:
        if version is not None:
            verified = verification.verify(version, by=_person(by))
    _go_on(verified, {VersionState.VERIFIED: evaluate_version})


@shared_task(bind=True)
def evaluate_version(self: Task, pk: int, by: int | None = None) -> None:
    """Measure a verified version, then rank all: one that cannot be measured is ranked too, as such."""
    tried = False
    with _version(self, pk, by, *asking.POSSIBLE[Work.EVALUATE]) as version:
        if version is not None:
            tried = True
            evaluation.evaluate(version, by=_person(by))
    if tried:
        rank_versions.delay(by=by)


@shared_task(bind=True)
def rank_versions(self: Task, by: int | None = None) -> None:
    """Decide which version is the best, where anything has changed since it was decided last, or someone asked."""
    # Each is one of its own: what one has judged already may have changed when the next is asked for.
    with _spared(self, (str(self.name), self.request.id or ""), (by,)) as spared:
        if spared:
            try:
                ranking.rank(by=_person(by))
            except NotEvaluable as error:
                log.info("%s", error)


_TASKS: Final[Mapping[Work, Task]] = {
    Work.FETCH: fetch_version,
    Work.VERIFY: verify_version,
    Work.EVALUATE: evaluate_version,
}


@contextmanager
def _version(task: Task, pk: int, by: int | None, *states: VersionState) -> Iterator[ModelVersion | None]:
    """The version, if it is in one of the states and there is a thread to spare; what goes wrong is logged.

    One that was withdrawn since the task was asked for goes on only where a person asked.
    """
    with _spared(task, (str(task.name), str(pk)), (pk, by)) as spared:
        try:
            yield _in_state(task, pk, states, by_itself=by is None) if spared else None
        except InvalidTransition as error:
            log.info("%s: the version was moved meanwhile. %s", task.name, error)
        except ModelError as error:
            log.warning("%s of version %s: %s", task.name, pk, error)


@contextmanager
def _spared(task: Task, work: tuple[str, str], words: tuple[int | None, ...]) -> Iterator[bool]:
    """Whether there is a thread for this work now; where there is none, the task is asked for again with these words.

    Work of minutes to hours leaves one thread to what people wait for.
    """
    with _turn(work, most=max(1, settings.WORKER_THREADS - 1)) as turn:
        if turn is Turn.LATER:
            # The message keeps its expiry, so that those of many looks do not pile up.
            task.apply_async(words, countdown=SPARE_WAIT_SECONDS, expires=task.request.expires)
        yield turn is Turn.OURS


@contextmanager
def _turn(work: tuple[str, str], *, most: int = sys.maxsize) -> Iterator[Turn]:
    """Whose turn it is to do this work in this process, in which so many works may go on at once.

    It saves a second thread from fetching the same gigabyte; what two processes do at once is harmless.
    """
    with _looking:
        turn = Turn.ANOTHERS if work in _at_work else Turn.LATER if len(_at_work) >= most else Turn.OURS
        if turn is Turn.OURS:
            _at_work.add(work)
    if turn is Turn.ANOTHERS:
        log.info("%s (%s) goes on already.", *work)
    try:
        yield turn
    finally:
        if turn is Turn.OURS:
            with _looking:
                _at_work.discard(work)


def _in_state(task: Task, pk: int, states: tuple[VersionState, ...], *, by_itself: bool) -> ModelVersion | None:
    version = ModelVersion.objects.in_state(*states).filter(pk=pk).first()
    if version is None:
        log.info("%s: there is no version %s that is %s.", task.name, pk, " or ".join(states))
    elif by_itself and version.is_withdrawn:
        log.info("%s: the registry does not list %s any more.", task.name, version)
        return None
    return version


def _go_on(version: ModelVersion | None, then: Mapping[VersionState, Task]) -> None:
    """Ask for the next task of a version in this state; one that was rejected has the others ranked.

    Whether it was withdrawn meanwhile, that task looks for itself: it may be long until it begins.
    """
    if version is None:
        return
    state = VersionState(version.state)
    if state in then:
        then[state].delay(version.pk)
    elif state is VersionState.REJECTED:
        rank_versions.delay()


def _try_again(task: Task, error: RegistryUnavailable) -> None:
    """Retry after a growing wait, unless the next look at the registry comes before that."""
    wait = FIRST_WAIT_SECONDS * 2**task.request.retries
    if task.request.retries < RETRIES and wait < settings.REGISTRY_SYNC_SECONDS:
        raise task.retry(exc=error, countdown=wait)
    log.warning("%s: %s The next look at the registry tries again.", task.name, error)


def _person(pk: int | None) -> AbstractBaseUser | None:
    return None if pk is None else get_user_model()._default_manager.filter(pk=pk).first()
