"""Three bundles in a directory: the worker alone finds the better one, and says of the others why not."""

from pathlib import Path

import pytest

from tests.registries.walk import Place, walk


def tampering(root: Path, name: str, version: str) -> None:
    with (root / name / version / "bundle" / "model.onnx").open("r+b") as model:
        model.seek(1000)
        model.write(b"tampered with")


@pytest.mark.timeout(600)
def test_the_worker_proposes_the_better_one_by_itself(tmp_path: Path) -> None:
    root = tmp_path / "registry"

    walk(Place({"REGISTRY_DIR": str(root)}, lambda name, version: tampering(root, name, version)), tmp_path)
