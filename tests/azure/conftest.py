"""An Azure of our own for each run of the tests, and an empty workspace in it for each test.

No test can reach anything else, and each says so at its end.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from azure.storage.blob import ContainerClient

from mlops.registries.azureml import blobs
from mlops.registries.azureml.credentials import credential_of
from mlops.registries.azureml.patience import Patience
from mlops.registries.azureml.workspace import Workspace
from mlops.registries.base import RegisteredVersion, Registry
from mlops.registries.choice import open_registry
from tests.azure import guard, standin
from tests.azure.cloud import DATASTORE, Cloud, running
from tests.registries.conformance import MODEL, bundle

PATIENCE = Patience(retries=2, first_pause=0.02, longest_pause=0.1, connect=2.0, read=1.0)


@dataclass(frozen=True)
class Place:
    """One empty workspace, whose datastore has an empty container of its own."""

    cloud: Cloud
    workspace: standin.Workspace
    container: ContainerClient

    def registry(
        self,
        model: str,
        *,
        credential: str = "managed_identity",
        patience: Patience = PATIENCE,
        datastore: str = DATASTORE,
    ) -> Registry:
        """The registry as production opens it."""
        options = {**self._address(credential), "datastore": datastore, "model": model}
        return open_registry("azureml", {**options, "patience": patience})

    def opened(self) -> Workspace:
        """The workspace itself, by the client that the registry has."""
        address = self._address("managed_identity")
        credential = credential_of(address.pop("credential"), PATIENCE)
        return Workspace(*address.values(), credential=credential, patience=PATIENCE)

    def _address(self, credential: str) -> dict[str, str]:
        return {
            "subscription": standin.SUBSCRIPTION,
            "resource_group": standin.GROUP,
            "workspace": self.workspace.name,
            "credential": credential,
        }


@dataclass(frozen=True)
class Filled:
    """A workspace with one version, that of the bundle at `path`."""

    place: Place
    path: Path
    registered: RegisteredVersion


@pytest.fixture(scope="session")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    with running(tmp_path_factory.mktemp("azure")) as cloud:
        yield cloud


@pytest.fixture(autouse=True)
def way_to_azure(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """This machine has a managed identity; every name leads to `cloud`, and a test that asks for another one fails."""
    _lead(cloud, monkeypatch)
    cloud.front.forget()
    cloud.proxy.refused.clear()
    with guard.watching() as left:
        yield
    assert cloud.proxy.refused == []
    assert left == []


@pytest.fixture(params=["AccountKey"])
def opened_by(request: pytest.FixtureRequest) -> str:
    """What the datastore is opened by: AccountKey, Sas or None. Modules that test all three say so."""
    return str(request.param)


@pytest.fixture
def place(cloud: Cloud, way_to_azure: None, opened_by: str) -> Place:
    return Place(cloud, *cloud.workspace(opened_by))


@pytest.fixture(scope="session")
def filled(cloud: Cloud, tmp_path_factory: pytest.TempPathFactory) -> Filled:
    """One for all the tests that change nothing in it: a client and a version of one's own cost half a second."""
    path = bundle(tmp_path_factory.mktemp("filled") / "bundle")
    with pytest.MonkeyPatch.context() as patched:
        _lead(cloud, patched)
        place = Place(cloud, *cloud.workspace("AccountKey"))
        return Filled(place, path, place.registry(MODEL).register(path))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return bundle(tmp_path / "bundle")


@pytest.fixture
def registered(place: Place, path: Path) -> RegisteredVersion:
    """The bundle at `path`, in the workspace of the test."""
    return place.registry(MODEL).register(path)


@pytest.fixture
def in_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tiny files go up in several blocks and come down in several pieces, as large ones do."""
    monkeypatch.setattr(blobs, "BLOCK", 300)
    monkeypatch.setattr(blobs, "PIECE", 300)


def _lead(cloud: Cloud, patched: pytest.MonkeyPatch) -> None:
    for name in ("AZURE_CLIENT_ID", "AZURE_TENANT_ID", "AZURE_CLIENT_SECRET", "AZURE_FEDERATED_TOKEN_FILE"):
        patched.delenv(name, raising=False)
    for name, value in cloud.environment.items():
        patched.setenv(name, value)
