"""Bring a bundle's files from a registry to a directory: no other names, no more bytes, nothing whole in memory."""

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

from mlops.exceptions import NoRoom, RegistryUnavailable
from mlops.registries.base import RemoteFile
from mlops.runtime import bundle as bundles
from mlops.runtime.durable import flush_directory
from mlops.runtime.manifest import Manifest
from mlops.runtime.strict_json import corrupt, quoted

MOST_LISTED = 100
"""A bundle has seven files; of a listing with more, some are enough to see that it is none."""
MANIFEST = "manifest.json"


def manifest_among(listed: Iterable[RemoteFile]) -> tuple[RemoteFile, list[RemoteFile]]:
    """The manifest, and the files besides, whatever they are: the manifest says which there should be.

    Raises ArtifactCorrupt where there is no manifest of a size that one may have.
    """
    files = list(islice(listed, MOST_LISTED))
    manifests = [file for file in files if file.path == MANIFEST]
    if len(manifests) != 1:
        raise corrupt(MANIFEST, "is listed twice" if manifests else "is missing")
    _require_size(manifests[0])
    return manifests[0], [file for file in files if file.path != MANIFEST]


def read_manifest(listed: Iterable[RemoteFile], *, expected_digest: str) -> Manifest:
    """The manifest alone, where it is the one of that digest.

    Raises ArtifactCorrupt, the errors of the registry, NoRoom and OSError where the disk fails.
    """
    manifest, _ = manifest_among(listed)
    with TemporaryDirectory(prefix="trey-manifest-") as directory:
        download([manifest], Path(directory), progress=lambda: None)
        return bundles.check_manifest(Path(directory), expected_digest=expected_digest)


def require_bundle(files: Iterable[RemoteFile], manifest: Manifest) -> None:
    """Raise ArtifactCorrupt unless these are exactly the files besides the manifest, of the sizes it says."""
    found: set[str] = set()
    for file in files:
        if file.path not in bundles.FILES:
            raise corrupt(quoted(file.path), _strangeness(file.path))
        if file.path in found:
            raise corrupt(file.path, "is listed twice")
        _require_size(file)
        entry = manifest.files.get(file.path)
        if entry is not None and entry.bytes != file.bytes:
            raise corrupt(file.path, f"has {file.bytes} bytes where the manifest says {entry.bytes}")
        found.add(file.path)
    if missing := sorted(set(bundles.FILES) - found - {MANIFEST}):
        raise corrupt(missing[0], "is missing")


def _require_size(file: RemoteFile) -> None:
    if not 0 <= file.bytes <= bundles.LARGEST[file.path]:
        raise corrupt(file.path, f"has {file.bytes} bytes, more than the {bundles.LARGEST[file.path]} it may have")


def download(files: Iterable[RemoteFile], into: Path, *, progress: Callable[[], None]) -> None:
    """Write files with names of a bundle's into the directory `into`, and wait until they are on disk.

    `progress` is called with every piece. Raises ArtifactCorrupt where a file has more bytes than was said, the errors
    of the registry, RegistryUnavailable where one ends before, and NoRoom and OSError where the disk fails.
    """
    for file in files:
        _download(file, into / file.path, progress)
    flush_directory(into)


def _download(file: RemoteFile, target: Path, progress: Callable[[], None]) -> None:
    size = 0
    with file.open() as pieces, _writing(target) as written:
        for piece in pieces:
            size += len(piece)
            if size > file.bytes:
                raise corrupt(file.path, f"goes on after the {file.bytes} bytes that the registry said it has")
            written.write(piece)
            progress()
    if size < file.bytes:
        # Cut off on its way: what is really shorter than it should be is so in what the registry says, too.
        raise RegistryUnavailable(f"{file.path} ended after {size} of {file.bytes} bytes: it is fetched again later.")


@contextmanager
def _writing(target: Path) -> Iterator[BinaryIO]:
    """A new file, on disk when the block ends."""
    try:
        with target.open("xb") as written:
            yield written
            written.flush()
            os.fsync(written.fileno())
    except OSError as error:
        # Said here, so that the registry, inside whose block this is, does not take it for an error of its own.
        raise NoRoom(f"The model directory cannot take the bundle: {error.strerror or error}.") from error


def _strangeness(path: str) -> str:
    if path.casefold() in {name.casefold() for name in bundles.FILES}:
        return "is the name of a bundle's file in another case"
    if "/" in path or "\\" in path or path in ("", ".", ".."):
        return "leads out of the bundle or into a folder: a bundle has none"
    return "does not belong in a bundle"
