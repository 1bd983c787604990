"""The registry in a directory passes what every registry passes, and more that only a directory can get wrong."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from mlops.registries.base import RegisteredVersion, Registry
from mlops.registries.local import open_registry
from tests.registries.conformance import *  # noqa: F403
from tests.registries.conformance import MODEL

NOBODY = 65534


class Directory:
    """A `Place` in a directory, which other people have access to."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def registry(self, model: str) -> Registry:
        return open_registry(root=self.root, model=model)

    def entry(self, version: RegisteredVersion) -> Path:
        return self.root / version.name / version.registry_version

    def archive(self, version: RegisteredVersion) -> None:
        (self.entry(version) / "archived").touch()

    def spoil(self, version: RegisteredVersion) -> None:
        metadata = self.entry(version) / "metadata.json"
        metadata.write_bytes(metadata.read_bytes()[:-20])

    def lose_files(self, version: RegisteredVersion) -> None:
        (self.entry(version) / "bundle").rename(self.root / "elsewhere")

    def add_foreign(self, model: str) -> None:
        (self.root / model / "notes.txt").write_text("By hand.", "utf-8")

    @contextmanager
    def denying(self) -> Iterator[Registry]:
        self.root.chmod(0o000)
        try:
            with as_nobody():
                yield self.registry(MODEL)
        finally:
            self.root.chmod(0o755)

    @contextmanager
    def unreachable(self) -> Iterator[Registry]:
        yield open_registry(root=self.root / ("a name that no file system takes" * 10), model=MODEL)


@contextmanager
def as_nobody() -> Iterator[None]:
    """Without the rights of root, whom no mode of a file keeps out."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    """One that anybody may look into: pytest's own is closed to all but the account that runs the tests."""
    with tempfile.TemporaryDirectory(prefix="trey-registry-") as directory:
        Path(directory).chmod(0o755)
        yield Path(directory)


@pytest.fixture
def place(tmp_path: Path) -> Directory:
    return Directory(tmp_path / "registry")
