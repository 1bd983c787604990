"""How bundles come into the model directory, and leave it: whole, by one rename; nobody ever sees half of one."""

from contextlib import suppress
from itertools import count
from pathlib import Path

from mlops.exceptions import ArtifactCorrupt
from mlops.runtime import bundle as bundles
from mlops.runtime.durable import flush_directory
from mlops.runtime.incoming import arriving, takes_name


def settle(copy: Path, target: Path, digest: str) -> None:
    """Give the sound bundle `copy`, in a directory of `arriving`, the name `target`, and see that this is on disk.

    Where another process put the same bundle there first, that one stays; what is damaged there is taken away.
    Raises OSError.
    """
    aside = copy.parent / "damaged"
    aside.mkdir()
    for attempt in count():
        if takes_name(copy, target) or is_sound(target, digest):
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
