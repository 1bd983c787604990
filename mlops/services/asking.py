"""A person asks for work of minutes: who asked is kept now, the work is done by a task, and says its own result."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from audit.services import record
from mlops.contracts import PASSED, VersionState
from mlops.exceptions import InvalidTransition
from mlops.models import ModelVersion
from mlops.services.denials import refuse_denied
from mlops.services.fetching import require_fetchable


class Work(StrEnum):
    """What can be asked for of a version."""

    FETCH = "fetch"
    VERIFY = "verify"
    EVALUATE = "evaluate"


POSSIBLE: Final[Mapping[Work, frozenset[VersionState]]] = MappingProxyType({
    Work.FETCH: frozenset({VersionState.REGISTERED, VersionState.FETCHED, *PASSED}),
    Work.VERIFY: frozenset({VersionState.FETCHED}),
    Work.EVALUATE: frozenset(PASSED),
})  # fmt: skip
"""The states in which each can be asked for. What was fetched before is looked through, and fetched if it was lost."""

_ASKED = {
    Work.FETCH: "version_fetch_asked",
    Work.VERIFY: "version_verification_asked",
    Work.EVALUATE: "version_evaluation_asked",
}


def ask_for_sync(*, by: AbstractBaseUser) -> None:
    """Keep that this person asked for a look at the registry."""
    with transaction.atomic():
        record("registry_sync_asked", by=by)


def ask_for(work: Work, version: ModelVersion, *, by: AbstractBaseUser) -> None:
    """Keep that this person asked for it. Raises InvalidTransition and Denied where it cannot be done anyway."""
    with transaction.atomic():
        current = ModelVersion.objects.get(pk=version.pk)
        require_possible(work, current)
        record(_ASKED[work], by=by, subject=current, after={"version": str(current), "digest": current.digest})


def require_possible(work: Work, version: ModelVersion) -> None:
    """Raise InvalidTransition or Denied where the version cannot be fetched, verified or measured as it is now."""
    refuse_denied(version)
    states = POSSIBLE[work]
    if version.state not in states:
        wanted = " or ".join(state.value for state in VersionState if state in states)
        raise InvalidTransition(f"{version} is {version.state}: only a version that is {wanted} can be asked for this.")
    if work is Work.FETCH:
        require_fetchable(version)
