"""Have a fetched version opened in a process of its own, and keep what was found."""

from dataclasses import asdict

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from mlops.contracts import PASSED, VersionState
from mlops.exceptions import InvalidTransition, NotSigned
from mlops.models import ModelVersion, Verification
from mlops.runtime.examiner import Examination, Limits, examine
from mlops.services import arrivals, lifecycle
from mlops.services.denials import refuse_denied
from mlops.services.fetching import ANEW, LOST, reason_of, require_trusted
from mlops.services.serving import bundle_path


def limits() -> Limits:
    """What a process may take that opens a version, by the settings."""
    return Limits(seconds=settings.VERIFY_SECONDS, memory_bytes=settings.VERIFY_MEMORY_BYTES)


def verify(version: ModelVersion, *, by: AbstractBaseUser | None = None) -> ModelVersion:
    """The version VERIFIED, or REJECTED with the check it failed; a Verification says what was found.

    One that passed before is returned as it is. One whose files are not sound here any more, though they were when
    they came, goes back to REGISTERED. Raises CannotExamine where this machine could not do it, after which the version
    is as it was; Denied, and InvalidTransition for one that was not fetched.
    """
    current = ModelVersion.objects.get(pk=version.pk)
    refuse_denied(current)
    if current.state in PASSED:
        return current
    if current.state != VersionState.FETCHED:
        raise InvalidTransition(f"{current} is {current.state}: only a version that was fetched can be verified.")
    path = bundle_path(current.digest)
    try:
        require_trusted(current.digest, current.signature)
    except NotSigned as error:
        return _conclude(current, VersionState.REJECTED, reason_of(error), by)
    if not arrivals.is_sound(path, current.digest):
        return _conclude(current, VersionState.REGISTERED, LOST, by)
    examination = examine(path, current.digest, limits=limits())
    if not examination.passed and not arrivals.is_sound(path, current.digest):
        # What was examined was not what had come.
        return _conclude(current, VersionState.REGISTERED, LOST, by)
    passed = f"It passed {len(examination.checks)} checks in a process of its own."
    return _conclude(
        current,
        VersionState.VERIFIED if examination.passed else VersionState.REJECTED,
        passed if examination.passed else f"{examination.problem} {ANEW}",
        by,
        examination,
    )


def _conclude(
    version: ModelVersion,
    to: VersionState,
    reason: str,
    by: AbstractBaseUser | None,
    examination: Examination | None = None,
) -> ModelVersion:
    """Keep what was found and move the version on, unless another has moved it meanwhile."""
    with transaction.atomic():
        current = ModelVersion.objects.select_for_update(no_key=True).get(pk=version.pk)
        if current.state != VersionState.FETCHED:
            return current
        rows = [] if examination is None else [_kept(current, examination)]
        return lifecycle.move(current, to, reason=reason, by=by, rows=rows)


def _kept(version: ModelVersion, examination: Examination) -> Verification:
    return Verification.objects.create(
        model_version=version,
        passed=examination.passed,
        checks=[asdict(check) for check in examination.checks],
        seconds=examination.seconds,
        peak_bytes=examination.peak_bytes,
    )
