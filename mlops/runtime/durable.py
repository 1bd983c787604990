"""Bytes that outlive a loss of power: on disk before anything speaks of them."""

import os
from pathlib import Path


def flush_file(path: Path) -> None:
    """Wait until the content of the file is on disk."""
    _flush(path, os.O_RDONLY)


def flush_directory(path: Path) -> None:
    """Wait until the names in the directory are on disk."""
    _flush(path, os.O_RDONLY | os.O_DIRECTORY)


def _flush(path: Path, flags: int) -> None:
    descriptor = os.open(path, flags | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
