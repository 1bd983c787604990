"""A bundle is to be seen whole or not at all."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from mlops.exceptions import ArtifactCorrupt
from mlops.runtime.bundle import FILES, read, write
from mlops.runtime.manifest import parse_manifest
from tests.bundles import tiny_files, tiny_manifest


def names(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.iterdir())


def no_space(*_: object) -> None:
    raise OSError(28, "No space left on device")


def test_what_is_written_is_what_is_read(tmp_path: Path) -> None:
    written = write(tmp_path / "bundle", manifest_fields=tiny_manifest(), files=tiny_files())
    assert written == read(tmp_path / "bundle", expected_digest=written.digest)
    assert names(tmp_path / "bundle") == sorted(FILES)
    assert names(tmp_path) == ["bundle"]


def test_the_same_content_has_the_same_digest(tmp_path: Path) -> None:
    digests = {
        write(tmp_path / name, manifest_fields=tiny_manifest(), files=tiny_files()).digest for name in ("a", "b")
    }
    assert len(digests) == 1


def test_other_processes_may_read_it(tmp_path: Path) -> None:
    write(tmp_path / "bundle", manifest_fields=tiny_manifest(), files=tiny_files())
    assert (tmp_path / "bundle").stat().st_mode & 0o055 == 0o055


def test_the_manifest_comes_back_as_it_was_written(tmp_path: Path) -> None:
    manifest = write(tmp_path / "bundle", manifest_fields=tiny_manifest(), files=tiny_files()).manifest
    on_disk = json.loads((tmp_path / "bundle" / "manifest.json").read_bytes())
    assert manifest.as_json() == on_disk
    assert parse_manifest(json.dumps(manifest.as_json()).encode()) == manifest


@pytest.mark.parametrize("make", [Path.mkdir, Path.touch, lambda path: path.symlink_to("nowhere")])
def test_what_exists_is_never_overwritten(tmp_path: Path, make) -> None:
    make(tmp_path / "bundle")
    with pytest.raises(FileExistsError, match="never overwritten"):
        write(tmp_path / "bundle", manifest_fields=tiny_manifest(), files=tiny_files())
    assert names(tmp_path) == ["bundle"]


@pytest.mark.parametrize(
    "fields",
    [{**tiny_manifest(), "threshold": 2}, {**tiny_manifest(), "metrics": {"f1": float("nan")}}, {"name": "tiny"}],
    ids=["out of range", "not a number", "missing"],
)
def test_fields_that_make_no_sound_bundle_leave_nothing(tmp_path: Path, fields: dict[str, object]) -> None:
    with pytest.raises(ArtifactCorrupt):
        write(tmp_path / "bundle", manifest_fields=fields, files=tiny_files())
    assert names(tmp_path) == []


@pytest.mark.parametrize("name", ["../escaped", "manifest.json", "model.onnx.data"])
def test_only_the_files_of_a_bundle_are_packed(tmp_path: Path, name: str) -> None:
    with pytest.raises(ArtifactCorrupt, match="packed from exactly"):
        write(tmp_path / "bundle", manifest_fields=tiny_manifest(), files={**tiny_files(), name: b"{}"})
    assert names(tmp_path) == []


@pytest.mark.parametrize("calls_before", range(8))
def test_a_disk_that_fails_while_flushing_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, calls_before: int
) -> None:
    flush, calls = os.fsync, iter(range(100))
    monkeypatch.setattr(os, "fsync", lambda fd: flush(fd) if next(calls) < calls_before else no_space())
    with pytest.raises(OSError, match="No space left"):
        write(tmp_path / "bundle", manifest_fields=tiny_manifest(), files=tiny_files())
    assert names(tmp_path) == []


def test_a_rename_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "rename", no_space)
    with pytest.raises(OSError, match="No space left"):
        write(tmp_path / "bundle", manifest_fields=tiny_manifest(), files=tiny_files())
    assert names(tmp_path) == []


DIE = """
import os, sys, pathlib
from mlops.runtime.bundle import write
from tests.bundles import tiny_files, tiny_manifest
place, calls_before = pathlib.Path(sys.argv[1]), int(sys.argv[2])
flush, calls = os.fsync, iter(range(100))
os.fsync = lambda fd: flush(fd) if next(calls) < calls_before else os._exit(9)
write(place, manifest_fields=tiny_manifest(), files=tiny_files())
"""


@pytest.mark.parametrize("calls_before", [0, 3, 7])
def test_a_process_that_dies_while_writing_leaves_nothing_under_the_name(tmp_path: Path, calls_before: int) -> None:
    root = Path(__file__).parents[2]
    place = tmp_path / "bundle"
    died = subprocess.run([sys.executable, "-c", DIE, str(place), str(calls_before)], cwd=root, check=False)
    assert died.returncode == 9
    assert [name for name in names(tmp_path) if not name.startswith(".")] == []
    assert write(place, manifest_fields=tiny_manifest(), files=tiny_files()).path == place
