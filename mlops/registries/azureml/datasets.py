"""Data sets for training a model, as data assets `<model>.<name>` of one file each."""

from dataclasses import asdict
from pathlib import Path
from typing import Final

from mlops.exceptions import AlreadyRegistered, ArtifactCorrupt, RegistryError
from mlops.registries.azureml.records import (
    DIGEST_PROPERTY,
    Datastores,
    Registrations,
    Shelf,
    address,
    is_of_the_entry,
    located,
    properties_of,
    shelf_of_dataset,
)
from mlops.registries.azureml.workspace import Asset, Workspace
from mlops.registries.base import DatasetDescription, DatasetListing, RegisteredDataset
from mlops.registries.claims import LARGEST_RECORD, parse_description, record_of, require_described, require_same
from mlops.registries.redaction import without_secrets
from mlops.runtime.strict_json import corrupt, parse_object, problem_of

DATA: Final = "data.csv"
LONGEST_VERSION: Final = 30
"""Azure ML allows no more characters for the version of a data asset, and 32 are allowed here."""


class Datasets:
    """The data sets of one model in a workspace."""

    def __init__(self, workspace: Workspace, datastore: str, model: str) -> None:
        self._workspace = workspace
        self._datastore = datastore
        self._model = model
        self._registrations = Registrations()

    def register(self, file: Path, description: DatasetDescription, datastores: Datastores) -> RegisteredDataset:
        """Register a data set; the same again changes nothing."""
        require_described(file, description)
        if len(description.version) > LONGEST_VERSION:
            raise RegistryError(
                f"Azure ML allows {LONGEST_VERSION} characters for the version of a data set, and "
                f"{description.version} has {len(description.version)}: give it a shorter one."
            )
        shelf = shelf_of_dataset(self._model, description.name)
        asset_name = f"{self._model}.{description.name}"
        blobs = datastores.open(self._datastore)
        registration = blobs.put_once(
            shelf.registration(description.version), record_of(asdict(description)), most=LARGEST_RECORD
        )
        standing = _standing(registration, description, file)
        for asset in self._workspace.data(asset_name, archived_too=True):
            if asset.version == standing.version and asset.properties.get(DIGEST_PROPERTY) == standing.digest:
                return _registered(standing, asset)
        path = f"{shelf.of(standing.digest)}{DATA}"
        blobs.put(path, file, sha256=standing.digest.removeprefix("sha256:"))
        asset = self._workspace.add_data(
            asset_name,
            standing.version,
            address(self._datastore, path),
            properties=properties_of(standing.digest, standing.version, registration),
        )
        return _registered(standing, asset)

    def all(self, datastores: Datastores) -> DatasetListing:
        """All data sets of the model that are not archived."""
        prefix = f"{self._model}."
        found: list[RegisteredDataset] = []
        unreadable: list[str] = []
        for asset_name in sorted(name for name in self._workspace.data_names() if name.startswith(prefix)):
            shelf = shelf_of_dataset(self._model, asset_name.removeprefix(prefix))
            for asset in self._workspace.data(asset_name):
                if not located(asset.path)[1].startswith(f"{shelf.root}/"):
                    continue  # of another model whose name begins alike, or none of ours
                try:
                    found.append(self._dataset(asset, shelf, datastores))
                except (ArtifactCorrupt, RegistryError) as error:
                    if not is_of_the_entry(error, asset, self._datastore):
                        raise
                    unreadable.append(
                        f"{asset_name}:{asset.version} in the workspace {self._workspace.name} is no data set of ours: "
                        f"{problem_of(error)}"
                    )
        return DatasetListing(tuple(found), tuple(unreadable))

    def _dataset(self, asset: Asset, shelf: Shelf, datastores: Datastores) -> RegisteredDataset:
        description = parse_description("its registration", self._registrations.of(asset, shelf, datastores))
        if description.digest != asset.properties[DIGEST_PROPERTY]:
            raise corrupt("its registration", f"is that of {description.digest}")
        return _registered(description, asset)


def _standing(registration: bytes, description: DatasetDescription, file: Path) -> DatasetDescription:
    """What the version stands for; raises AlreadyRegistered where that is something else."""
    called = f"{description.name}:{description.version}"
    try:
        standing = parse_description(called, parse_object(called, registration))
    except ArtifactCorrupt as error:
        raise AlreadyRegistered(
            f"{called} holds something else ({problem_of(error)}): remove its registration, or choose another version."
        ) from error
    require_same(description, standing.digest, file)
    return standing


def _registered(description: DatasetDescription, asset: Asset) -> RegisteredDataset:
    if asset.created_at is None:
        raise ArtifactCorrupt("It does not say when it was created.")
    return RegisteredDataset(description, without_secrets(asset.path), asset.created_at)
