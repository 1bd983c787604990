"""A manager under a watcher, and whoever says what should be serving."""

import threading
from pathlib import Path

from mlops.runtime.bundle import read
from mlops.runtime.manager import Aspired, Manager
from mlops.runtime.watcher import Watcher
from tests.bundles import write_tiny_bundle


def watchers() -> list[threading.Thread]:
    """The threads of this process that watch which version should serve."""
    return [thread for thread in threading.enumerate() if thread.name == "model-watcher"]


class Stage:
    """A manager under a watcher, with what is aspired and what time it is in the hands of the test."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.manager = Manager()
        self.wanted: Aspired | None = None
        self.outage: Exception | None = None
        self.now = 0.0
        self.pulls = 0
        self.watcher = Watcher(self.manager, self.pull, interval=0.01, clock=lambda: self.now)

    def pull(self) -> Aspired | None:
        self.pulls += 1
        if self.outage is not None:
            raise self.outage
        return self.wanted

    def make(self, version: str, **parts: object) -> Aspired:
        bundle = read(write_tiny_bundle(self.directory / version, version=version, **parts))
        return Aspired(bundle.model_version, bundle.digest, bundle.path)

    def want(self, version: str, **parts: object) -> None:
        self.wanted = self.make(version, **parts)
        self.watcher.reconcile()

    @property
    def serves(self) -> str:
        return self.manager.status().model_version
