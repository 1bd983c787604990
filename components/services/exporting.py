"""Export what officers decided, with its proof."""

import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings
from django.db import transaction

from audit.services import record
from components.models import User
from components.packs.exceptions import PackExists
from components.packs.folder import Folder
from components.packs.making import Contents, make
from components.packs.scope import Scope


@dataclass(frozen=True, slots=True)
class Pack:
    """A zip at `path`; `digest` is its SHA-256, as the event of its export names it."""

    path: Path
    digest: str
    contents: Contents


def export(scope: Scope, *, to: Path, by: User | None) -> Pack:
    """Write a pack to `to`, with an event: the whole zip is there, or nothing.

    1. It is written beside, its name is taken, it is recorded with its digest, and then renamed: no pack is without its
       event, and no event is of a pack whose name another had.
    2. Memory does not grow with what it holds; the disk needs room for it twice.

    Raises PackExists, NothingToExport, UnderBlindReview, and OSError where the disk fails.
    """
    if to.exists():
        raise _exists(to)
    with _beside(to) as scratch:
        folder = Folder(scratch / "files")
        contents = make(scope, folder, anchor_file=Path(settings.AUDIT_ANCHORS), by=by)
        written = scratch / "pack.zip"
        folder.zip(written)
        pack = Pack(to, _digest_of(written), contents)
        with _taken(to):
            with transaction.atomic():
                record("audit_pack_exported", by=by, after=_told(scope, pack))
            written.replace(to)
    return pack


@contextmanager
def _taken(name: Path) -> Iterator[None]:
    """Within this the name is ours, by an empty file that goes again where the block fails. Raises PackExists."""
    try:
        name.touch(exist_ok=False)
    except FileExistsError as error:
        raise _exists(name) from error
    try:
        yield
    except BaseException:
        # A process that is killed leaves it: an empty file in the way, and never a pack that nobody recorded.
        name.unlink(missing_ok=True)
        raise


def _exists(path: Path) -> PackExists:
    return PackExists(f"{path.name} exists already: choose another name.")


def _told(scope: Scope, pack: Pack) -> dict[str, object]:
    return {"scope": scope.as_json(), "digest": pack.digest, **asdict(pack.contents)}


@contextmanager
def _beside(path: Path) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".pack-", ignore_cleanup_errors=True) as directory:
        yield Path(directory)


def _digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
