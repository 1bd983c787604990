"""Room in the model directory: what is not needed makes way, what may be asked again stays."""

import logging
import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import transaction

from mlops.contracts import ENDED, VersionState
from mlops.exceptions import InvalidTransition, NoRoom
from mlops.models import ModelVersion
from mlops.services import arrivals, lifecycle
from mlops.services.serving import bundle_path

RESERVE_BYTES: Final = 64 * 1024**2
"""What stays free on the disk whatever is fetched."""

GOES_FIRST: Final = (
    *ENDED,
    VersionState.REGISTERED,
    VersionState.VERIFIED,
)
"""Files of versions in these states make room, in this order; those of registered ones a crash has left."""

log = logging.getLogger(__name__)


def make_room(wanted: int) -> None:
    """See that `wanted` bytes more fit in MODEL_DIR_BYTES and on the disk, evicting files where it must.

    1. Never those of a version that serves or served, is candidate, waits to be measured, or has predictions, which
       must be repeatable, nor of one that no registry has.
    2. The oldest of each state go first. A verified version goes back to registered before its files go.

    Raises NoRoom where that is not enough, and evicts nothing where it cannot be. Raises OSError.
    """
    models = Path(settings.MODEL_DIR)
    if wanted > settings.MODEL_DIR_BYTES:
        raise NoRoom(f"The bundle has {wanted:,} bytes, and MODEL_DIR_BYTES is {settings.MODEL_DIR_BYTES:,}.")
    missing = _missing(models, wanted)
    if missing <= 0:
        return
    evictable = list(_evictable())
    gain = sum(used_bytes(bundle_path(version.digest)) for version in evictable)
    if missing > gain:
        raise NoRoom(
            f"{models} lacks {missing - gain:,} bytes for the bundle, and what else it holds is needed: archive "
            "versions, allow it more (MODEL_DIR_BYTES), or give its disk more room."
        )
    for version in evictable:
        _evict(version)
        if _missing(models, wanted) <= 0:
            return
    raise NoRoom(f"{models} filled up while it made room for the bundle: it is tried again later.")


def used_bytes(models: Path) -> int:
    """The sum of all files below the directory, those under way too."""
    total = 0
    for directory, _, names in os.walk(models):
        for name in names:
            # Others come and go meanwhile.
            with suppress(FileNotFoundError):
                total += (Path(directory) / name).lstat().st_size
    return total


def _missing(models: Path, wanted: int) -> int:
    """How many bytes are to go before `wanted` fit; 0 or less where they do."""
    models.mkdir(parents=True, exist_ok=True)
    allowed = settings.MODEL_DIR_BYTES - used_bytes(models)
    free = shutil.disk_usage(models).free - RESERVE_BYTES
    return wanted - min(allowed, free)


def _evictable() -> Iterator[ModelVersion]:
    needed = set(ModelVersion.objects.awaiting_evaluation().values_list("pk", flat=True))
    dispensable = ModelVersion.objects.dispensable().without_documents()
    for state in GOES_FIRST:
        for version in dispensable.in_state(state).order_by("registered_at", "pk"):
            if version.pk not in needed and bundle_path(version.digest).is_dir():
                yield version


def _evict(version: ModelVersion) -> None:
    if version.state == VersionState.VERIFIED:
        try:
            with transaction.atomic():
                current = ModelVersion.objects.select_for_update(no_key=True).get(pk=version.pk)
                if current.state == VersionState.CANDIDATE:
                    # Since it was looked at. A candidate that lost its files may go back, but none makes room.
                    return
                lifecycle.move(current, VersionState.REGISTERED, reason="Its files made room for others.", by=None)
        except InvalidTransition:
            # It began to serve, or ended, since it was looked at.
            return
    arrivals.remove(bundle_path(version.digest))
    log.info("The files of %s (%s) made room for others.", version, version.state)
