"""Azure ML as the registry: what is known of a version in a workspace, its bytes in that workspace's Blob Storage.

A version is a version of the Azure ML model, a number that the workspace counts; its properties say which bundle it
stands for. In the datastore lie:

    models/<model>/registrations/<version>.json   the claims, written once: whose it is owns the bundle's version
    models/<model>/<64 hexadecimal digits>/       the files of the bundle with that digest, each written once

The Azure ML model version is made last, so that nothing half-written is ever listed. Data sets are data assets
`<model>.<name>` in the same manner, below `datasets/<model>/<name>/`.
"""

from mlops.exceptions import RegistryError
from mlops.registries.azureml.patience import Patience
from mlops.registries.base import Registry


def open_registry(
    *,
    subscription: str,
    resource_group: str,
    workspace: str,
    datastore: str,
    credential: str,
    model: str,
    patience: Patience | None = None,
) -> Registry:
    """The registry of `model` in that workspace; nothing is asked of Azure yet. Takes seconds: it loads the client.

    `credential` is managed_identity, workload_identity, environment or developer. Raises RegistryError where the client
    libraries are not installed, or the credential lacks its settings.
    """
    patience = patience or Patience()
    try:
        from mlops.registries.azureml.credentials import credential_of
        from mlops.registries.azureml.registry import AzureMLRegistry
        from mlops.registries.azureml.workspace import Workspace
    except ImportError as error:
        raise RegistryError(
            f"The registry azureml needs its client libraries ({error}): install requirements/azure.txt."
        ) from error
    identity = credential_of(credential, patience)
    place = Workspace(subscription, resource_group, workspace, credential=identity, patience=patience)
    return AzureMLRegistry(place, datastore, model, patience)
