"""Entries of a directory, each a directory that appears whole or not at all, whoever else writes.

Nothing below the root is opened through a link, so that an entry cannot hand out a file from elsewhere.
"""

import errno
import os
import shutil
import stat
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from io import FileIO
from itertools import islice
from pathlib import Path
from typing import Final

from mlops.exceptions import RegistryDenied, RegistryError, RegistryUnavailable, VersionNotFound
from mlops.runtime.durable import flush_directory
from mlops.runtime.incoming import arriving, takes_name

PIECE: Final = 1024 * 1024

_DENIED = {errno.EACCES, errno.EPERM, errno.EROFS}
_NO_DIRECTORY = {errno.ENOTDIR, errno.ELOOP}
_ODD = {*_NO_DIRECTORY, errno.ENOENT, errno.EISDIR, errno.EINVAL, errno.EFBIG, errno.ENXIO}


@contextmanager
def answering(path: Path) -> Iterator[None]:
    """Raises what the file system says as an error of a registry, with a sentence that says what to do."""
    try:
        yield
    except FileNotFoundError as error:
        raise VersionNotFound(f"{error.filename or path} in {path} is not there.") from error
    except OSError as error:
        raise _refusal(path, error) from error


def is_odd(error: OSError) -> bool:
    """Whether what was opened is none of ours, rather than out of reach."""
    return error.errno in _ODD


def put(root: Path, *below: str, fill: Callable[[Path], None]) -> bool:
    """Make the entry `root`/`below`, which `fill` writes; False where the name is taken. Raises OSError.

    Of several that put the same name at once, one does. `fill` has its own files on disk when it returns.
    """
    shelf = root.joinpath(*below[:-1])
    shelf.mkdir(parents=True, exist_ok=True)
    with opened(root, *below[:-1]), arriving(shelf) as directory:
        entry = directory / below[-1]
        entry.mkdir(mode=0o755)
        fill(entry)
        flush_directory(entry)
        if not takes_name(entry, shelf / below[-1]):
            return False
    flush_directory(shelf)
    return True


def names(root: Path, *below: str) -> list[str]:
    """The names of the entries, in their order; none where there is no such shelf. Raises OSError."""
    try:
        with opened(root, *below) as shelf, os.scandir(shelf) as entries:
            found = [entry.name for entry in entries]
    except FileNotFoundError:
        return []
    return sorted(name for name in found if not name.startswith("."))


def holds(root: Path, *below: str) -> bool:
    """Whether there is anything at `root`/`below`, a link too. Raises OSError."""
    try:
        with opened(root, *below[:-1]) as shelf:
            os.stat(below[-1], dir_fd=shelf, follow_symlinks=False)
    except FileNotFoundError:
        return False
    return True


def files(root: Path, *below: str, most: int) -> list[tuple[str, os.stat_result]]:
    """The names in the directory `root`/`below`, in their order, and what each is; of many the first `most` found.

    Raises OSError.
    """
    with opened(root, *below) as directory, os.scandir(directory) as entries:
        return sorted((entry.name, entry.stat(follow_symlinks=False)) for entry in islice(entries, most))


@contextmanager
def opened(root: Path, *below: str) -> Iterator[int]:
    """A descriptor of the directory `root`/`below`; `root` itself may be a link. Raises OSError."""
    with ExitStack() as open_ones:
        descriptor: int | None = None
        for name, flags in [(str(root), 0), *((name, os.O_NOFOLLOW) for name in below)]:
            descriptor = os.open(name, os.O_RDONLY | os.O_CLOEXEC | os.O_DIRECTORY | flags, dir_fd=descriptor)
            open_ones.callback(os.close, descriptor)
        assert descriptor is not None  # noqa: S101 - the root, at least
        yield descriptor


@contextmanager
def reading(name: str, *, within: int) -> Iterator[Iterator[bytes]]:
    """The content of a regular file, in pieces. Raises OSError: ELOOP for a link, EINVAL for what is no file."""
    with regular(name, within=within, flags=os.O_NOFOLLOW) as file:
        yield iter(lambda: file.read(PIECE), b"")


def regular(name: str | Path, *, within: int | None = None, flags: int = 0) -> FileIO:
    """A regular file, opened. Raises OSError: EINVAL for what is no file."""
    # O_NONBLOCK keeps the opening of a named pipe from waiting for ever.
    descriptor = os.open(name, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | flags, dir_fd=within)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        # Before fdopen, which refuses a directory and leaves it open.
        os.close(descriptor)
        raise OSError(errno.EINVAL, "it is not a regular file", str(name))
    return os.fdopen(descriptor, "rb", buffering=0)


def content(name: str, *, within: int, most: int) -> bytes:
    """The whole content of a small regular file. Raises OSError: as `reading`, and EFBIG beyond `most` bytes."""
    read = b""
    with reading(name, within=within) as pieces:
        for piece in pieces:
            read += piece
            if len(read) > most:
                raise OSError(errno.EFBIG, f"it has more than {most} bytes", name)
    return read


def copy(source: Path, target: Path) -> None:
    """Copy a file, and wait until it is on disk. Raises OSError."""
    with source.open("rb") as original, target.open("xb") as duplicate:
        shutil.copyfileobj(original, duplicate, PIECE)
        duplicate.flush()
        os.fsync(duplicate.fileno())


def write(path: Path, written: bytes) -> None:
    """Write a new file, and wait until it is on disk. Raises OSError."""
    with path.open("xb") as file:
        file.write(written)
        file.flush()
        os.fsync(file.fileno())


def _refusal(path: Path, error: OSError) -> RegistryError:
    reason = error.strerror or str(error)
    if error.errno in _DENIED:
        return RegistryDenied(
            f"{path} may not be used ({reason}): give this account the right to it, or set REGISTRY_DIR to a "
            "directory it has."
        )
    if error.errno in _NO_DIRECTORY:
        return RegistryError(f"{path} holds something else where a directory belongs ({reason}): see what it is.")
    return RegistryUnavailable(
        f"{path} cannot be used now ({reason}): see that its disk is there and has room; it is tried again."
    )
