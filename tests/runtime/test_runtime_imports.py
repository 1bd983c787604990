"""The runtime is light: it loads neither Django nor anything that trains."""

import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = ["django", "celery", "rest_framework", "torch", "transformers", "sklearn", "onnx", "mlflow", "azure"]
LOAD = "import sys; import {module}; print(*sorted(set({names!r}) & set(sys.modules)))"


def loaded(module: str, names: list[str]) -> list[str]:
    """Which of `names` a fresh process has loaded after importing `module`."""
    done = subprocess.run(
        [sys.executable, "-c", LOAD.format(module=module, names=names)],
        cwd=Path(__file__).parents[2],
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.split()


def test_the_runtime_loads_neither_django_nor_what_trains() -> None:
    assert loaded("mlops.runtime.watcher", [*HEAVY, "onnxruntime"]) == ["onnxruntime"]


@pytest.mark.parametrize("module", ["mlops.runtime.bundle", "mlops.runtime.manifest"])
def test_bundles_are_read_without_the_libraries_that_run_them(module: str) -> None:
    assert loaded(module, [*HEAVY, "onnxruntime", "tokenizers", "numpy"]) == []
