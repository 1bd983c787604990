"""Take a bundle from a directory into this installation as a model version."""

import shutil
from pathlib import Path
from typing import Final

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError, transaction

from audit.services import record
from mlops.contracts import ENDED, VersionState
from mlops.exceptions import ArtifactCorrupt, InvalidTransition
from mlops.models import ModelVersion
from mlops.runtime import bundle as bundles
from mlops.runtime.bundle import Bundle
from mlops.runtime.durable import flush_directory, flush_file
from mlops.runtime.incoming import arriving
from mlops.services import lifecycle
from mlops.services.arrivals import is_sound, settle
from mlops.services.denials import refuse_denied
from mlops.services.naming import give_digest, is_unproven, rename
from mlops.services.serving import bundle_path

STARTER_BUNDLE = Path(__file__).resolve().parent.parent / "starter"

INSTALLED: Final = "Installed here from a directory."
FOUND_SOUND: Final = "Installed here from a directory, and found sound."


def install(source: Path, *, by: AbstractBaseUser | None = None) -> ModelVersion:
    """The model version of the bundle at `source`, verified, its files copied to the model directory.

    Installing the same bundle again changes nothing and brings back files that were lost; one that a registry listed
    first is verified by it. Raises ArtifactCorrupt where the bundle is not sound, or where its name and version already
    stand for another; InvalidTransition for one that was rejected or archived here, and Denied, of which no file is
    copied.
    """
    bundle = bundles.read(source)
    _set_right(bundle, by)
    known = ModelVersion.objects.filter(digest=bundle.digest).first() or ModelVersion(
        name=bundle.manifest.name, version=bundle.manifest.version, digest=bundle.digest
    )
    _require_welcome(known)
    bring_files(source, bundle.digest)
    try:
        with transaction.atomic():
            return _known_as_sound(bundle, by)
    except IntegrityError as error:
        raise _taken(bundle, source) from error


def _set_right(bundle: Bundle, by: AbstractBaseUser | None) -> None:
    """Take digest and name of this bundle from whoever only claimed them, and give them to one another."""
    name, number = bundle.manifest.name, bundle.manifest.version
    refuse_denied(ModelVersion(name=name, version=number, digest=bundle.digest))
    try:
        with transaction.atomic():
            claiming = ModelVersion.objects.claiming(name, number, bundle.digest)
            known = list(claiming.select_for_update(no_key=True).order_by("pk"))
            same = next((version for version in known if version.digest == bundle.digest), None)
            other = next((version for version in known if version.digest != bundle.digest), None)
            if not all(is_unproven(version) for version in known):
                return
            if other is not None:
                give_digest(other, bundle.digest, holder=same, by=by)
            elif same is not None and str(same) != bundle.model_version:
                rename(same, name=name, number=number, by=by)
    except IntegrityError as error:
        raise _taken(bundle, bundle.path) from error


def _taken(bundle: Bundle, source: Path) -> ArtifactCorrupt:
    return ArtifactCorrupt(
        f"{bundle.model_version} is registered with another digest: give the bundle at {source} its own version."
    )


def bring_files(source: Path, digest: str) -> None:
    """See that the model directory has the sound bundle of that digest, copied from `source` where it has not.

    Copy beside, verify, rename: a bundle that is not whole is never to be seen there, whoever else installs. What a
    process has loaded from files that are damaged now lives in memory and is untouched.
    """
    target = bundle_path(digest)
    if is_sound(target, digest):
        return
    with arriving(target.parent) as directory:
        copy = directory / "bundle"
        copy.mkdir()
        for name in bundles.FILES:
            shutil.copyfile(source / name, copy / name, follow_symlinks=False)
            flush_file(copy / name)
        flush_directory(copy)
        bundles.check(copy, expected_digest=digest)
        settle(copy, target, digest)


def _known_as_sound(bundle: Bundle, by: AbstractBaseUser | None) -> ModelVersion:
    proven = {
        "manifest": bundle.manifest.as_json(),
        "card": bundle.card,
        "regulation_code": bundle.manifest.regulation,
        "bytes": bundle.bytes,
    }
    version, new = ModelVersion.objects.select_for_update(no_key=True).get_or_create(
        digest=bundle.digest,
        defaults={
            "name": bundle.manifest.name,
            "version": bundle.manifest.version,
            "state": VersionState.VERIFIED.value,
            "lineage": bundle.manifest.lineage,
            **proven,
        },
    )
    if new:
        record(
            "version_registered",
            by=by,
            subject=version,
            after={"version": str(version), "digest": version.digest},
            rows=[lifecycle.begin(version, reason=FOUND_SOUND, by=by)],
        )
        return version
    _require_welcome(version)
    if version.state == VersionState.REGISTERED:
        if not version.registry:
            # Nobody claimed it: what its manifest says is all that is said of it.
            proven["lineage"] = bundle.manifest.lineage
        version = lifecycle.move(version, VersionState.FETCHED, reason=INSTALLED, by=by, rows=(), **proven)
    if version.state == VersionState.FETCHED:
        version = lifecycle.move(version, VersionState.VERIFIED, reason=FOUND_SOUND, by=by)
    return version


def _require_welcome(version: ModelVersion) -> None:
    """Raise Denied, and InvalidTransition for one that ended."""
    refuse_denied(version)
    if version.state in ENDED:
        raise InvalidTransition(
            f"{version} is {version.state} here, for good: install another version, or have this one packed anew under "
            "a version of its own."
        )
