"""Bring a model version from one state into another; nothing else writes its state."""

from collections.abc import Iterable
from typing import Final

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models, transaction

from audit.services import record
from mlops.contracts import ENDED, STEPS, VersionState
from mlops.exceptions import InvalidTransition
from mlops.models import Deployment, ModelVersion, Transition

ACTIONS: Final = {
    VersionState.REGISTERED: "version_evicted",
    VersionState.FETCHED: "version_fetched",
    VersionState.VERIFIED: "version_verified",
    VersionState.CANDIDATE: "version_nominated",
    VersionState.REJECTED: "version_rejected",
    VersionState.ARCHIVED: "version_archived",
}
"""The audit's word for coming into each state. A candidate that comes back to verified is `version_passed_over`."""
PASSED_OVER: Final = "version_passed_over"
NEVER_WHILE_SERVING: Final = frozenset({VersionState.REGISTERED, *ENDED})
"""States whose versions may lose their files."""


def move(
    version: ModelVersion,
    to: VersionState,
    *,
    reason: str,
    by: AbstractBaseUser | None,
    rows: Iterable[models.Model] = (),
    **columns: object,
) -> ModelVersion:
    """The version in the state `to`, with `columns` set too; the same state again changes nothing.

    `reason` is a sentence; `rows` are rows of ledgers that the caller wrote in the same transaction. Raises
    InvalidTransition where the state it is in now does not lead there, or where it serves and could lose its files.
    """
    with transaction.atomic():
        current = ModelVersion.objects.select_for_update(no_key=True).get(pk=version.pk)
        before = VersionState(current.state)
        if before == to:
            return current
        _require_step(current, before, to)
        current.state = to.value
        for name, value in columns.items():
            setattr(current, name, value)
        current.save(update_fields=["state", *columns])
        transition = Transition.objects.create(
            model_version=current,
            from_state=before.value,
            to_state=to.value,
            reason=reason,
            by_id=None if by is None else by.pk,
        )
        record(
            PASSED_OVER if before is VersionState.CANDIDATE and to is VersionState.VERIFIED else ACTIONS[to],
            by=by,
            subject=current,
            before={"state": before.value},
            after={"state": to.value, "version": str(current), "digest": current.digest, "reason": reason},
            rows=[transition, *rows],
        )
        return current


def begin(version: ModelVersion, *, reason: str, by: AbstractBaseUser | None) -> Transition:
    """The first transition of a version that was just created, in the caller's transaction and for its event."""
    return Transition.objects.create(
        model_version=version, from_state="", to_state=version.state, reason=reason, by_id=None if by is None else by.pk
    )


def begin_anew(version: ModelVersion, *, reason: str, by: AbstractBaseUser | None) -> Transition:
    """The transition that makes a version registered once more, in the caller's transaction and for its event.

    For one that ended under a name it never had; any other that ended stays so.
    """
    before = version.state
    version.state = VersionState.REGISTERED.value
    version.save(update_fields=["state"])
    return Transition.objects.create(
        model_version=version,
        from_state=before,
        to_state=version.state,
        reason=reason,
        by_id=None if by is None else by.pk,
    )


def require_step(version: ModelVersion, to: VersionState) -> None:
    """Raise InvalidTransition where `move` would, as things stand now."""
    _require_step(version, VersionState(version.state), to)


def _require_step(version: ModelVersion, before: VersionState, to: VersionState) -> None:
    if to not in STEPS[before]:
        raise InvalidTransition(f"{version} is {before}: it cannot become {to}.")
    if to in NEVER_WHILE_SERVING and Deployment.objects.active_of(version).exists():
        raise InvalidTransition(f"{version} serves now: deploy another version before it becomes {to}.")
