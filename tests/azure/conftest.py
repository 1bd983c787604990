"""An Azure of our own for each run of the tests, and an empty workspace in it for each test.

No test can reach anything else, and each says so at its end.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from azure.storage.blob import ContainerClient

from mlops.registries.azureml import open_registry
from mlops.registries.azureml.patience import Patience
from mlops.registries.base import Registry
from tests.azure import guard, standin
from tests.azure.cloud import DATASTORE, Cloud, running

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
        return open_registry(
            subscription=standin.SUBSCRIPTION,
            resource_group=standin.GROUP,
            workspace=self.workspace.name,
            datastore=datastore,
            credential=credential,
            model=model,
            patience=patience,
        )


@pytest.fixture(scope="session")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    with running(tmp_path_factory.mktemp("azure")) as cloud:
        yield cloud


@pytest.fixture(autouse=True)
def way_to_azure(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """This machine has a managed identity; every name leads to `cloud`, and a test that asks for another one fails."""
    for name in ("AZURE_CLIENT_ID", "AZURE_TENANT_ID", "AZURE_CLIENT_SECRET", "AZURE_FEDERATED_TOKEN_FILE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in cloud.environment.items():
        monkeypatch.setenv(name, value)
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
