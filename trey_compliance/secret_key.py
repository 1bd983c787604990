"""A secret key that the installation makes for itself when it is given none."""

import os
from pathlib import Path
from secrets import token_urlsafe

from django.core.exceptions import ImproperlyConfigured


def kept_secret_key(path: Path) -> str:
    """The key kept in the file at `path`, made at first use, readable by its owner only.

    Safe when several processes start at once: the file appears whole or not at all, and all read the same one.
    Raises ImproperlyConfigured where it can neither be read nor made.
    """
    try:
        return _read_or_make(path)
    except OSError as error:
        raise ImproperlyConfigured(
            f"The secret key cannot be kept in {path} ({error.strerror}): make its directory writable and leave room "
            "on its disk, or set VAR_DIR to a directory that is, or set SECRET_KEY."
        ) from error


def _read_or_make(path: Path) -> str:
    try:
        return path.read_text("ascii")
    except FileNotFoundError:
        pass
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(token_urlsafe(50))
            file.flush()
            os.fsync(file.fileno())
        os.link(beside, path)  # unlike a rename, a link never replaces the file of a process that was faster
    except FileExistsError:
        pass
    finally:
        beside.unlink(missing_ok=True)
    return path.read_text("ascii")
