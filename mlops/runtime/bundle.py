"""The bundle, the unit of deployment: a directory of seven files, data only, under one digest.

Its format: `docs/bundle.md`. The bytes that were verified are those that are used: each is read once, and by no link.
"""

import errno
import hashlib
import json
import os
import shutil
import stat
import tempfile
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from mlops.exceptions import ArtifactCorrupt
from mlops.runtime.durable import flush_directory, flush_file
from mlops.runtime.manifest import (
    DIGEST,
    FORMAT,
    PAYLOAD,
    FileEntry,
    GoldenSample,
    Manifest,
    parse_golden,
    parse_manifest,
)
from mlops.runtime.strict_json import FETCH_AGAIN, corrupt, parse_object, quoted

FILES = ("manifest.json", *PAYLOAD, "DIGEST")

_MIB = 1024 * 1024
LARGEST: Mapping[str, int] = {
    "model.onnx": 512 * _MIB,
    "tokenizer.json": 64 * _MIB,
    "golden.json": 8 * _MIB,
    "reference.json": 8 * _MIB,
    "card.md": 8 * _MIB,
    "manifest.json": 8 * _MIB,
    "DIGEST": 72,
}
"""The most bytes that each file may have."""

_DOCUMENTS = ("golden.json", "reference.json", "card.md")
"""What is small, and read here."""

_OF_THE_MACHINE = {errno.EIO, errno.EMFILE, errno.ENFILE, errno.ENOMEM}
_REFERENCE_FIELDS = ("rows", "score", "tokens", "characters", "unknown_token_rate", "label_share", "terms")


@dataclass(frozen=True, slots=True)
class Bundle:
    """A verified bundle. `digest` is "sha256:" and 64 hexadecimal digits; it covers every file."""

    path: Path
    digest: str
    manifest: Manifest
    manifest_bytes: int
    golden: tuple[GoldenSample, ...]
    reference: dict[str, object]
    card: str
    model: bytes
    tokenizer: bytes

    @property
    def model_version(self) -> str:
        """Name and version as they are written everywhere: "name:version"."""
        return self.manifest.model_version

    @property
    def bytes(self) -> int:
        """Size of its seven files."""
        return sum(entry.bytes for entry in self.manifest.files.values()) + self.manifest_bytes + LARGEST["DIGEST"]


def read(path: Path, *, expected_digest: str | None = None) -> Bundle:
    """The bundle at `path`, verified against its own digest and, where given, the one that is expected.

    Raises UnsupportedFormat for a bundle of a newer format and ArtifactCorrupt for everything else that is wrong.
    """
    try:
        with _opened(path, os.O_DIRECTORY) as directory:
            return _read(path, directory, expected_digest)
    except ArtifactCorrupt as error:
        raise type(error)(f"The bundle {path} is refused: {error}") from error
    except OSError as error:
        raise ArtifactCorrupt(f"The bundle {path} cannot be read: {error.strerror or error}. {FETCH_AGAIN}") from error


def check(path: Path, *, expected_digest: str | None = None) -> Bundle:
    """The bundle at `path`, verified as by `read`, without the bytes of model and tokenizer: in constant memory.

    What it raises does not name the path. Raises UnsupportedFormat, ArtifactCorrupt, and OSError where the disk fails.
    """
    with _opened(path, os.O_DIRECTORY) as directory:
        return _read(path, directory, expected_digest, held=_DOCUMENTS)


def check_manifest(path: Path, *, expected_digest: str) -> Manifest:
    """The manifest in the directory `path`, of which nothing else need be there yet: that of the expected digest.

    Raises UnsupportedFormat, ArtifactCorrupt, and OSError where the disk fails.
    """
    with _opened(path, os.O_DIRECTORY) as directory:
        content = _read_file(directory, "manifest.json")
    if _digest_of(content) != expected_digest:
        raise corrupt("manifest.json", f"has the digest {_digest_of(content)} where {expected_digest} was expected")
    return parse_manifest(content)


def write(path: Path, *, manifest_fields: Mapping[str, object], files: Mapping[str, bytes]) -> Bundle:
    """Pack `files` (exactly PAYLOAD) into a new bundle at `path`, and return it as read back.

    `manifest_fields` are the manifest without "files"; "format" may be left out. Nothing is to be seen at `path`
    before all of it is verified and on disk. Raises FileExistsError where something is at `path` already,
    ArtifactCorrupt where the fields or files make no sound bundle, OSError where the disk fails.
    """
    if set(files) != set(PAYLOAD):
        raise ArtifactCorrupt(f"A bundle is packed from exactly {', '.join(PAYLOAD)}, not {sorted(files)}.")
    manifest = _manifest_bytes(manifest_fields, files)
    digest = f"{_digest_of(manifest)}\n".encode()
    with _scratch(path) as scratch:
        for name, content in {**files, "manifest.json": manifest, "DIGEST": digest}.items():
            (scratch / name).write_bytes(content)
            flush_file(scratch / name)
        flush_directory(scratch)
        bundle = read(scratch)
        # Replaces an empty directory that appeared meanwhile; one with content makes the rename fail.
        scratch.rename(path)
    flush_directory(path.parent)
    return replace(bundle, path=path)


