"""A registry as the suite uses it: empty, and with what others than we do to it."""

from contextlib import AbstractContextManager
from hashlib import sha256
from pathlib import Path
from typing import Protocol

import pytest

from mlops.registries.base import DatasetDescription, RegisteredDataset, RegisteredVersion, Registry
from mlops.runtime.bundle import FILES, write
from tests.bundles import tiny_files, tiny_manifest

MODEL = "m"
MIB = 1024 * 1024
UNICODE = "grün, 緑, 🔧 and \"quotes\" \\ 'too'"
LINEAGE = {
    "data_digest": "sha256:" + "1" * 64,
    "data_counts": {"train": 55_000, "validation": 4_000},
    "code_commit": "0123456789abcdef0123456789abcdef01234567",
    "config": {"name": "m", "seed": 2019, "data": {"notes": ["überall.csv"], "csv": None}, "rate": 0.001},
    "libraries": {"torch": "2.13.0+cpu"},
    "remark": UNICODE,
}
METRICS = {
    "results": {
        "combinations": {
            "accuracy": {"share": 0.99425, "low": 0.99, "high": 0.996, "right": 3977, "total": 4000},
            "recall": {"share": 1 / 3, "low": 0.3, "high": 0.4, "right": 1, "total": 3},
            "calibration_error": 1e-9,
        },
        "boundary years": {"accuracy": {"share": 1.0}},
    },
    "training_seconds": 2760,
    "shipped": "int8",
}
FLAT = {
    "boundary_years.accuracy": 1.0,
    "combinations.accuracy": 0.99425,
    "combinations.calibration_error": 1e-9,
    "combinations.recall": 1 / 3,
    "training_seconds": 2760.0,
}


class Place(Protocol):
    """An empty registry, and what others than we do to it."""

    def registry(self, model: str) -> Registry:
        """The registry of that model, opened anew: it remembers nothing that another one of this place did."""
        ...

    def archive(self, version: RegisteredVersion) -> None:
        """Archive a version, as an operator would."""
        ...

    def archive_dataset(self, dataset: RegisteredDataset) -> None:
        """Archive a data set of MODEL, as an operator would."""
        ...

    def spoil_dataset(self, dataset: RegisteredDataset) -> None:
        """Change what stands in the registry of a data set of MODEL, so that it can no longer be read."""
        ...

    def spoil(self, version: RegisteredVersion) -> None:
        """Change what stands in the registry of the version, so that it can no longer be read."""
        ...

    def lose_files(self, version: RegisteredVersion) -> None:
        """Remove the version's files and leave the rest."""
        ...

    def add_foreign(self, model: str) -> None:
        """Register something under that model's name by other means than ours."""
        ...

    def denying(self) -> AbstractContextManager[Registry]:
        """A registry of MODEL in which we may neither read nor write."""
        ...

    def unreachable(self) -> AbstractContextManager[Registry]:
        """A registry of MODEL that gives no answer for now."""
        ...


def bundle(path: Path, *, name: str = MODEL, version: str = "1", scale: float = 1.0, **fields: object) -> Path:
    """A bundle at `path`; another `scale` gives it another digest, `fields` go into its manifest."""
    manifest = tiny_manifest(name=name, version=version, scale=scale) | fields
    return write(path, manifest_fields=manifest, files=tiny_files()).path


def content(registry: Registry, version: RegisteredVersion) -> dict[str, bytes]:
    """Every file of the version, as the registry hands it out."""
    found = {}
    for file in registry.files(version):
        with file.open() as pieces:
            found[file.path] = b"".join(pieces)
        assert len(found[file.path]) == file.bytes
    return found


def content_at(path: Path) -> dict[str, bytes]:
    return {name: (path / name).read_bytes() for name in FILES}


def described(file: Path, *, name: str = "workshop", version: str = "1", **fields: object) -> DatasetDescription:
    given = {"regulation": "TREY-2019-1", "rows": 2, "counts": {"0": 1, "1": 1}, "recipe": {}} | fields
    digest = f"sha256:{sha256(file.read_bytes()).hexdigest()}"
    return DatasetDescription(name=name, version=version, digest=digest, **given)  # type: ignore[arg-type]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    file = tmp_path / "data.csv"
    file.write_text("text,label\nsteel from 2012,0\niron from 1971,1\n", "utf-8")
    return file
