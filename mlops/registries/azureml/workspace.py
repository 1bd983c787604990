"""An Azure ML workspace: the versions of models and data in it, and what it says of its datastores."""

import logging
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from azure.ai.ml import MLClient
from azure.ai.ml.constants import AssetTypes, ListViewType
from azure.ai.ml.entities import (
    AccountKeyConfiguration,
    AzureBlobDatastore,
    Data,
    Model,
    NoneCredentialConfiguration,
    SasTokenConfiguration,
)
from azure.ai.ml.exceptions import AssetPathException
from azure.core.credentials import AzureNamedKeyCredential, AzureSasCredential, TokenCredential
from azure.core.exceptions import HttpResponseError
from azure.core.pipeline import PipelineResponse
from azure.core.pipeline.policies import RetryPolicy

from mlops.exceptions import AlreadyRegistered, RegistryDenied, RegistryError, VersionNotFound
from mlops.registries.azureml.answers import answering
from mlops.registries.azureml.patience import Patience

StoreCredential = AzureNamedKeyCredential | AzureSasCredential | TokenCredential

ENDPOINT: Final = "core.windows.net"
"""Of Azure's public cloud, the only one that is supported."""

_ACCOUNT = re.compile(r"[a-z0-9]{3,24}")
_TAKEN: Final = "Asset paths cannot be updated"
"""How the workspace refuses to let a number stand for another path."""


@dataclass(frozen=True, slots=True)
class Asset:
    """One version of a model or of data, as the workspace has it; `path` is an azureml:// address."""

    name: str
    version: str
    path: str
    properties: Mapping[str, str]
    tags: Mapping[str, str]
    created_at: datetime | None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a datastore's blobs lie, and what opens them: what the datastore holds, else our own identity."""

    account_url: str
    container: str
    credential: StoreCredential


class Workspace:
    """One client a process: it is safe in several threads, and keeps its connections and tokens."""

    def __init__(
        self, subscription: str, resource_group: str, name: str, *, credential: TokenCredential, patience: Patience
    ) -> None:
        self.name = name
        self._credential = credential
        self._client = MLClient(
            credential,
            subscription,
            resource_group,
            name,
            show_progress=False,
            enable_telemetry=False,
            retry_policy=_Retries(patience),
            connection_timeout=patience.connect,
            read_timeout=patience.read,
        )
        _leave_logging_alone()

    def models(self, name: str, *, archived_too: bool = False) -> list[Asset]:
        """All versions of a model; none where there is no such model."""
        view = ListViewType.ALL if archived_too else ListViewType.ACTIVE_ONLY
        return self._listed(f"list the versions of {name}", lambda: self._client.models.list(name, list_view_type=view))

    def model(self, name: str, version: str) -> Asset:
        """One version of a model, archived or not. Raises VersionNotFound."""
        with self._answering(f"find version {version} of {name}", missing=VersionNotFound):
            return _asset(self._client.models.get(name, version))

    def add_model(self, name: str, path: str, *, properties: Mapping[str, str], tags: Mapping[str, str]) -> Asset:
        """Make a version of a model, of the next number. Raises AlreadyRegistered where another took it meanwhile."""
        model = Model(name=name, path=path, type=AssetTypes.CUSTOM_MODEL, properties=dict(properties), tags=dict(tags))
        with self._answering(f"register a version of {name}"), _taken(f"the next number of {name}"):
            return _asset(self._client.models.create_or_update(model))

    def archive_model(self, name: str, version: str) -> None:
        """Put a version away, as a person would in the studio."""
        with self._answering(f"archive version {version} of {name}"):
            self._client.models.archive(name, version)

    def data_names(self) -> list[str]:
        """The names of all data assets, whoever's."""
        with self._answering("list data assets"):
            return [str(data.name) for data in self._client.data.list()]

    def data(self, name: str, *, archived_too: bool = False) -> list[Asset]:
        """All versions of a data asset; none where there is no such asset."""
        view = ListViewType.ALL if archived_too else ListViewType.ACTIVE_ONLY
        return self._listed(f"list the versions of {name}", lambda: self._client.data.list(name, list_view_type=view))

    def add_data(self, name: str, version: str, path: str, *, properties: Mapping[str, str]) -> Asset:
        """Make that version of a data asset, one file. Raises AlreadyRegistered where it stands for another path."""
        data = Data(name=name, version=version, path=path, type=AssetTypes.URI_FILE, properties=dict(properties))
        with self._answering(f"register {name}:{version}"), _taken(f"{name}:{version}"):
            return _asset(self._client.data.create_or_update(data))

    def place(self, datastore: str) -> Place:
        """Where the blobs of a datastore lie; its secret is asked for anew each time, since it expires."""
        with self._answering(f"open the datastore {datastore}"):
            found = self._client.datastores.get(datastore, include_secrets=True)
        if not isinstance(found, AzureBlobDatastore):
            raise RegistryError(
                f"The datastore {datastore} is of type {found.type}: name one of type azure_blob in AZURE_ML_DATASTORE."
            )
        if (found.protocol, found.endpoint) != ("https", ENDPOINT) or not _ACCOUNT.fullmatch(str(found.account_name)):
            # Whoever may write datastores could else have our token sent to any server.
            raise RegistryError(
                f"The datastore {datastore} lies at {found.protocol}://{found.account_name}.blob.{found.endpoint}, "
                f"which is no storage account at https://….blob.{ENDPOINT}: name another in AZURE_ML_DATASTORE."
            )
        return Place(
            account_url=f"https://{found.account_name}.blob.{ENDPOINT}",
            container=str(found.container_name),
            credential=self._opens(found),
        )

    def _opens(self, found: AzureBlobDatastore) -> StoreCredential:
        match found.credentials:
            case AccountKeyConfiguration(account_key=str(key)):
                return AzureNamedKeyCredential(str(found.account_name), key)
            case SasTokenConfiguration(sas_token=str(token)):
                return AzureSasCredential(token)
            case None | NoneCredentialConfiguration():
                return self._credential
            case AccountKeyConfiguration() | SasTokenConfiguration():
                raise RegistryDenied(
                    f"The workspace does not give the secret of the datastore {found.name}: allow this installation "
                    "datastores/listSecrets, as docs/azure.md says."
                )
        raise RegistryError(
            f"The datastore {found.name} is opened by a {type(found.credentials).__name__}: give it an account key, a "
            "shared access signature, or no credential, which makes it ask for our identity."
        )

    def _listed(self, asked: str, ask: Callable[[], Iterable[Model | Data]]) -> list[Asset]:
        try:
            with self._answering(asked, missing=VersionNotFound):
                return [_asset(found) for found in ask()]
        except VersionNotFound:
            return []

    @contextmanager
    def _answering(self, asked: str, *, missing: type[RegistryError] = RegistryError) -> Iterator[None]:
        try:
            with answering(asked, missing=VersionNotFound):
                yield
        except VersionNotFound as error:
            # A 404 does not say whether it is the workspace that is missing, or something in it.
            self._require_workspace()
            raise missing(str(error)) from error

    def _require_workspace(self) -> None:
        with answering(f"find the workspace {self.name}, of AZURE_ML_WORKSPACE"):
            self._client.workspaces.get(self.name)


