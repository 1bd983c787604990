"""Three bundles on an MLflow server: the worker alone finds the better one, and says of the others why not."""

import json
from pathlib import Path

import pytest
from mlflow import MlflowClient

from tests.mlflow_server.server import running
from tests.registries.walk import Place, walk


def tampering(address: str, store: Path, name: str, version: str) -> None:
    """Write into the file behind the server's back: its artifacts lie in `store`, by the path of their source."""
    for entry in MlflowClient(tracking_uri=address, registry_uri=address).search_model_versions(f"name='{name}'"):
        if json.loads(entry.tags["trey.claims"])["version"] == version:
            file = store / entry.source.removeprefix("mlflow-artifacts:/") / "model.onnx"
            with file.open("r+b") as model:
                model.seek(1000)
                model.write(b"tampered with")


@pytest.mark.timeout(600)
def test_the_worker_proposes_the_better_one_by_itself(tmp_path: Path) -> None:
    home = tmp_path / "mlflow"
    home.mkdir()
    with running(home) as address:
        settings = {"REGISTRY": "mlflow", "MLFLOW_TRACKING_URI": address}
        walk(Place(settings, lambda name, version: tampering(address, home / "store", name, version)), tmp_path)
