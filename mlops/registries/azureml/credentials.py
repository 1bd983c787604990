"""Who this installation is to Azure: one credential object a process, since it keeps its tokens."""

import os
from typing import Any, Final

from azure.core.credentials import TokenCredential
from azure.identity import (
    DefaultAzureCredential,
    EnvironmentCredential,
    ManagedIdentityCredential,
    WorkloadIdentityCredential,
)

from mlops.exceptions import RegistryError
from mlops.registries.azureml.patience import Patience

KINDS: Final = ("managed_identity", "workload_identity", "environment", "developer")


def credential_of(kind: str, patience: Patience) -> TokenCredential:
    """The credential of that kind; no token is asked for yet. Raises RegistryError where its settings are missing."""
    waits: dict[str, Any] = {
        "connection_timeout": patience.connect,
        "read_timeout": patience.read,
        "retry_total": patience.retries,
        "retry_backoff_factor": patience.first_pause,
        "retry_backoff_max": patience.longest_pause,
    }
    try:
        match kind:
            case "managed_identity":
                # The identity of that client id; that of the machine itself where none is named.
                return ManagedIdentityCredential(client_id=os.environ.get("AZURE_CLIENT_ID"), **waits)
            case "workload_identity":
                return WorkloadIdentityCredential(**waits)
            case "environment":
                return EnvironmentCredential(**waits)
            case "developer":
                return DefaultAzureCredential(exclude_interactive_browser_credential=True, **waits)
    except ValueError as error:
        raise RegistryError(f"AZURE_CREDENTIAL is {kind}, which lacks its settings: {error}") from error
    raise RegistryError(f"AZURE_CREDENTIAL must be one of {', '.join(KINDS)}, not {kind!r}.")
