"""Whose a digest is: it is that of a manifest, and the manifest says the one name and version of its bundle.

A registry may list an entry with the digest of a bundle that is another's, or that it does not have. What was made
known so keeps the digest, and the name, only until somebody shows the manifest.
"""

import time
from typing import Final
from weakref import WeakKeyDictionary

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser

from audit.services import record
from mlops.contracts import VersionState
from mlops.exceptions import ArtifactCorrupt, NoRoom, RegistryError, UnsupportedFormat, VersionNotFound
from mlops.models import ModelVersion
from mlops.registries.base import RegisteredVersion, Registry
from mlops.registries.downloading import read_manifest
from mlops.services import registry
from mlops.services.lifecycle import begin_anew

REMEMBERED_SECONDS: Final = 3600.0
"""How long a process remembers what a manifest said of an entry, so that not every look asks for it again."""
_MOST_REMEMBERED: Final = 10_000

# By what is asked: digest, name, version, number and source.
_Answers = dict[tuple[str, ...], tuple[bool, float]]
_answers: WeakKeyDictionary[Registry, _Answers] = WeakKeyDictionary()


def is_named_by_its_manifest(entry: RegisteredVersion) -> bool:
    """Whether the registry has the manifest of the entry's digest, and the entry has the name that it says.

    Raises the errors of a registry, UnsupportedFormat, NoRoom and OSError where that cannot be told now.
    """
    asked = registry.current()
    answers = _answers.setdefault(asked, {})
    key = (entry.digest, entry.name, entry.version, entry.registry_version, entry.source)
    answer, at = answers.get(key, (False, None))
    if at is not None and time.monotonic() - at < REMEMBERED_SECONDS:
        return answer
    if len(answers) >= _MOST_REMEMBERED:
        answers.clear()
    answer = _is_named(entry, asked)
    answers[key] = (answer, time.monotonic())
    return answer


def _is_named(entry: RegisteredVersion, asked: Registry) -> bool:
    try:
        manifest = read_manifest(asked.files(entry), expected_digest=entry.digest)
    except UnsupportedFormat:
        # It may be its manifest: only this release cannot read it.
        raise
    except (VersionNotFound, ArtifactCorrupt):
        return False
    except (RegistryError, NoRoom, OSError):
        raise
    except Exception as error:
        # Client libraries of clouds raise anything. What it says may hold an address with a secret: it is for the log.
        registry.log_unforeseen("The registry's client failed at a manifest in a way that nobody foresaw.", error)
        kind = type(error).__name__
        raise RegistryError(f"the registry's client failed with {kind}; the log of the worker has the rest.") from error
    return (manifest.name, manifest.version) == (entry.name, entry.version)


def holds_its_name(version: ModelVersion) -> bool:
    """Whether the registry lists an unproven version still, and has the manifest of its digest, which says its name.

    Of another registry's, or one that was withdrawn, nobody claims it any more. Raises as is_named_by_its_manifest.
    """
    if not version.listed or version.registry != settings.REGISTRY:
        return False
    return is_named_by_its_manifest(as_listed(version))


def as_listed(version: ModelVersion) -> RegisteredVersion:
    """The version as its registry listed it. Raises RegistryError where that is not the registry of the settings."""
    if version.registry != settings.REGISTRY or version.created_at is None:
        raise RegistryError(f"{version} is of the registry {version.registry}, and REGISTRY is {settings.REGISTRY}.")
    return RegisteredVersion(
        name=version.name,
        version=version.version,
        registry_version=version.registry_version,
        digest=version.digest,
        regulation=version.regulation_code,
        bytes=version.bytes or 0,
        created_at=version.created_at,
        source=version.source,
        metrics=version.metrics,
        tags=version.tags,
        lineage=version.lineage,
        signature=version.signature,
    )


def is_unproven(version: ModelVersion) -> bool:
    """Whether no file of the version has ever been seen here: its name is only what somebody said."""
    return not version.manifest


def rename(version: ModelVersion, *, name: str, number: str, by: AbstractBaseUser | None) -> None:
    """Give an unproven version, which the caller locked, the name and version that the manifest of its digest says.

    In the caller's transaction. It is registered again, whatever became of it under the other name. Raises
    IntegrityError where another bundle stands under that name.
    """
    was = _Was(version)
    version.name, version.version = name, number
    version.save(update_fields=["name", "version"])
    was.become(f"The bundle of this digest says that it is {version}. As {was.name} it was only claimed.", by)


def give_digest(
    version: ModelVersion, digest: str, *, holder: ModelVersion | None, by: AbstractBaseUser | None
) -> None:
    """Give an unproven version the digest of the bundle whose manifest says its name.

    What was claimed of it goes with the digest it had. The `holder` is the version that has the digest now, unproven
    too: it gets the other in exchange, which may be its own. The caller locked both, in its transaction. Each is
    registered again, whatever became of it with the other digest, and listed once a look says so.
    """
    was, freed = _Was(version), version.digest
    exchanged = None if holder is None else _Was(holder)
    if exchanged is not None:
        # No two have one digest at any moment.
        _put(exchanged.version, f"exchanged for {version.pk}")
    _put(version, digest)
    was.become(f"The bundle that says that it is {version} has this digest. That of before was only claimed.", by)
    if exchanged is not None:
        _put(exchanged.version, freed)
        told = f"The digest of before is that of {version}. This one was only claimed for {version}."
        exchanged.become(told, by)


def _put(version: ModelVersion, digest: str) -> None:
    version.digest = digest
    version.listed, version.registry, version.registry_version, version.source = False, "", "", ""
    version.created_at, version.bytes, version.regulation_code, version.signature = None, None, "", ""
    version.metrics, version.tags, version.lineage = {}, {}, {}
    version.save()


class _Was:
    """What an unproven version was before it got another name or digest."""

    def __init__(self, version: ModelVersion) -> None:
        self.version = version
        self.name, self.digest, self.state = str(version), version.digest, version.state

    def become(self, reason: str, by: AbstractBaseUser | None) -> None:
        """Make it registered again, with an event, in the caller's transaction."""
        version = self.version
        rows = [] if self.state == VersionState.REGISTERED else [begin_anew(version, reason=reason, by=by)]
        before = {"version": self.name, "state": self.state}
        record(
            "version_registered",
            by=by,
            subject=version,
            before=before if self.digest == version.digest else {**before, "digest": self.digest},
            after={"version": str(version), "state": version.state, "digest": version.digest, "reason": reason},
            rows=rows,
        )
