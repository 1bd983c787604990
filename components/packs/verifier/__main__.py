"""Verify a pack and say so."""

from __future__ import annotations

import argparse
import csv
import sqlite3
import sys
import zipfile
import zlib
from pathlib import Path

from .form import Wrong
from .told import Verification

ALTERED: tuple[type[Exception], ...] = (EOFError, zipfile.BadZipFile, zlib.error)
"""A zip that was cut off or altered."""
try:
    from lzma import LZMAError
except ImportError:  # A Python that was built without it opens no such zip, and says so.
    pass
else:
    ALTERED = (*ALTERED, LZMAError)

UNREADABLE: tuple[type[Exception], ...] = (
    *(LookupError, ValueError, TypeError, AttributeError, OSError, csv.Error, sqlite3.Error),
    *ALTERED,
    *(ArithmeticError, RuntimeError),  # a number too large for SQLite, lists too deep for json, a zip with a password
)


def main() -> int:
    parser = argparse.ArgumentParser(description="Verify an audit pack.")
    parser.add_argument(
        "pack", nargs="?", type=Path, default=Path(__file__).resolve().parent.parent, help="folder or zip"
    )
    parser.add_argument("--anchors", type=Path, help="a file of anchors that was kept elsewhere")
    verification = Verification(**vars(parser.parse_args()))
    try:
        verification.run()
    except Wrong as error:
        return refused(str(error))
    except UNREADABLE as error:
        return refused(f"{verification.place}: it cannot be read ({type(error).__name__}: {error}).")
    sys.stdout.writelines(f"Note. {note}\n" for note in verification.notes)
    sys.stdout.writelines(f"{count:9,} lines of {name}\n" for name, count in sorted(verification.counts.items()))
    head = verification.pack["head"]
    sys.stdout.write(f"All is as it was written, up to event {head['position']} of digest {head['digest']}.\n")
    return 0


def refused(sentence: str) -> int:
    sys.stdout.write(f"WRONG. {sentence}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
