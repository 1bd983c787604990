"""Which model version this process should serve, and the one manager that serves it.

The runtime starts at its first use in a process, never at import: an ONNX session does not survive a
fork. Servers call `start` in their own after-fork hook so that no request waits for it.
"""

import os
import threading
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.db import connection

from mlops.contracts import ServingStatus
from mlops.exceptions import NotServing
from mlops.models import ModelVersion
from mlops.runtime.bundle import read
from mlops.runtime.manager import Aspired, Manager
from mlops.runtime.servable import Servable
from mlops.runtime.watcher import NO_CHAMPION, Watcher


@dataclass(frozen=True, slots=True)
class _Runtime:
    manager: Manager
    watcher: Watcher
    version_ids: dict[str, int] = field(default_factory=dict)


_runtime: _Runtime | None = None
_starting = threading.Lock()
_of_the_parent: list[_Runtime] = []


def _begin_anew_in_child() -> None:
    """A forked child has none of the threads and perhaps a lock that nobody will release."""
    global _runtime, _starting
    if _runtime is not None:
        # Kept for ever: a session that is let go waits for its threads, and here they do not exist.
        _of_the_parent.append(_runtime)
    _runtime, _starting = None, threading.Lock()


os.register_at_fork(after_in_child=_begin_anew_in_child)


def bundle_path(digest: str) -> Path:
    """Where the bundle of that digest lies in this installation's model directory."""
    return Path(settings.MODEL_DIR) / digest.removeprefix("sha256:")


def aspired_champion() -> Aspired | None:
    """The version that should serve by the database's word; None where no champion is deployed."""
    version = ModelVersion.objects.champion().first()
    if version is None:
        return None
    return Aspired(model_version=str(version), digest=version.digest, path=bundle_path(version.digest))


def _pull() -> Aspired | None:
    # The watcher's thread has a connection of its own; given back at once, it holds none between polls.
    try:
        return aspired_champion()
    finally:
        if threading.current_thread() is not threading.main_thread() and not connection.in_atomic_block:
            connection.close()


def start() -> Manager:
    """The manager of this process, started and watching; safe to call from any thread, any number of times."""
    return _started().manager


def _started() -> _Runtime:
    """The runtime of this process. Read it once: another thread may stop it and start a new one meanwhile."""
    global _runtime
    runtime = _runtime
    if runtime is not None:
        return runtime
    with _starting:
        if _runtime is None:
            manager = Manager(threads=settings.MODEL_THREADS)
            watcher = Watcher(manager, _pull, interval=settings.MODEL_WATCH_SECONDS)
            watcher.reconcile()
            watcher.start()
            _runtime = _Runtime(manager, watcher)
        return _runtime


def stop() -> None:
    """Stop watching and let go of the servable; the next use starts anew."""
    global _runtime
    with _starting:
        runtime, _runtime = _runtime, None
    if runtime is not None:
        runtime.watcher.stop()


def reconcile() -> None:
    """Serve what should be served now, without waiting for the watcher's next look."""
    _started().watcher.reconcile()


def champion() -> Servable:
    """The servable that answers live traffic in this process; raises NotServing."""
    return start().champion


def status() -> ServingStatus:
    """What this process serves, or why it does not."""
    return start().status()


def version_id(digest: str) -> int:
    """The key of the model version with that digest; asked of the database once in the life of a process."""
    known = _started().version_ids
    if digest not in known:
        known[digest] = ModelVersion.objects.values_list("pk", flat=True).get(digest=digest)
    return known[digest]


def load_champion(*, threads: int) -> Servable:
    """A servable of the champion for a caller that wants one version throughout and all its threads.

    Raises NotServing, ArtifactCorrupt, LoadError.
    """
    aspired = aspired_champion()
    if aspired is None:
        raise NotServing(NO_CHAMPION)
    return Servable.load(read(aspired.path, expected_digest=aspired.digest), threads=threads)
