"""An Azure of our own for each run of the tests, and an empty workspace in it for each test.

The clients are those of production, with their defaults and the real names: HTTPS_PROXY leads those names here, and
REQUESTS_CA_BUNDLE has them trust our certificates. No test can reach anything else, and each says so at its end.
"""

import itertools
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme
from azure.storage.blob import ContainerClient, ContainerSasPermissions, generate_container_sas

from mlops.registries.azureml import open_registry
from mlops.registries.azureml.patience import Patience
from mlops.registries.base import Registry
from tests.azure import azurite, guard, identity, standin
from tests.azure.front import Front
from tests.azure.proxy import Proxy

DATASTORE = "workspaceblobstore"
PATIENCE = Patience(retries=2, first_pause=0.02, longest_pause=0.1, connect=2.0, read=1.0)
NAMES = (standin.HOST, identity.HOST, ".blob.core.windows.net")
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Cloud:
    """All that stands in for Azure: the TLS server and what is behind it, and the way there."""

    front: Front
    proxy: Proxy
    control: standin.ControlPlane
    login: identity.Login
    machine: identity.ManagedIdentity
    authority: Path


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
    home = tmp_path_factory.mktemp("azure")
    authority = trustme.CA()
    certificate = authority.issue_cert(standin.HOST, identity.HOST, "*.blob.core.windows.net", "127.0.0.1")
    paths = {name: home / f"{name}.pem" for name in ("authority", "certificate", "key")}
    authority.cert_pem.write_to_path(paths["authority"])
    certificate.private_key_pem.write_to_path(paths["key"])
    for part in certificate.cert_chain_pems:
        part.write_to_path(paths["certificate"], append=True)
    serving, asking = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context()
    certificate.configure_cert(serving)
    authority.configure_trust(asking)
    control, login = standin.ControlPlane(), identity.Login()
    with azurite.running(paths["certificate"], paths["key"]) as port:
        sites = {standin.HOST: control, identity.HOST: login, "": azurite.AzuriteSite(port, asking)}
        with (
            Front(sites, serving).running() as front,
            Proxy(NAMES, front.port).running() as proxy,
            identity.ManagedIdentity().running() as machine,
        ):
            yield Cloud(front, proxy, control, login, machine, paths["authority"])


@pytest.fixture(autouse=True)
def way_to_azure(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """This machine has a managed identity; every name leads to `cloud`, and a test that asks for another one fails."""
    for name in ("AZURE_CLIENT_ID", "AZURE_TENANT_ID", "AZURE_CLIENT_SECRET", "AZURE_FEDERATED_TOKEN_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HTTPS_PROXY", cloud.proxy.url)
    monkeypatch.setenv("HTTP_PROXY", cloud.proxy.url)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(cloud.authority))
    monkeypatch.setenv("IDENTITY_ENDPOINT", cloud.machine.url)
    monkeypatch.setenv("IDENTITY_HEADER", identity.HEADER)
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
    number = next(_numbers)
    container = f"container-{number}"
    workspace = standin.Workspace(f"workspace-{number}")
    cloud.control.workspaces[workspace.name] = workspace
    client = ContainerClient(
        f"https://{azurite.ACCOUNT}.blob.core.windows.net",
        container,
        credential={"account_name": azurite.ACCOUNT, "account_key": azurite.KEY},
    )
    client.create_container()
    workspace.add_datastore(DATASTORE, azurite.ACCOUNT, container, opened_by, _secrets(opened_by, container))
    cloud.front.forget()
    return Place(cloud, workspace, client)


def _secrets(opened_by: str, container: str) -> standin.Fields:
    if opened_by == "AccountKey":
        return {"key": azurite.KEY}
    if opened_by == "Sas":
        now = datetime.now(UTC)
        allowed = ContainerSasPermissions(read=True, add=True, create=True, write=True, list=True)
        token = generate_container_sas(
            azurite.ACCOUNT,
            container,
            account_key=azurite.KEY,
            permission=allowed,
            start=now - timedelta(minutes=5),
            expiry=now + timedelta(hours=1),
        )
        return {"sasToken": token}
    return {}
