"""The verbs of a registry, on a workspace and its datastores."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from mlops.exceptions import (
    AlreadyRegistered,
    ArtifactCorrupt,
    RegistryError,
    RegistryUnavailable,
    VersionNotFound,
)
from mlops.registries.azureml.blobs import Blobs
from mlops.registries.azureml.datasets import Datasets
from mlops.registries.azureml.patience import Patience
from mlops.registries.azureml.records import (
    DIGEST_PROPERTY,
    VERSION_PROPERTY,
    Datastores,
    Registrations,
    address,
    hashed,
    is_of_the_entry,
    located,
    properties_of,
    shelf_of_model,
)
from mlops.registries.azureml.workspace import Asset, Workspace
from mlops.registries.base import (
    DatasetDescription,
    DatasetListing,
    Listing,
    RegisteredDataset,
    RegisteredVersion,
    RemoteFile,
)
from mlops.registries.claims import (
    LARGEST_RECORD,
    Claims,
    claims_of,
    parse_claims,
    record_of,
    require_same,
    sound_bundle,
)
from mlops.runtime import bundle as bundles
from mlops.runtime.strict_json import corrupt, parse_object, problem_of

RACES: Final = 5
"""How often a number that another process took meanwhile is given up for the next one."""
# The manifest last: without one it is no bundle, for whoever looks at the blobs themselves.
_UPLOADED: Final = (*(name for name in bundles.FILES if name != "manifest.json"), "manifest.json")


class AzureMLRegistry:
    """Thread-safe: it keeps nothing but its clients, and what never changes."""

    def __init__(self, workspace: Workspace, datastore: str, model: str, patience: Patience) -> None:
        self._workspace = workspace
        self._datastore = datastore
        self._model = model
        self._patience = patience
        self._shelf = shelf_of_model(model)
        self._registrations = Registrations()
        self._datasets = Datasets(workspace, datastore, model)

    def register(
        self, bundle: Path, *, tags: Mapping[str, str] | None = None, signature: str = ""
    ) -> RegisteredVersion:
        """Register the bundle; who looks sees all of the version or nothing. What broke off can be done again."""
        sound = sound_bundle(bundle)
        claims = claims_of(sound, model=self._model, tags=tags, signature=signature)
        hashes = {name: entry.sha256 for name, entry in sound.manifest.files.items()}
        hashes["manifest.json"] = claims.digest.removeprefix("sha256:")
        hashes["DIGEST"] = hashed(f"{claims.digest}\n".encode())
        blobs = self._datastores().open(self._datastore)
        claims, registration = self._claim(blobs, claims, bundle)
        told = properties_of(claims.digest, claims.version, registration)
        if known := self._known(told):
            return _registered(claims, known)
        below = self._shelf.of(claims.digest)
        for name in _UPLOADED:
            blobs.put(f"{below}{name}", bundle / name, sha256=hashes[name])
        return self._numbered(claims, address(self._datastore, below), told)

    def versions(self) -> Listing:
        """All versions that are not archived in the workspace; of several for one bundle, the first."""
        versions: dict[tuple[str, str], RegisteredVersion] = {}
        unreadable: list[str] = []
        datastores = self._datastores()
        for asset in sorted(self._workspace.models(self._model), key=_number):
            try:
                claims = self._claims(asset, datastores)
                versions.setdefault((claims.digest, claims.version), _registered(claims, asset))
            except (ArtifactCorrupt, RegistryError) as error:
                if not is_of_the_entry(error, asset, self._datastore):
                    raise
                unreadable.append(
                    f"Version {asset.version} of {self._model} in the workspace {self._workspace.name} is none of "
                    f"ours: {problem_of(error)}"
                )
        return Listing(tuple(versions.values()), tuple(unreadable))

    def files(self, version: RegisteredVersion) -> Iterator[RemoteFile]:
        """The files of a version, archived or not."""
        if version.name != self._model:
            raise VersionNotFound(f"{version} is no version of {self._model}, whose registry this is.")
        asset = self._workspace.model(self._model, version.registry_version)
        below = self._shelf.of(version.digest)
        datastore, path = located(asset.path)
        if asset.properties.get(DIGEST_PROPERTY) != version.digest or f"{path}/" != below:
            raise VersionNotFound(
                f"Version {asset.version} of {self._model} in the workspace {self._workspace.name} is not {version} "
                "any more: sync the versions again."
            )
        blobs = self._datastores().open(datastore)
        found = list(blobs.below(below))
        if not found:
            raise VersionNotFound(f"The files of {version} are gone from the datastore {datastore}: bring them back.")
        return (RemoteFile(blob.name.removeprefix(below), blob.bytes, partial(blobs.opened, blob)) for blob in found)

    def register_dataset(self, file: Path, description: DatasetDescription) -> RegisteredDataset:
        """Register a data set as a data asset of one file; who looks sees all of it or nothing."""
        return self._datasets.register(file, description, self._datastores())

    def datasets(self) -> DatasetListing:
        """All data sets of the model that are not archived in the workspace."""
        return self._datasets.all(self._datastores())

    def _datastores(self) -> Datastores:
        return Datastores(self._workspace, self._patience)

    def _claim(self, blobs: Blobs, claims: Claims, bundle: Path) -> tuple[Claims, bytes]:
        """The claims that stand for the version from now on, and the registration that says so; the first one wins."""
        name = self._shelf.registration(claims.version)
        try:
            registration = blobs.put_once(name, record_of(claims.as_json()), most=LARGEST_RECORD)
            standing = parse_claims(name, parse_object(name, registration))
        except ArtifactCorrupt as error:
            raise AlreadyRegistered(
                f"{name} holds something else ({problem_of(error)}): remove it, or register under another version."
            ) from error
        require_same(claims, standing.digest, bundle)
        return standing, registration

    def _known(self, told: Mapping[str, str]) -> Asset | None:
        """The first version of which the workspace was told this, archived or not; a digest alone proves nothing."""
        for asset in sorted(self._workspace.models(self._model, archived_too=True), key=_number):
            if told.items() <= asset.properties.items():
                return asset
        return None

    def _numbered(self, claims: Claims, path: str, told: Mapping[str, str]) -> RegisteredVersion:
        """The version, made in the workspace: only now is it to be seen."""
        for _ in range(RACES):
            with suppress(AlreadyRegistered):
                asset = self._workspace.add_model(self._model, path, properties=told, tags=claims.tags)
                return _registered(claims, self._without_twin(told, asset))
        raise RegistryUnavailable(
            f"{claims} did not get a number in the workspace {self._workspace.name}, for others took each: try again."
        )

    def _without_twin(self, told: Mapping[str, str], asset: Asset) -> Asset:
        """The first version of the bundle; ours is put away where another process made one at the same time."""
        first = self._known(told) or asset
        if first.version != asset.version:
            self._workspace.archive_model(self._model, asset.version)
        return first

    def _claims(self, asset: Asset, datastores: Datastores) -> Claims:
        fields = self._registrations.of(asset, self._shelf, datastores)
        claims = parse_claims("its registration", fields)
        told = (asset.properties[DIGEST_PROPERTY], asset.properties[VERSION_PROPERTY])
        if claims.name != self._model or (claims.digest, claims.version) != told:
            raise corrupt("its registration", f"is that of {claims}, {claims.digest}")
        return claims


def _registered(claims: Claims, asset: Asset) -> RegisteredVersion:
    """Tags are those of the workspace, where people change them."""
    if asset.created_at is None:
        raise ArtifactCorrupt("It does not say when it was created.")
    return replace(claims, tags=asset.tags).registered(
        registry_version=asset.version, created_at=asset.created_at, source=asset.path
    )


def _number(asset: Asset) -> tuple[int, str]:
    return (int(asset.version) if asset.version.isascii() and asset.version.isdigit() else 0, asset.version)
