"""Take a bundle into this installation as a registered model version."""

import shutil
from pathlib import Path

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError, transaction

from audit.services import record
from mlops.contracts import VersionState
from mlops.exceptions import ArtifactCorrupt
from mlops.models import ModelVersion
from mlops.runtime import bundle as bundles
from mlops.runtime.durable import flush_directory, flush_file
from mlops.services.arrivals import arriving, is_sound, remove_abandoned, settle
from mlops.services.lifecycle import begin
from mlops.services.serving import bundle_path

STARTER_BUNDLE = Path(__file__).resolve().parent.parent / "starter"


def register(source: Path, *, by: AbstractBaseUser | None = None) -> ModelVersion:
    """The model version of the bundle at `source`, its files copied to the model directory.

    Registering the same bundle again changes nothing and brings back files that were lost. Raises
    ArtifactCorrupt where the bundle is not sound, or where its name and version already stand for another.
    """
    bundle = bundles.read(source)
    _install(source, bundle.digest)
    manifest = bundle.manifest
    try:
        with transaction.atomic():
            version, new = ModelVersion.objects.get_or_create(
                digest=bundle.digest,
                defaults={
                    "name": manifest.name,
                    "version": manifest.version,
                    "manifest": manifest.as_json(),
                    "card": bundle.card,
                    "state": VersionState.VERIFIED.value,
                    "regulation_code": manifest.regulation,
                    "bytes": bundle.bytes,
                    "lineage": manifest.lineage,
                },
            )
            if new:
                transition = begin(version, reason="Installed here from a directory, and found sound.", by=by)
                record(
                    "version_registered",
                    by=by,
                    subject=version,
                    after={"version": str(version), "digest": version.digest},
                    rows=[transition],
                )
    except IntegrityError as error:
        raise ArtifactCorrupt(
            f"{bundle.model_version} is registered with another digest: give the bundle at {source} its own version."
        ) from error
    return version


def _install(source: Path, digest: str) -> None:
    """Copy beside, verify, rename: the model directory never shows a bundle that is not whole, whoever else installs.

    What a process has loaded from files that are damaged now lives in memory and is untouched.
    """
    target = bundle_path(digest)
    remove_abandoned(target.parent)
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
