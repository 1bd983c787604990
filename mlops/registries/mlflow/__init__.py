"""MLflow as the registry: a registered model's versions, and their files as artifacts of runs, through its server.

The server must hand out artifacts itself (`mlflow server --serve-artifacts`, its default): then this process needs no
credential for the store behind it, and a file is streamed. Everything that is known of a version stands as JSON in one
tag of the model version (100,000 characters at most), written in the call that makes it: nothing half-registered is
ever listed. Data sets are versions of a second registered model, `<model>-datasets`.
"""

import os
from typing import Final
from urllib.parse import urlsplit

from mlops.exceptions import RegistryError
from mlops.registries.base import Registry

# MLflow's own defaults try for minutes. What the operator sets goes before.
PATIENCE: Final = {"MLFLOW_HTTP_REQUEST_MAX_RETRIES": "3", "MLFLOW_HTTP_REQUEST_TIMEOUT": "30"}


def open_registry(*, uri: str, model: str) -> Registry:
    """The registry of the MLflow server at `uri`. Raises RegistryError where `uri` is none, or mlflow is missing."""
    if not uri.startswith(("http://", "https://")):
        raise RegistryError(
            "MLFLOW_TRACKING_URI must be the address of an MLflow server, such as https://mlflow.example."
        )
    if "@" in urlsplit(uri).netloc:
        raise RegistryError(
            "MLFLOW_TRACKING_URI must not hold a name or a password: give them as MLFLOW_TRACKING_USERNAME and "
            "MLFLOW_TRACKING_PASSWORD."
        )
    for name, value in PATIENCE.items():
        os.environ.setdefault(name, value)
    os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
    try:
        from mlflow import MlflowClient

        from mlops.registries.mlflow.registry import MlflowRegistry
    except ImportError as error:
        raise RegistryError("The registry mlflow needs its client: install requirements/mlflow.txt.") from error
    return MlflowRegistry(MlflowClient(tracking_uri=uri, registry_uri=uri), uri.rstrip("/"), model)
