"""Background work of the model platform: look at the registry, and bring each version as far as it comes by itself.

sync → fetch → verify → evaluate → rank. The database says what is to be done next; a message only shortens the wait,
and every look at the registry asks anew for what was lost on the way.
"""

import logging
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from celery import Task, shared_task
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser

from mlops.contracts import VersionState
from mlops.exceptions import InvalidTransition, ModelError, NotEvaluable, RegistryUnavailable
from mlops.models import ModelVersion, RegistrySync
from mlops.services import asking, evaluation, fetching, ranking, syncing, verification
from mlops.services.asking import Work
from mlops.services.evaluation_sets import ensure_evaluation_sets

RETRIES: Final = 4
FIRST_WAIT_SECONDS: Final = 15
"""The wait before the first retry; each next one is twice as long."""
SPARE_WAIT_SECONDS: Final = 5
"""How long a version waits before it looks again whether a thread can be spared."""

log = logging.getLogger(__name__)
_at_work: set[tuple[str, str]] = set()
_looking = threading.Lock()


@shared_task(bind=True, max_retries=RETRIES)
def sync_registry(self: Task, by: int | None = None) -> None:
    """Look at the registry, then ask for whatever can go on."""
    looked = syncing.sync(by=_person(by))
    if looked.outcome == RegistrySync.Outcome.COMPLETE:
        _ask(fetch_version, ModelVersion.objects.awaiting_fetch())
    _ask(verify_version, ModelVersion.objects.awaiting_verification())
    ensure_evaluation_sets()
    _ask(evaluate_version, ModelVersion.objects.awaiting_evaluation())
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


@contextmanager
def _version(task: Task, pk: int, by: int | None, *states: VersionState) -> Iterator[ModelVersion | None]:
    """The version, if it is in one of the states and there is a thread to spare; what goes wrong is logged."""
    with _spared(task, (str(task.name), str(pk)), (pk, by)) as spared:
        try:
            yield _in_state(task, pk, states) if spared else None
        except InvalidTransition as error:
            log.info("%s: the version was moved meanwhile. %s", task.name, error)
        except ModelError as error:
            log.warning("%s of version %s: %s", task.name, pk, error)


@contextmanager
def _spared(task: Task, work: tuple[str, str], words: tuple[int | None, ...]) -> Iterator[bool]:
    """Whether there is a thread for this work now; where there is none, the task is asked for again with these words.

    The set saves a second thread from fetching the same gigabyte; what two processes do at once is harmless.
    """
    with _looking:
        known, full = work in _at_work, len(_at_work) >= max(1, settings.WORKER_THREADS - 1)
        if not (known or full):
            _at_work.add(work)
    if known:
        log.info("%s (%s) goes on already.", *work)
        yield False
        return
    if full:
        # Work of minutes to hours leaves one thread to what people wait for. The message keeps its expiry, so that
        # those of many looks do not pile up.
        task.apply_async(words, countdown=SPARE_WAIT_SECONDS, expires=task.request.expires)
        yield False
        return
    try:
        yield True
    finally:
        with _looking:
            _at_work.discard(work)


def _in_state(task: Task, pk: int, states: tuple[VersionState, ...]) -> ModelVersion | None:
    version = ModelVersion.objects.in_state(*states).filter(pk=pk).first()
    if version is None:
        log.info("%s: there is no version %s that is %s.", task.name, pk, " or ".join(states))
    return version


def _go_on(version: ModelVersion | None, then: Mapping[VersionState, Task]) -> None:
    """Ask for the next task of a version in this state; one that was rejected has the others ranked."""
    if version is None:
        return
    state = VersionState(version.state)
    if state in then:
        then[state].delay(version.pk)
    elif state is VersionState.REJECTED:
        rank_versions.delay()


def _ask(task: Task, versions: Iterable[ModelVersion]) -> None:
    """Ask for the task of each version; what has not begun by the next look is asked for again then."""
    for version in versions:
        task.apply_async((version.pk,), expires=settings.REGISTRY_SYNC_SECONDS)


def _try_again(task: Task, error: RegistryUnavailable) -> None:
    """Retry after a growing wait, unless the next look at the registry comes before that."""
    wait = FIRST_WAIT_SECONDS * 2**task.request.retries
    if task.request.retries < RETRIES and wait < settings.REGISTRY_SYNC_SECONDS:
        raise task.retry(exc=error, countdown=wait)
    log.warning("%s: %s The next look at the registry tries again.", task.name, error)


def _person(pk: int | None) -> AbstractBaseUser | None:
    return None if pk is None else get_user_model()._default_manager.filter(pk=pk).first()