class _Retries(RetryPolicy[Any, Any]):
    """Azure's own way to try again, but never asleep for longer than we are patient."""

    def __init__(self, patience: Patience) -> None:
        super().__init__(
            retry_total=patience.retries,
            retry_backoff_factor=patience.first_pause,
            retry_backoff_max=patience.longest_pause,
        )
        self._longest = patience.longest_pause

    def is_retry(self, settings: dict[str, Any], response: PipelineResponse[Any, Any]) -> bool:
        """False too where Azure asks for a longer pause; the base class would sleep as long as it is told."""
        asked = self.get_retry_after(response)
        return (asked is None or asked <= self._longest) and bool(super().is_retry(settings, response))


@contextmanager
def _taken(what: str) -> Iterator[None]:
    try:
        yield
    except AssetPathException:
        raise AlreadyRegistered(f"{what} stands for something else in the workspace.") from None
    except HttpResponseError as error:
        if error.status_code == 409 or _TAKEN in str(error):
            raise AlreadyRegistered(f"{what} stands for something else in the workspace.") from None
        raise


def _asset(found: Model | Data) -> Asset:
    created = found.creation_context.created_at if found.creation_context else None
    return Asset(
        name=str(found.name),
        version=str(found.version),
        path=str(found.path),
        properties=dict(found.properties or {}),
        tags=dict(found.tags or {}),
        created_at=created if isinstance(created, datetime) else None,
    )


def _leave_logging_alone() -> None:
    """The client gives its loggers levels and handlers of their own, and logs each request and each call.

    What is below it logs addresses with their signatures, where all that is said is to be logged.
    """
    client = logging.getLogger("azure.ai.ml")
    client.handlers.clear()
    client.propagate = True
    for name in ("azure", "azure.ai.ml", "azure.ai.ml._telemetry", "msal", "urllib3"):
        if logging.getLogger(name).level != logging.WARNING:
            logging.getLogger(name).setLevel(logging.WARNING)
