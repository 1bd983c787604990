"""Anchors: where the chain stood, written down outside the database, so that a tail that was cut off is missed."""

import fcntl
import json
import os
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from django.utils import timezone

from audit.canonical import GENESIS
from audit.exceptions import AnchorNotWritten
from audit.models import Event

_LONGEST_LINE = 4096  # bytes; in truth it has some 150
_FIELDS = {"position": int, "digest": str, "at": str}
_DIGEST = re.compile("[0-9a-f]{64}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Anchor:
    """The last event at that time; position 0 and the genesis digest where there was none. `at` is ISO 8601, UTC."""

    position: int
    digest: str
    at: str

    @property
    def taken_at(self) -> datetime:
        return datetime.fromisoformat(self.at)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A line of the file that is no anchor, counted from 1."""

    line: int


def take(file: Path) -> Anchor:
    """Append where the chain stands now to the file: one whole line on the disk, or none.

    Raises AnchorNotWritten where that cannot be.
    """
    last = Event.objects.last_first().values_list("position", "digest").first()
    position, digest = last or (0, GENESIS)
    anchor = Anchor(position, digest, timezone.now().isoformat(timespec="seconds"))
    line = json.dumps(asdict(anchor)).encode() + b"\n"
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        _append(file, line)
    except OSError as error:
        raise AnchorNotWritten(f"The anchor could not be written to {file.name}: {error.strerror}.") from error
    return anchor


def read(file: Path) -> Iterator[Anchor | Unreadable]:
    """Every line of the file, in order, but for one that is not whole yet; none where there is no file."""
    if not file.exists():
        return
    with file.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            if line.endswith(b"\n"):
                yield _parsed(line) or Unreadable(number)


def readable(file: Path) -> list[Anchor]:
    """Every anchor of the file that can be read, in order."""
    return [anchor for anchor in read(file) if isinstance(anchor, Anchor)]


def _parsed(line: bytes) -> Anchor | None:
    try:
        told = json.loads(line)
        if not isinstance(told, dict) or {name: type(value) for name, value in told.items()} != _FIELDS:
            return None
        anchor = Anchor(**told)
        return anchor if _could_be_taken(anchor) else None
    except ValueError:
        return None


def _could_be_taken(anchor: Anchor) -> bool:
    """Before the first event, the chain stands at its beginning and nowhere else."""
    place = anchor.position > 0 or (anchor.position == 0 and anchor.digest == GENESIS)
    return place and _DIGEST.fullmatch(anchor.digest) is not None and anchor.taken_at.tzinfo is not None


def _append(file: Path, line: bytes) -> None:
    new = not file.exists()
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        whole = _end_of_whole_lines(descriptor)
        try:
            # What a crash left of a line goes; what this one leaves of it too.
            os.ftruncate(descriptor, whole)
            if os.write(descriptor, line) != len(line):
                raise OSError(None, "the disk is full")
            os.fsync(descriptor)
        except OSError:
            os.ftruncate(descriptor, whole)
            raise
    finally:
        os.close(descriptor)
    if new:
        _sync_directory(file.parent)


def _end_of_whole_lines(descriptor: int) -> int:
    size = os.fstat(descriptor).st_size
    start = max(0, size - _LONGEST_LINE)
    tail = os.pread(descriptor, _LONGEST_LINE, start)
    if start and b"\n" not in tail:
        raise OSError(None, "it is no file of anchors")
    return start + tail.rfind(b"\n") + 1


def _sync_directory(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
