"""Three bundles in Azure ML: the worker alone finds the better one, and says of the others why not."""

from pathlib import Path

import pytest

from tests.azure import standin
from tests.azure.cloud import DATASTORE
from tests.azure.conftest import Place
from tests.registries import walk


def tampering(place: Place, name: str, version: str) -> None:
    """Write into the blob behind everybody's back, and leave what is said of it."""
    told = [held["properties"]["properties"] for held in place.workspace.models[name].values()]  # type: ignore[index]
    (digest,) = [properties["trey.digest"] for properties in told if properties["trey.version"] == version]
    blob = place.container.get_blob_client(f"models/{name}/{digest.removeprefix('sha256:')}/model.onnx")
    content, metadata = bytearray(blob.download_blob().readall()), blob.get_blob_properties().metadata
    content[1000:1013] = b"tampered with"
    blob.upload_blob(bytes(content), overwrite=True, metadata=metadata)


@pytest.mark.timeout(600)
def test_the_worker_proposes_the_better_one_by_itself(place: Place, tmp_path: Path) -> None:
    settings = {
        "REGISTRY": "azureml",
        "AZURE_SUBSCRIPTION_ID": standin.SUBSCRIPTION,
        "AZURE_RESOURCE_GROUP": standin.GROUP,
        "AZURE_ML_WORKSPACE": place.workspace.name,
        "AZURE_ML_DATASTORE": DATASTORE,
        "AZURE_CREDENTIAL": "managed_identity",
    }

    walk.walk(walk.Place(settings, lambda name, version: tampering(place, name, version)), tmp_path)
