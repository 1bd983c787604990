"""What is wrong with a bundle is found before anything of it is used, and the sentence names the file."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from mlops.exceptions import ArtifactCorrupt
from mlops.runtime.bundle import FILES, LARGEST, read
from mlops.runtime.manifest import PAYLOAD
from tests.bundles import GOLDEN, reseal, write_tiny_bundle

Spoil = Callable[[Path], object]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return write_tiny_bundle(tmp_path / "bundle")


def replace_by_link(path: Path, name: str) -> None:
    target = path.parent / f"elsewhere-{name}"
    (path / name).rename(target)
    (path / name).symlink_to(target)


def replace_by_pipe(path: Path, name: str) -> None:
    (path / name).unlink()
    os.mkfifo(path / name)


def replace_by_directory(path: Path, name: str) -> None:
    (path / name).unlink()
    (path / name).mkdir()


def cut(path: Path, name: str) -> None:
    os.truncate(path / name, (path / name).stat().st_size - 1)


def flip_last_byte(path: Path, name: str) -> None:
    content = (path / name).read_bytes()
    (path / name).write_bytes(content[:-1] + bytes([content[-1] ^ 1]))


def outgrow(path: Path, name: str) -> None:
    os.truncate(path / name, LARGEST[name] + 1)


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize(
    ("spoil", "problem"),
    [
        (replace_by_link, "cannot be read as a regular file"),
        (replace_by_pipe, "is not a regular file"),
        (replace_by_directory, "is not a regular file"),
        (outgrow, r"has \d+ bytes, more than the \d+ it may have"),
        (cut, "(has .* bytes where the manifest says|is not what DIGEST says|is not one line)"),
        (flip_last_byte, "(is not the file of the manifest|is not what DIGEST says|is not one line)"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_spoiled_file_is_refused_by_name(
    path: Path, name: str, spoil: Callable[[Path, str], object], problem: str
) -> None:
    spoil(path, name)
    with pytest.raises(ArtifactCorrupt, match=rf"refused: {name} {problem}.*\. Fetch the bundle again"):
        read(path)


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_refused_by_name(path: Path, name: str) -> None:
    (path / name).unlink()
    with pytest.raises(ArtifactCorrupt, match=f"refused: {name} is missing"):
        read(path)


@pytest.mark.parametrize("name", PAYLOAD)
def test_a_file_exchanged_for_one_of_the_same_size_is_refused(path: Path, name: str) -> None:
    (path / name).write_bytes(b"x" * (path / name).stat().st_size)
    with pytest.raises(ArtifactCorrupt, match=f"{name} is not the file of the manifest"):
        read(path)


@pytest.mark.parametrize("name", ["run.py", ".hidden", "model.onnx.data"])
def test_an_extra_file_is_refused(path: Path, name: str) -> None:
    (path / name).write_bytes(b"")
    with pytest.raises(ArtifactCorrupt, match=f"'{name}' does not belong"):
        read(path)


def test_an_extra_directory_is_refused(path: Path) -> None:
    (path / "sub").mkdir()
    with pytest.raises(ArtifactCorrupt, match="'sub' does not belong"):
        read(path)


@pytest.mark.parametrize("make", [lambda path: None, Path.touch], ids=["nothing", "a file"])
def test_what_is_no_directory_is_refused(tmp_path: Path, make: Spoil) -> None:
    make(tmp_path / "bundle")
    with pytest.raises(ArtifactCorrupt, match="cannot be read"):
        read(tmp_path / "bundle")


def test_another_digest_than_expected_is_refused(path: Path) -> None:
    with pytest.raises(ArtifactCorrupt, match="was expected"):
        read(path, expected_digest="sha256:" + "0" * 64)


def test_a_resealed_bundle_is_sound_but_not_the_one_that_was_expected(path: Path) -> None:
    digest = read(path).digest
    (path / "card.md").write_bytes(b"Trust me.")
    assert read(reseal(path)).card == "Trust me."
    with pytest.raises(ArtifactCorrupt, match="was expected"):
        read(path, expected_digest=digest)


@pytest.mark.parametrize(
    "line",
    [b"", b"sha256:\n", b"0" * 64 + b"\n", b"sha256:" + b"A" * 64 + b"\n", b"md5:" + b"0" * 64 + b"\n", b"\xff" * 72],
)
def test_a_digest_that_is_none_is_refused(path: Path, line: bytes) -> None:
    (path / "DIGEST").write_bytes(line)
    with pytest.raises(ArtifactCorrupt, match="DIGEST is not one line"):
        read(path)


@pytest.mark.parametrize("name", [b"\xff", b"line\nline", b"\x1b[2J"])
def test_a_file_name_of_any_bytes_is_told_in_characters_that_print(path: Path, name: bytes) -> None:
    Path(os.fsdecode(os.fsencode(path) + b"/" + name)).touch()
    with pytest.raises(ArtifactCorrupt, match="does not belong") as refusal:
        read(path)
    assert str(refusal.value).encode().decode().isprintable()


def test_a_sound_bundle_is_read_whole(path: Path) -> None:
    bundle = read(path)
    assert bundle.model_version == "tiny:1"
    assert bundle.digest == (path / "DIGEST").read_text().strip()
    assert len(bundle.golden) == len(GOLDEN)
    assert (bundle.manifest.threshold, bundle.manifest.input.max_tokens) == (0.5, 32)
    assert bundle.model == (path / "model.onnx").read_bytes()
    assert bundle.reference["rows"] == 2


def test_a_bundle_may_be_moved(path: Path, tmp_path: Path) -> None:
    digest = read(path).digest
    assert read(Path(shutil.move(path, tmp_path / "other")), expected_digest=digest).path == tmp_path / "other"
