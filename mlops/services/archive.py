"""Past model versions, opened again to say what they said."""

import os
import threading
from collections import OrderedDict

from django.conf import settings

from mlops.exceptions import NotArchived, NotServing
from mlops.models import ModelVersion
from mlops.runtime.bundle import read
from mlops.runtime.servable import Servable
from mlops.services import serving

MOST_OPENED = 2
"""Each holds a model in memory: two, so that comparing two versions opens neither twice."""


class Archive:
    """The archived servables that were asked for last. Thread-safe: who asks while one is opened waits for it."""

    def __init__(self) -> None:
        self._opened: OrderedDict[str, Servable] = OrderedDict()
        self._opening = threading.Lock()

    def servable(self, version: ModelVersion) -> Servable:
        """A servable of that very version; raises NotArchived, ArtifactCorrupt, LoadError."""
        with self._opening:
            if version.digest not in self._opened:
                self._opened[version.digest] = _load(version)
            self._opened.move_to_end(version.digest)
            if len(self._opened) > MOST_OPENED:
                self._opened.popitem(last=False)
            return self._opened[version.digest]


_archive = Archive()
_of_the_parent: list[Archive] = []


def _begin_anew_in_child() -> None:
    """Sessions of the parent are kept, unused: one that is let go waits for threads that a fork leaves behind."""
    global _archive
    _of_the_parent.append(_archive)
    _archive = Archive()


os.register_at_fork(after_in_child=_begin_anew_in_child)


def servable_of(version: ModelVersion) -> Servable:
    """A servable of that very version: the champion, where it is the one, or its bundle opened again.

    Raises NotArchived where its bundle is not in this installation, ArtifactCorrupt or LoadError where that is damaged.
    """
    try:
        champion = serving.champion()
    except NotServing:
        return _archive.servable(version)
    return champion if champion.digest == version.digest else _archive.servable(version)


def close() -> None:
    """Let go of every archived servable; the next use opens it again. For tests, each with bundles of its own."""
    global _archive
    _archive = Archive()


def _load(version: ModelVersion) -> Servable:
    path = serving.bundle_path(version.digest)
    if not path.is_dir():
        raise NotArchived(f"The bundle of {version} is not in this installation: {path} is missing. Bring it back.")
    return Servable.load(read(path, expected_digest=version.digest), threads=settings.MODEL_THREADS)
