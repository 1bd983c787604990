"""Take a bundle into this installation as a registered model version."""

import shutil
import tempfile
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, transaction

from mlops.exceptions import ArtifactCorrupt
from mlops.models import ModelVersion
from mlops.runtime import bundle as bundles
from mlops.services.serving import bundle_path

STARTER_BUNDLE = Path(__file__).resolve().parent.parent / "starter"


def register(source: Path) -> ModelVersion:
    """The model version of the bundle at `source`, its files copied to the model directory.

    Registering the same bundle again changes nothing and brings back files that were lost. Raises
    ArtifactCorrupt where the bundle is not sound, or where its name and version already stand for another.
    """
    bundle = bundles.read(source)
    _install(source, bundle.digest)
    manifest = bundle.manifest
    try:
        with transaction.atomic():
            version, _ = ModelVersion.objects.get_or_create(
                digest=bundle.digest,
                defaults={
                    "name": manifest.name,
                    "version": manifest.version,
                    "manifest": manifest.as_json(),
                    "card": bundle.card,
                },
            )
    except IntegrityError as error:
        raise ArtifactCorrupt(
            f"{bundle.model_version} is registered with another digest: give the bundle at {source} its own version."
        ) from error
    return version


def _install(source: Path, digest: str) -> None:
    """Copy beside, verify, rename: the model directory never shows a bundle that is not whole."""
    target = bundle_path(digest)
    if target.exists():
        try:
            bundles.read(target, expected_digest=digest)
        except ArtifactCorrupt:
            # Damaged on disk since it was installed; what a process has loaded lives in memory and is untouched.
            shutil.rmtree(target)
        else:
            return
    settings.MODEL_DIR.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=settings.MODEL_DIR, prefix=".incoming-") as directory:
        copy = Path(directory) / "bundle"
        shutil.copytree(source, copy)
        bundles.read(copy, expected_digest=digest)
        try:
            copy.rename(target)
        except OSError:
            # Another process installed the same bundle meanwhile: then that one must be sound.
            bundles.read(target, expected_digest=digest)
