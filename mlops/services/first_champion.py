"""Bring a new installation to the point where it can label."""

from pathlib import Path

from mlops.exceptions import ArtifactCorrupt, ChampionDamaged
from mlops.models import Deployment, ModelVersion
from mlops.runtime import bundle as bundles
from mlops.services.deployment import deploy_first_champion
from mlops.services.installing import bring_files, install
from mlops.services.serving import bundle_path


def ensure_champion(source: Path) -> ModelVersion:
    """The champion: the one that is deployed, or where there is none, the bundle at `source`, deployed now.

    Of those who find none at the same moment one deploys. A champion whose files are lost or damaged here gets them
    back if they are those of `source`. Raises ChampionDamaged where they are others, and what `install` raises where
    `source` is needed and cannot be taken.
    """
    deployment = Deployment.objects.champion().first()
    if deployment is None:
        deployment = deploy_first_champion(install(source), by=None)
    version = deployment.model_version
    try:
        bundles.read(bundle_path(version.digest), expected_digest=version.digest)
    except ArtifactCorrupt as damage:
        if not _is(source, version):
            raise ChampionDamaged(f"The champion {version} cannot be loaded. {damage}") from damage
        bring_files(source, version.digest)
    return version


def _is(source: Path, version: ModelVersion) -> bool:
    try:
        return bundles.read(source).digest == version.digest
    except ArtifactCorrupt:
        return False
