"""Whose a digest is: it is that of a manifest, and the manifest says the one name and version of its bundle.

A registry may list an entry with the digest of a bundle that is another's, or that it does not have. What was made
known so keeps the digest only until somebody shows the manifest.
"""

from django.contrib.auth.base_user import AbstractBaseUser

from audit.services import record
from mlops.contracts import VersionState
from mlops.exceptions import ArtifactCorrupt, UnsupportedFormat, VersionNotFound
from mlops.models import ModelVersion
from mlops.registries.base import RegisteredVersion
from mlops.registries.downloading import read_manifest
from mlops.services import registry
from mlops.services.lifecycle import begin_anew


def is_named_by_its_manifest(entry: RegisteredVersion) -> bool:
    """Whether the registry has the manifest of the entry's digest, and the entry has the name that it says.

    Raises the errors of a registry, UnsupportedFormat, NoRoom and OSError where that cannot be told now.
    """
    try:
        manifest = read_manifest(registry.current().files(entry), expected_digest=entry.digest)
    except UnsupportedFormat:
        # It may be its manifest: only this release cannot read it.
        raise
    except (VersionNotFound, ArtifactCorrupt):
        return False
    return (manifest.name, manifest.version) == (entry.name, entry.version)


def is_unproven(version: ModelVersion) -> bool:
    """Whether no file of the version has ever been seen here: its name is only what somebody said."""
    return not version.manifest


def rename(version: ModelVersion, *, name: str, number: str, by: AbstractBaseUser | None) -> None:
    """Give an unproven version, which the caller locked, the name and version that the manifest of its digest says.

    In the caller's transaction. It is registered again, whatever became of it under the other name. Raises
    IntegrityError where another bundle stands under that name.
    """
    was, state = str(version), version.state
    version.name, version.version = name, number
    version.save(update_fields=["name", "version"])
    reason = f"The bundle of this digest says that it is {version}. As {was} it was only claimed."
    rows = [] if state == VersionState.REGISTERED else [begin_anew(version, reason=reason, by=by)]
    record(
        "version_registered",
        by=by,
        subject=version,
        before={"version": was, "state": state},
        after={"version": str(version), "state": version.state, "digest": version.digest, "reason": reason},
        rows=rows,
    )
