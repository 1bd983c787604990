"""Bring the files of a registered version into this installation, and believe nothing of them that is not proven."""

import logging
import time
from dataclasses import replace
from pathlib import Path
from typing import Final

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from mlops.contracts import ENDED, VersionState
from mlops.exceptions import (
    ArtifactCorrupt,
    ChampionDamaged,
    InvalidTransition,
    NoRoom,
    UnsupportedFormat,
)
from mlops.models import Deployment, ModelVersion
from mlops.registries.downloading import download, manifest_among, require_bundle
from mlops.runtime import bundle as bundles
from mlops.runtime import signing
from mlops.runtime.bundle import Bundle
from mlops.runtime.incoming import arriving, keep_alive
from mlops.runtime.strict_json import problem_of
from mlops.services import arrivals, lifecycle, registry
from mlops.services.cache import make_room
from mlops.services.denials import refuse_denied
from mlops.services.naming import as_listed
from mlops.services.serving import bundle_path

LOST: Final = "Its files here were lost or damaged."
ANEW: Final = "Have it packed anew, and register it under a version of its own."
KEEP_ALIVE_SECONDS: Final = 60.0

log = logging.getLogger(__name__)


def fetch(version: ModelVersion, *, by: AbstractBaseUser | None = None) -> ModelVersion:
    """The version with its files here: FETCHED, or REJECTED with the reason where they are no sound bundle of it.

    1. Nothing is to be seen of the files before all of them are proven and on disk. What was cut off is fetched anew.
    2. A version that was fetched before and has its files is returned as it is. One that lost them here stays as it is
       until they are back, and then goes through all further steps again, unless it serves.

    Raises the errors of a registry, NoRoom, Denied, ChampionDamaged where the registry's files are not those that
    serve, and UnsupportedFormat for a bundle that a newer release can read, after all of which the version is as it
    was; and InvalidTransition.
    """
    version = _fetchable(version)
    if version.state != VersionState.REGISTERED and arrivals.is_sound(bundle_path(version.digest), version.digest):
        return version
    require_fetchable(version)
    try:
        bundle = _bring(version)
    except UnsupportedFormat:
        # Nothing is wrong with it, only this release is too old.
        raise
    except ArtifactCorrupt as error:
        if Deployment.objects.active_of(version).exists():
            raise ChampionDamaged(
                f"{version} serves, its files here were lost or damaged, and the registry does not have them: {error}"
            ) from error
        return _conclude(version, VersionState.REJECTED, reason_of(error), by)
    return _conclude(
        version,
        VersionState.FETCHED,
        "Its files are here, and are those of its digest.",
        by,
        manifest=bundle.manifest.as_json(),
        card=bundle.card,
        bytes=bundle.bytes,
    )


def awaiting_fetch() -> list[ModelVersion]:
    """The versions to be fetched without being asked: those that never passed, and those that did and lost their files.

    Only whether a bundle is there at all is looked at: damage is found by whoever opens it.
    """
    passed = ModelVersion.objects.passed().exclude(registry="").eligible().order_by("pk").without_documents()
    lost = [version for version in passed if not bundle_path(version.digest).is_dir()]
    return [*ModelVersion.objects.registered_awaiting_fetch(), *lost]


def require_fetchable(version: ModelVersion) -> None:
    """Raise InvalidTransition where no registry has the version's files, or is not to be asked for them any more."""
    if not version.registry:
        raise InvalidTransition(f"{version} is in no registry: install it from its directory.")
    if version.is_withdrawn and version.state == VersionState.REGISTERED:
        raise InvalidTransition(f"The registry does not list {version} any more: it is fetched when it does again.")


def require_trusted(digest: str, signature: str) -> None:
    """Raise NotSigned where signatures are asked for and this is none that holds for the bundle; KeyUnusable."""
    if settings.BUNDLE_SIGNERS:
        signing.require_signed(digest, signature, signing.read_keys(Path(settings.BUNDLE_SIGNERS)))


def reason_of(error: ArtifactCorrupt) -> str:
    """Why a version is rejected, for a person who cannot just fetch it again."""
    return f"{problem_of(error)} {ANEW}"


def _fetchable(version: ModelVersion) -> ModelVersion:
    """The version as it is now. Raises Denied, and InvalidTransition for one that ended."""
    current = ModelVersion.objects.get(pk=version.pk)
    refuse_denied(current)
    if current.state in ENDED:
        raise InvalidTransition(f"{current} is {current.state}: it is never fetched again.")
    return current


def _bring(version: ModelVersion) -> Bundle:
    """The version's bundle, in its place in the model directory."""
    require_trusted(version.digest, version.signature)
    target = bundle_path(version.digest)
    if arrivals.is_sound(target, version.digest):
        # All that was left to do when a process was killed.
        bundle = bundles.check(target, expected_digest=version.digest)
        _require_claimed(bundle, version)
        return bundle
    manifest, files = manifest_among(registry.current().files(as_listed(version)))
    try:
        with arriving(target.parent) as directory:
            copy = directory / "bundle"
            copy.mkdir()
            alive = _Alive(directory)
            download([manifest], copy, progress=alive)
            # Before what is large: of most that is wrong the manifest tells, and of a newer format only it can.
            require_bundle(files, bundles.check_manifest(copy, expected_digest=version.digest))
            make_room(sum(file.bytes for file in files))
            download(files, copy, progress=alive)
            bundle = bundles.check(copy, expected_digest=version.digest)
            _require_claimed(bundle, version)
            arrivals.settle(copy, target, version.digest)
    except OSError as error:
        raise NoRoom(f"The model directory cannot take the bundle: {error.strerror or error}.") from error
    return replace(bundle, path=target)


class _Alive:
    """Says from time to time that the directory is in use, so that nobody takes it for abandoned."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._said = time.monotonic()

    def __call__(self) -> None:
        if time.monotonic() - self._said >= KEEP_ALIVE_SECONDS:
            self._said = time.monotonic()
            keep_alive(self._directory)


def _require_claimed(bundle: Bundle, version: ModelVersion) -> None:
    """Raise ArtifactCorrupt where the manifest names another version or regulation than the registry."""
    claimed, found = (str(version), version.regulation_code), (bundle.model_version, bundle.manifest.regulation)
    if claimed != found:
        raise ArtifactCorrupt(
            "The registry says that it is {} for {}, its manifest says {} for {}.".format(*claimed, *found)
        )


def _conclude(
    version: ModelVersion, to: VersionState, reason: str, by: AbstractBaseUser | None, **columns: object
) -> ModelVersion:
    """Move the version on, unless it was moved or set right; one that had lost its files, once they are back."""
    with transaction.atomic():
        current = ModelVersion.objects.select_for_update(no_key=True).get(pk=version.pk)
        was = (version.state, str(version), version.digest)
        if (current.state, str(current), current.digest) != was:
            return current
        if to is VersionState.FETCHED and current.state != VersionState.REGISTERED:
            log.warning("The files of %s were lost or damaged here and have been fetched again.", current)
            if current.state == VersionState.FETCHED or Deployment.objects.active_of(current).exists():
                # What processes have loaded of one that serves is untouched.
                return current
            current = lifecycle.move(current, VersionState.REGISTERED, reason=LOST, by=by)
        return lifecycle.move(current, to, reason=reason, by=by, rows=(), **columns)
