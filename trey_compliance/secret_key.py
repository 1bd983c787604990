"""A secret key that the installation makes for itself when it is given none."""

import os
from pathlib import Path
from secrets import token_urlsafe


def kept_secret_key(path: Path) -> str:
    """The key kept in the file at `path`, made at first use, readable by its owner only.

    Safe when several processes start at once: the file appears whole or not at all, and all read the same one.
    """
    try:
        return path.read_text("ascii")
    except FileNotFoundError:
        pass
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(token_urlsafe(50))
    try:
        os.link(beside, path)  # unlike a rename, a link never replaces the file of a process that was faster
    except FileExistsError:
        pass
    finally:
        beside.unlink()
    return path.read_text("ascii")
