"""Why a database did not do what it was asked, told so that the right thing is looked after."""

import errno
import os
import sqlite3
import tempfile
from enum import Enum
from pathlib import Path

from django.db import DatabaseError, OperationalError

LEAST_ROOM = 1024**2
"""Bytes that must have room beside a database's file, for what its next transactions write."""

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class Outage(Enum):
    """What keeps a database from its work, in a sentence."""

    SILENT = "The database does not answer."
    FULL = "The database cannot be written: its disk is full."
    READ_ONLY = "The database cannot be written."


# The last byte of SQLite's extended codes is the code itself: https://www.sqlite.org/rescode.html
_OF_SQLITE = {sqlite3.SQLITE_FULL: Outage.FULL, sqlite3.SQLITE_READONLY: Outage.READ_ONLY}
# https://www.postgresql.org/docs/current/errcodes-appendix.html: disk_full, read_only_sql_transaction.
_OF_POSTGRESQL = {"53100": Outage.FULL, "25006": Outage.READ_ONLY}


def outage_of(error: BaseException | None) -> Outage | None:
    """The outage that an error of the database tells of; None where it tells of something else."""
    if not isinstance(error, DatabaseError):
        return None
    cause = error.__cause__
    code = _OF_SQLITE.get(getattr(cause, "sqlite_errorcode", 0) & 0xFF)
    found = code or _OF_POSTGRESQL.get(getattr(cause, "sqlstate", None) or "")
    return found or (Outage.SILENT if isinstance(error, OperationalError) else None)


def outage_of_file(database: Path) -> Outage | None:
    """What keeps a database in a file, which may not be there yet, from being written; None where nothing does."""
    if database.exists() and not os.access(database, os.W_OK):
        return Outage.READ_ONLY
    try:
        # Without a name, and gone when it is closed: as a rule nothing of it reaches the disk.
        with tempfile.TemporaryFile(dir=database.parent, buffering=0) as room:
            written = room.write(bytes(LEAST_ROOM))
    except OSError as error:
        return Outage.FULL if error.errno in _NO_ROOM else Outage.READ_ONLY
    return None if written == LEAST_ROOM else Outage.FULL
