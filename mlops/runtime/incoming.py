"""How directories come into being: filled where nobody looks, then there by one rename, whole or not at all."""

import errno
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

INCOMING: Final = ".incoming-"
"""What the names of directories begin with in which something is under way."""
ABANDONED_SECONDS: Final = 60 * 60
"""What nothing was added to for so long belongs to a process that was killed."""

_OCCUPIED = {errno.EEXIST, errno.ENOTEMPTY, errno.ENOTDIR}
"""Why a directory cannot take a name: something other than an empty directory has it."""


@contextmanager
def arriving(parent: Path) -> Iterator[Path]:
    """An empty directory inside `parent` for what is under way, gone afterwards with all that is still in it.

    `parent` is made where it is missing, and what processes that were killed have left there is removed first. Raises
    OSError.
    """
    parent.mkdir(parents=True, exist_ok=True)
    remove_abandoned(parent)
    with tempfile.TemporaryDirectory(dir=parent, prefix=INCOMING, ignore_cleanup_errors=True) as directory:
        yield Path(directory)


def keep_alive(directory: Path) -> None:
    """Say that something still arrives there: to be said more often than once in ABANDONED_SECONDS."""
    os.utime(directory)


def remove_abandoned(parent: Path) -> None:
    """Remove what processes that were killed have left in `parent`."""
    for left in parent.glob(f"{INCOMING}*"):
        # Another process may be removing it as well.
        with suppress(FileNotFoundError):
            if left.lstat().st_mtime < time.time() - ABANDONED_SECONDS:
                shutil.rmtree(left, ignore_errors=True)


def takes_name(directory: Path, target: Path) -> bool:
    """Rename the directory to `target`; False where something other than an empty directory has that name already.

    Both are in one file system, and of several that do so at once, one does. Raises OSError.
    """
    try:
        directory.rename(target)
    except OSError as error:
        if error.errno in _OCCUPIED:
            return False
        raise
    return True
