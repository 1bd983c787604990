"""How bundles come into the model directory, and leave it: whole, by one rename; nobody ever sees half of one."""

import errno
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

from mlops.exceptions import ArtifactCorrupt
from mlops.runtime import bundle as bundles
from mlops.runtime.durable import flush_directory

INCOMING = ".incoming-"
ABANDONED_SECONDS = 60 * 60
"""What nothing was added to for so long belongs to a process that was killed."""

OCCUPIED = {errno.EEXIST, errno.ENOTEMPTY, errno.ENOTDIR}
"""Why a directory cannot take a name: something other than an empty directory has it."""


@contextmanager
def arriving(models: Path) -> Iterator[Path]:
    """An empty directory inside `models` for what is under way, gone afterwards with all that is still in it.

    What processes that were killed have left there is removed first. Raises OSError.
    """
    models.mkdir(parents=True, exist_ok=True)
    remove_abandoned(models)
    with tempfile.TemporaryDirectory(dir=models, prefix=INCOMING, ignore_cleanup_errors=True) as directory:
        yield Path(directory)


def keep_alive(directory: Path) -> None:
    """Say that something still arrives there: to be said more often than once in ABANDONED_SECONDS."""
    os.utime(directory)


def remove_abandoned(models: Path) -> None:
    """Remove what processes that were killed have left in `models`."""
    for copy in models.glob(f"{INCOMING}*"):
        # Another process may be removing it as well.
        with suppress(FileNotFoundError):
            if copy.lstat().st_mtime < time.time() - ABANDONED_SECONDS:
                shutil.rmtree(copy, ignore_errors=True)


def settle(copy: Path, target: Path, digest: str) -> None:
    """Give the sound bundle `copy`, in a directory of `arriving`, the name `target`, and see that this is on disk.

    Where another process put the same bundle there first, that one stays; what is damaged there is taken away.
    Raises OSError.
    """
    aside = copy.parent / "damaged"
    aside.mkdir()
    for attempt in count():
        try:
            copy.rename(target)
        except OSError as error:
            if error.errno not in OCCUPIED:
                raise
        else:
            break
        if is_sound(target, digest):
            break
        # Another repairer may have taken it aside already, or put a sound one there just now: then its bundle is
        # the one taken aside, and ours, which is the same, follows at once.
        with suppress(FileNotFoundError):
            target.rename(aside / str(attempt))
    flush_directory(target.parent)


def remove(target: Path) -> None:
    """Take a bundle out of the model directory: by one rename, so that nobody sees half of it. Raises OSError."""
    with arriving(target.parent) as directory, suppress(FileNotFoundError):
        target.rename(directory / "removed")


def is_sound(path: Path, digest: str) -> bool:
    """Whether the bundle of that digest is at `path`, whole."""
    try:
        bundles.check(path, expected_digest=digest)
    except (ArtifactCorrupt, OSError):
        return False
    return True
