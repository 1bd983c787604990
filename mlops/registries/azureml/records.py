"""Where things lie in a datastore, and the registration that is written beside them, once."""

import hashlib
import re
from dataclasses import dataclass, field
from typing import Final

from mlops.exceptions import ArtifactCorrupt, RegistryDenied, RegistryError, RegistryUnavailable, VersionNotFound
from mlops.registries.azureml.blobs import Blobs
from mlops.registries.azureml.patience import Patience
from mlops.registries.azureml.workspace import Asset, Workspace
from mlops.registries.claims import LARGEST_RECORD, OURS
from mlops.registries.redaction import without_secrets
from mlops.runtime.manifest import DIGEST, VERSION
from mlops.runtime.strict_json import corrupt, parse_object, quoted

DIGEST_PROPERTY: Final = f"{OURS}digest"
VERSION_PROPERTY: Final = f"{OURS}version"
REGISTRATION_PROPERTY: Final = f"{OURS}registration"
"""SHA-256 of the registration, so that a change of that file shows."""

_ADDRESS = re.compile(r"azureml://(?:.*/)?datastores/([A-Za-z0-9_-]+)/paths/(.+?)/?")


@dataclass(frozen=True, slots=True)
class Shelf:
    """The part of a datastore that the versions of one model, or of one data set, have to themselves."""

    root: str

    def of(self, digest: str) -> str:
        """Where what has that digest lies, with a slash at its end. Raises ArtifactCorrupt where it is no digest."""
        if not DIGEST.fullmatch(digest):
            raise ArtifactCorrupt(f"{quoted(digest)} is no digest.")
        return f"{self.root}/{digest.removeprefix('sha256:')}/"

    def registration(self, version: str) -> str:
        """Where it is written what a version is. Raises ArtifactCorrupt where it can be none."""
        if not VERSION.fullmatch(version):
            raise ArtifactCorrupt(f"{quoted(version)} is no version.")
        return f"{self.root}/registrations/{version}.json"


class Datastores:
    """The datastores of a workspace, each opened at its first use; for one verb, since what opens them expires."""

    def __init__(self, workspace: Workspace, patience: Patience) -> None:
        self._workspace = workspace
        self._patience = patience
        self._opened: dict[str, Blobs] = {}

    def open(self, name: str) -> Blobs:
        """The blobs of that datastore. Raises RegistryError."""
        if name not in self._opened:
            self._opened[name] = Blobs(self._workspace.place(name), self._patience)
        return self._opened[name]


@dataclass(frozen=True, slots=True)
class Registrations:
    """What was read of registrations: once each, since what has the SHA-256 that is asked for does not change."""

    _known: dict[str, dict[str, object]] = field(default_factory=dict)

    def of(self, asset: Asset, shelf: Shelf, datastores: Datastores) -> dict[str, object]:
        """The fields that were registered with a version, which is one of ours and lies on that shelf.

        Raises ArtifactCorrupt where it is none or was tampered with, VersionNotFound where its registration is gone.
        """
        digest, sha256 = asset.properties.get(DIGEST_PROPERTY, ""), asset.properties.get(REGISTRATION_PROPERTY, "")
        datastore, path = located(asset.path)
        if not (digest and sha256) or not f"{path}/".startswith(shelf.of(digest)):
            raise ArtifactCorrupt(
                f"It was registered by other means, and lies at {quoted(without_secrets(asset.path))}."
            )
        if sha256 not in self._known:
            name = shelf.registration(asset.properties.get(VERSION_PROPERTY, ""))
            content = datastores.open(datastore).content(name, most=LARGEST_RECORD)
            if hashed(content) != sha256:
                raise corrupt(name, "is not what was registered: it was changed")
            self._known[sha256] = parse_object(name, content)
        return self._known[sha256]


def is_of_the_entry(error: ArtifactCorrupt | RegistryError, asset: Asset, datastore: str) -> bool:
    """Whether it says something of that version alone: not of the datastore that ours lie in, or of the way there."""
    if isinstance(error, RegistryDenied | RegistryUnavailable):
        return False
    return isinstance(error, ArtifactCorrupt | VersionNotFound) or located(asset.path)[0] != datastore


def shelf_of_model(model: str) -> Shelf:
    """Of a model's bundles."""
    return Shelf(f"models/{model}")


def shelf_of_dataset(model: str, name: str) -> Shelf:
    """Of one data set for the training of a model."""
    return Shelf(f"datasets/{model}/{name}")


def address(datastore: str, path: str) -> str:
    """How the workspace is told where something lies."""
    return f"azureml://datastores/{datastore}/paths/{path}"


def located(address: str) -> tuple[str, str]:
    """The datastore of an address, and the path in it without a slash at its end; two empty texts for any other."""
    found = _ADDRESS.fullmatch(address)
    return (found[1], found[2]) if found else ("", "")


def properties_of(digest: str, version: str, registration: bytes) -> dict[str, str]:
    """What the workspace keeps of a version. Short: it allows 1,000 characters each, where it says how many."""
    return {
        DIGEST_PROPERTY: digest,
        VERSION_PROPERTY: version,
        REGISTRATION_PROPERTY: hashed(registration),
    }


def hashed(content: bytes) -> str:
    """64 hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()
