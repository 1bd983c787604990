"""Holds the champion of this process and exchanges it without dropping a request."""

import logging
import threading
import time
from dataclasses import dataclass, replace
from pathlib import Path

from mlops.contracts import Cause, ServingStatus
from mlops.exceptions import ArtifactCorrupt, LoadError, ModelError, NotServing
from mlops.runtime import bundle as bundles
from mlops.runtime.servable import Servable

logger = logging.getLogger(__name__)

NOTHING_LOADED = "No model version has been loaded in this process yet."
LONGEST_PROBLEM = 1_000
"""Characters of a status's problem at most: libraries quote what they were given, and bundles hold megabytes."""


@dataclass(frozen=True, slots=True)
class Aspired:
    """What should be serving: a model version "name:version", its digest, and where its bundle lies."""

    model_version: str
    digest: str
    path: Path


@dataclass(frozen=True, slots=True)
class _Held:
    servable: Servable | None
    problem: str = ""
    cause: Cause | None = None


class Manager:
    """The champion servable of this process. Readers never wait: a swap is the assignment of one attribute.

    A request keeps the servable that it took. The one before is gone when its last request lets go of it.
    """

    def __init__(self, *, threads: int = 1) -> None:
        self._threads = threads
        self._held = _Held(None, NOTHING_LOADED, Cause.NOT_STARTED)
        self._changing = threading.Lock()

    @property
    def champion(self) -> Servable:
        """The servable to answer with, start to end of a request; raises NotServing with the reason."""
        held = self._held
        if held.servable is None:
            raise NotServing(held.problem)
        return held.servable

    def status(self) -> ServingStatus:
        """What is served; `problem` also says why the last swap failed while the version before serves on."""
        held = self._held
        return ServingStatus(
            serving=held.servable is not None,
            model_version=held.servable.model_version if held.servable else "",
            model_digest=held.servable.digest if held.servable else "",
            problem=held.problem,
            cause=held.cause,
        )

    def serve(self, aspired: Aspired) -> None:
        """Load and prove `aspired`, then swap. What serves already is not loaded again.

        Raises ArtifactCorrupt or LoadError; then the servable before serves on, and the status says why.
        """
        with self._changing:
            current = self._held.servable
            if current is not None and current.digest == aspired.digest:
                self._held = _Held(current)
                return
            start = time.perf_counter()
            try:
                servable = self._load(aspired)
            except ModelError as error:
                self._note(str(error))
                raise
            except Exception as error:
                # A load may meet anything, an end of memory among it. It must be seen as what it is, a failed load.
                problem = f"{aspired.model_version} cannot be loaded ({type(error).__name__}): see the log."
                logger.exception("Loading %s failed in an unforeseen way", aspired.model_version)
                self._note(problem)
                raise LoadError(problem) from error
            self._held = _Held(servable)
        logger.info("Serving %s, loaded in %.0f ms", aspired.model_version, (time.perf_counter() - start) * 1000)

    def clear(self, cause: Cause, reason: str) -> None:
        """Serve nothing from now on; `reason` is the sentence that NotServing will carry."""
        with self._changing:
            self._held = _Held(None, reason, cause)

    def _note(self, problem: str) -> None:
        cut = problem if len(problem) <= LONGEST_PROBLEM else f"{problem[:LONGEST_PROBLEM]}…"
        self._held = replace(self._held, problem=cut, cause=Cause.NOT_LOADED)

    def _load(self, aspired: Aspired) -> Servable:
        bundle = bundles.read(aspired.path, expected_digest=aspired.digest)
        if bundle.model_version != aspired.model_version:
            raise ArtifactCorrupt(
                f"The bundle {aspired.path} is {bundle.model_version} where {aspired.model_version} was expected. "
                "Register the bundle again."
            )
        return Servable.load(bundle, threads=self._threads)