def _read(path: Path, directory: int, expected_digest: str | None, *, held: Collection[str] = PAYLOAD) -> Bundle:
    """Manifest and format first: a newer format may well have other files. Only files in `held` are kept in memory."""
    manifest_bytes = _read_file(directory, "manifest.json")
    digest = _verified_digest(directory, manifest_bytes, expected_digest)
    manifest = parse_manifest(manifest_bytes)
    _require_exactly(directory, FILES)
    content = {name: _read_verified(directory, name, manifest.files[name], held=name in held) for name in PAYLOAD}
    return Bundle(
        path=path,
        digest=digest,
        manifest=manifest,
        manifest_bytes=len(manifest_bytes),
        golden=parse_golden(content["golden.json"]),
        reference=_reference(content["reference.json"]),
        card=_card(content["card.md"]),
        model=content["model.onnx"],
        tokenizer=content["tokenizer.json"],
    )


@contextmanager
def _opened(path: Path | str, flags: int, *, within: int | None = None) -> Iterator[int]:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | flags, dir_fd=within)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _require_exactly(directory: int, names: tuple[str, ...]) -> None:
    found = set(os.listdir(directory))  # of the descriptor: the path may lead elsewhere by now
    if extra := found - set(names):
        raise corrupt(quoted(min(extra)), "does not belong in a bundle")
    if missing := set(names) - found:
        raise corrupt(min(missing), "is missing")


def _read_file(directory: int, name: str) -> bytes:
    """The whole of a regular file."""
    with _regular_file(directory, name) as (file, size):
        content = file.read(size + 1)
    _require_unchanged(name, size, len(content))
    return content


def _read_verified(directory: int, name: str, entry: FileEntry, *, held: bool) -> bytes:
    """The content of the file that the manifest says, empty unless it is to be held."""
    content = _read_file(directory, name) if held else b""
    size, digest = (len(content), hashlib.sha256(content).hexdigest()) if held else _measure(directory, name)
    if size != entry.bytes:
        raise corrupt(name, f"has {size} bytes where the manifest says {entry.bytes}")
    if digest != entry.sha256:
        raise corrupt(name, "is not the file of the manifest: its SHA-256 differs")
    return content


def _measure(directory: int, name: str) -> tuple[int, str]:
    """Size and SHA-256 of a regular file, of which no more than a piece is in memory at once."""
    total, found = hashlib.sha256(), 0
    with _regular_file(directory, name) as (file, size):
        while found <= size and (piece := file.read(_MIB)):
            total.update(piece)
            found += len(piece)
    _require_unchanged(name, size, found)
    return found, total.hexdigest()


@contextmanager
def _regular_file(directory: int, name: str) -> Iterator[tuple[BinaryIO, int]]:
    """A regular file and its size. O_NONBLOCK keeps the opening of a named pipe from waiting for ever.

    Raises ArtifactCorrupt where there is none, OSError where the machine is to blame.
    """
    try:
        with _opened(name, os.O_NOFOLLOW | os.O_NONBLOCK, within=directory) as descriptor:
            size = _size(descriptor, name)
            with os.fdopen(descriptor, "rb", closefd=False) as file:
                yield file, size
    except FileNotFoundError as error:
        raise corrupt(name, "is missing") from error
    except OSError as error:
        if error.errno in _OF_THE_MACHINE:
            raise
        raise corrupt(name, f"cannot be read as a regular file ({error.strerror or error})") from error


def _size(descriptor: int, name: str) -> int:
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        raise corrupt(name, "is not a regular file")
    if status.st_size > LARGEST[name]:
        raise corrupt(name, f"has {status.st_size} bytes, more than the {LARGEST[name]} it may have")
    return status.st_size


def _require_unchanged(name: str, size: int, found: int) -> None:
    if found != size:
        raise corrupt(name, "changed while it was read")


def _verified_digest(directory: int, manifest: bytes, expected: str | None) -> str:
    line = _read_file(directory, "DIGEST").decode("ascii", "replace")
    digest = line.removesuffix("\n")
    if digest == line or not DIGEST.fullmatch(digest):
        raise corrupt("DIGEST", 'is not one line of "sha256:" and 64 hexadecimal digits')
    if digest != _digest_of(manifest):
        raise corrupt("manifest.json", "is not what DIGEST says: one of the two was changed")
    if expected is not None and digest != expected:
        raise corrupt("DIGEST", f"says {digest} where {expected} was expected")
    return digest


def _digest_of(manifest: bytes) -> str:
    return f"sha256:{hashlib.sha256(manifest).hexdigest()}"


def _reference(content: bytes) -> dict[str, object]:
    reference = parse_object("reference.json", content)
    if missing := [field for field in _REFERENCE_FIELDS if field not in reference]:
        raise corrupt("reference.json", f"lacks {', '.join(missing)}")
    return reference


def _card(content: bytes) -> str:
    if b"\0" in content:
        raise corrupt("card.md", "holds a NUL, which no database takes")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise corrupt("card.md", "is not UTF-8") from error


def _manifest_bytes(fields: Mapping[str, object], files: Mapping[str, bytes]) -> bytes:
    entries = {
        name: {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)} for name, content in files.items()
    }
    manifest = {"format": FORMAT, **fields, "files": entries}
    try:
        return (json.dumps(manifest, sort_keys=True, indent=2, allow_nan=False) + "\n").encode()
    except (TypeError, ValueError) as error:
        raise ArtifactCorrupt(f"The manifest's fields are not JSON: {error}.") from error


@contextmanager
def _scratch(path: Path) -> Iterator[Path]:
    """A directory beside `path` that is gone afterwards, unless it was renamed. No bundle's name begins with a dot."""
    if os.path.lexists(path):
        raise FileExistsError(
            f"{path} exists already; bundles are never overwritten. Remove it or choose another place."
        )
    scratch = Path(tempfile.mkdtemp(prefix=f".{path.name}.", dir=path.parent))
    try:
        scratch.chmod(0o755)  # mkdtemp gives none but its owner access; other processes serve from here
        yield scratch
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
