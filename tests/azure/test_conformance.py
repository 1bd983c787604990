"""The registry in Azure ML passes what every registry passes, here by an account key.

Here `azure-ai-ml`, `azure-storage-blob` and `azure-identity` are real, TLS is real and the blobs are Azurite's. The
control plane is a stand-in: tests/azure/standin.py says what that is worth. What another credential of the datastore
could change is in tests/azure/test_datastores.py.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

from mlops.registries.base import RegisteredDataset, RegisteredVersion, Registry
from tests.azure.conftest import Place
from tests.azure.front import Fault
from tests.registries.conformance import *  # noqa: F403
from tests.registries.conformance import MODEL


@dataclass(frozen=True)
class Workspace:
    """A `Place` of the suite, in a workspace which other people have access to."""

    within: Place

    def registry(self, model: str) -> Registry:
        return self.within.registry(model)

    def archive(self, version: RegisteredVersion) -> None:
        standing = self.within.workspace.models[version.name][version.registry_version]
        standing["properties"]["isArchived"] = True  # type: ignore[index]

    def archive_dataset(self, dataset: RegisteredDataset) -> None:
        standing = self.within.workspace.data[f"{MODEL}.{dataset.description.name}"][dataset.description.version]
        standing["properties"]["isArchived"] = True  # type: ignore[index]

    def spoil_dataset(self, dataset: RegisteredDataset) -> None:
        name = f"datasets/{MODEL}/{dataset.description.name}/registrations/{dataset.description.version}.json"
        self.within.container.upload_blob(name, b'{"name": "half', overwrite=True)

    def spoil(self, version: RegisteredVersion) -> None:
        name = f"models/{version.name}/registrations/{version.version}.json"
        self.within.container.upload_blob(name, b'{"name": "half', overwrite=True)

    def lose_files(self, version: RegisteredVersion) -> None:
        for blob in self.within.container.list_blobs(
            f"models/{version.name}/{version.digest.removeprefix('sha256:')}/"
        ):
            self.within.container.delete_blob(blob.name)

    def add_foreign(self, model: str) -> None:
        made = dict(self.within.workspace.models[model]["1"])
        made["id"] = f"{self.within.workspace.id}/models/{model}/versions/77"
        made["properties"] = {
            **made["properties"],  # type: ignore[dict-item]
            "modelUri": "azureml://jobs/loud_apple_7/outputs/artifacts/paths/model/",
            "properties": {},
        }
        self.within.workspace.models[model]["77"] = made

    @contextmanager
    def denying(self) -> Iterator[Registry]:
        with self.within.cloud.front.spoiling(Fault("", 403)):
            yield self.registry(MODEL)

    @contextmanager
    def unreachable(self) -> Iterator[Registry]:
        with self.within.cloud.front.spoiling(Fault("", 503)):
            yield self.registry(MODEL)


@pytest.fixture
def place(place: Place) -> Workspace:
    return Workspace(place)
