"""An Azure of our own: what stands in for it, an empty workspace in it, and the way there.

The clients are those of production, with their defaults and the real names: HTTPS_PROXY leads those names here, and
REQUESTS_CA_BUNDLE has them trust our certificates.
"""

import itertools
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import trustme
from azure.storage.blob import ContainerClient, ContainerSasPermissions, generate_container_sas

from tests.azure import azurite, identity, standin
from tests.azure.front import Front
from tests.azure.proxy import Proxy

DATASTORE = "workspaceblobstore"
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

    @property
    def environment(self) -> dict[str, str]:
        """What a process needs for every name of Azure to lead here, and to have a managed identity."""
        return {
            "HTTPS_PROXY": self.proxy.url,
            "HTTP_PROXY": self.proxy.url,
            "NO_PROXY": "127.0.0.1,localhost",
            "REQUESTS_CA_BUNDLE": str(self.authority),
            "IDENTITY_ENDPOINT": self.machine.url,
            "IDENTITY_HEADER": identity.HEADER,
        }

    def workspace(self, opened_by: str) -> tuple[standin.Workspace, ContainerClient]:
        """An empty workspace, and the empty container of its datastore, which AccountKey, Sas or None opens.

        Asks for the container by the way that `environment` describes.
        """
        number = next(_numbers)
        container = f"container-{number}"
        workspace = standin.Workspace(f"workspace-{number}")
        self.control.workspaces[workspace.name] = workspace
        client = ContainerClient(
            f"https://{azurite.ACCOUNT}.blob.core.windows.net",
            container,
            credential={"account_name": azurite.ACCOUNT, "account_key": azurite.KEY},
        )
        client.create_container()
        workspace.add_datastore(DATASTORE, azurite.ACCOUNT, container, opened_by, _secrets(opened_by, container))
        self.front.forget()
        return workspace, client


@contextmanager
def running(home: Path) -> Iterator[Cloud]:
    """All of it, while the block runs; its certificates are kept in `home`."""
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
