"""The registry in a directory passes what every registry passes, and more that only a directory can get wrong."""

import json
import os
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from mlops.exceptions import AlreadyRegistered, RegistryDenied, RegistryError
from mlops.registries.base import DatasetListing, RegisteredDataset, RegisteredVersion, Registry
from mlops.registries.local import open_registry
from mlops.runtime.bundle import write
from tests.bundles import tiny_files, tiny_manifest, tiny_model
from tests.registries.conformance import *  # noqa: F403
from tests.registries.conformance import MIB, MODEL, bundle, content, content_at, described
from tests.services import ROOT

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

    def archive_dataset(self, dataset: RegisteredDataset) -> None:
        Path(dataset.source).with_name("archived").touch()

    def spoil_dataset(self, dataset: RegisteredDataset) -> None:
        Path(dataset.source).with_name("metadata.json").write_bytes(b"{")

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


def test_a_version_lies_where_its_name_says(tmp_path: Path) -> None:
    open_registry(root=tmp_path / "registry", model=MODEL).register(bundle(tmp_path / "bundle", version="1.2"))

    entry = tmp_path / "registry" / MODEL / "1.2"
    assert sorted(path.name for path in entry.iterdir()) == ["bundle", "metadata.json"]
    assert {path.name: path.read_bytes() for path in (entry / "bundle").iterdir()} == content_at(tmp_path / "bundle")
    assert json.loads((entry / "metadata.json").read_text("utf-8"))["version"] == "1.2"


def test_nothing_but_the_entry_is_left_behind(tmp_path: Path, data: Path) -> None:
    registry = open_registry(root=tmp_path / "registry", model=MODEL)
    registry.register(bundle(tmp_path / "bundle"))
    registry.register_dataset(data, described(data))
    with pytest.raises(AlreadyRegistered):
        registry.register(bundle(tmp_path / "other", scale=2.0))

    assert sorted(path.name for path in (tmp_path / "registry").iterdir()) == [".datasets", MODEL]
    assert [path.name for path in (tmp_path / "registry" / MODEL).iterdir()] == ["1"]


def test_other_accounts_may_read_what_one_registered(tmp_path: Path) -> None:
    registry = open_registry(root=tmp_path / "registry", model=MODEL)
    registered = registry.register(bundle(tmp_path / "bundle"))

    with as_nobody():
        assert registry.versions().versions == (registered,)
        assert set(content(registry, registered)) == set(content_at(tmp_path / "bundle"))


PROGRAM = """
import sys
from pathlib import Path
from mlops.exceptions import AlreadyRegistered
from mlops.registries.local import open_registry
registry = open_registry(root=Path(sys.argv[1]), model="m")
print("ready", flush=True)
sys.stdin.readline()
for path in sys.argv[2:]:
    try:
        print(registry.register(Path(path)).digest)
    except AlreadyRegistered:
        print("taken")
"""


def test_each_version_is_claimed_once_though_processes_register_at_once(tmp_path: Path) -> None:
    rivals = [
        [bundle(tmp_path / f"{rival}-{version}", version=str(version), scale=float(rival)) for version in range(1, 21)]
        for rival in (1, 2, 3)
    ]
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(tmp_path / "registry"), *map(str, paths)],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        for paths in rivals
    ]  # fmt: skip
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    answers = [process.communicate()[0].split() for process in processes]

    registry = open_registry(root=tmp_path / "registry", model=MODEL)
    listing = registry.versions()
    assert listing.unreadable == ()
    assert len(listing.versions) == 20
    for version in listing.versions:
        told = [answer[int(version.version) - 1] for answer in answers]
        assert sorted(told) == sorted([version.digest, "taken", "taken"])
        rival = rivals[told.index(version.digest)]
        assert content(registry, version) == content_at(rival[int(version.version) - 1])


def test_what_a_killed_process_left_is_no_entry_and_goes_after_an_hour(tmp_path: Path) -> None:
    shelf = tmp_path / "registry" / MODEL
    left, fresh = shelf / ".incoming-left", shelf / ".incoming-fresh"
    for half in (left, fresh):
        (half / "1" / "bundle").mkdir(parents=True)
    os.utime(left, (time.time() - 3601, time.time() - 3601))
    registry = open_registry(root=tmp_path / "registry", model=MODEL)
    assert registry.versions().versions == ()
    assert registry.versions().unreadable == ()

    registry.register(bundle(tmp_path / "bundle"))

    assert not left.exists()
    assert fresh.exists()


def test_a_root_that_is_missing_is_an_empty_registry_and_is_not_made_by_looking(tmp_path: Path) -> None:
    registry = open_registry(root=tmp_path / "none" / "registry", model=MODEL)

    assert registry.versions().versions == ()
    assert registry.datasets() == DatasetListing(())
    assert not (tmp_path / "none").exists()


def test_a_root_that_is_a_file_says_so(tmp_path: Path) -> None:
    (tmp_path / "registry").write_text("none", "utf-8")

    with pytest.raises(RegistryError, match=r"holds something else where a directory belongs.*[.]$"):
        open_registry(root=tmp_path / "registry", model=MODEL).versions()


def test_a_root_that_may_only_be_read_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "registry").mkdir(mode=0o555)
    path = bundle(tmp_path / "bundle")

    with as_nobody(), pytest.raises(RegistryDenied, match=r"give this account the right to it, or set REGISTRY_DIR"):
        open_registry(root=tmp_path / "registry", model=MODEL).register(path)


def test_the_root_may_be_a_link_but_no_model_in_it(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "registry").symlink_to(tmp_path / "disk")
    registry = open_registry(root=tmp_path / "registry", model=MODEL)
    registered = registry.register(bundle(tmp_path / "bundle"))
    assert registry.versions().versions == (registered,)

    (tmp_path / "disk" / "other").symlink_to(tmp_path / "disk" / MODEL)

    with pytest.raises(RegistryError):
        open_registry(root=tmp_path / "registry", model="other").versions()
    with pytest.raises(RegistryError):
        open_registry(root=tmp_path / "registry", model="other").register(bundle(tmp_path / "o", name="other"))


def test_a_large_bundle_is_registered_without_being_whole_in_memory(tmp_path: Path) -> None:
    files = tiny_files(model=tiny_model() + bytes(32 * MIB))
    path = write(tmp_path / "bundle", manifest_fields=tiny_manifest(name=MODEL), files=files).path
    registry = open_registry(root=tmp_path / "registry", model=MODEL)

    tracemalloc.start()
    try:
        registered = registry.register(path)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert registered.bytes > 32 * MIB
    assert peak < 16 * MIB
