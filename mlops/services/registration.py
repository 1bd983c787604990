"""Take a bundle into this installation as a registered model version."""

import errno
import shutil
import tempfile
import time
from contextlib import suppress
from itertools import count
from pathlib import Path

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError, transaction

from audit.services import record
from mlops.contracts import VersionState
from mlops.exceptions import ArtifactCorrupt
from mlops.models import ModelVersion
from mlops.runtime import bundle as bundles
from mlops.runtime.durable import flush_directory, flush_file
from mlops.services.lifecycle import begin
from mlops.services.serving import bundle_path

STARTER_BUNDLE = Path(__file__).resolve().parent.parent / "starter"
INCOMING = ".incoming-"
ABANDONED_SECONDS = 60 * 60
"""A copy that nothing was added to for so long belongs to a process that was killed."""

OCCUPIED = {errno.EEXIST, errno.ENOTEMPTY, errno.ENOTDIR}
"""Why a directory cannot take a name: something other than an empty directory has it."""


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
    models = target.parent
    _remove_abandoned(models)
    if _is_sound(target, digest):
        return
    models.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=models, prefix=INCOMING, ignore_cleanup_errors=True) as directory:
        copy, aside = Path(directory) / "bundle", Path(directory) / "damaged"
        copy.mkdir()
        for name in bundles.FILES:
            shutil.copyfile(source / name, copy / name, follow_symlinks=False)
            flush_file(copy / name)
        flush_directory(copy)
        bundles.read(copy, expected_digest=digest)
        aside.mkdir()
        _put(copy, target, digest, aside)
    flush_directory(models)


def _remove_abandoned(models: Path) -> None:
    for copy in models.glob(f"{INCOMING}*"):
        # Another process may be removing it as well.
        with suppress(FileNotFoundError):
            if copy.lstat().st_mtime < time.time() - ABANDONED_SECONDS:
                shutil.rmtree(copy, ignore_errors=True)


def _put(copy: Path, target: Path, digest: str, aside: Path) -> None:
    """Give `copy` the name `target`, unless another process puts the same bundle there first."""
    for attempt in count():
        try:
            copy.rename(target)
        except OSError as error:
            if error.errno not in OCCUPIED:
                raise
        else:
            return
        if _is_sound(target, digest):
            return
        # Another repairer may have taken it aside already, or put a sound one there just now: then its bundle is
        # the one taken aside, and ours, which is the same, follows at once.
        with suppress(FileNotFoundError):
            target.rename(aside / str(attempt))


def _is_sound(path: Path, digest: str) -> bool:
    try:
        bundles.read(path, expected_digest=digest)
    except ArtifactCorrupt:
        return False
    return True
