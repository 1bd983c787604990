"""A hot swap drops no request and mixes no two versions."""

import threading
import weakref
from itertools import cycle, islice
from pathlib import Path

from mlops.contracts import Classification
from mlops.runtime.bundle import read
from mlops.runtime.manager import Aspired, Manager
from mlops.runtime.servable import Servable
from tests.bundles import COMPLIANT_TEXT, NON_COMPLIANT_TEXT, write_tiny_bundle

CLIENTS, SWAPS = 4, 220
TEXTS = [COMPLIANT_TEXT, NON_COMPLIANT_TEXT, "plastic"]


class Client(threading.Thread):
    """Classifies without a pause until told to stop."""

    def __init__(self, manager: Manager, stopping: threading.Event) -> None:
        super().__init__(daemon=True)
        self.answers: list[list[Classification]] = []
        self.errors: list[BaseException] = []
        self._manager = manager
        self._stopping = stopping

    def run(self) -> None:
        while not self._stopping.is_set():
            try:
                self.answers.append(self._manager.champion.classify(TEXTS))
            except BaseException as error:  # a test must see them all
                self.errors.append(error)
                raise


def test_swaps_under_load_lose_nothing(tmp_path: Path) -> None:
    scores: dict[str, list[float]] = {}
    versions: list[Aspired] = []
    for version, scale in (("1", 1.0), ("2", 0.25)):
        bundle = read(write_tiny_bundle(tmp_path / version, version=version, scale=scale))
        scores[bundle.digest] = [answer.score for answer in Servable.load(bundle).classify(TEXTS)]
        versions.append(Aspired(bundle.model_version, bundle.digest, bundle.path))
    manager, stopping = Manager(), threading.Event()
    manager.serve(versions[1])
    clients = [Client(manager, stopping) for _ in range(CLIENTS)]
    for client in clients:
        client.start()
    servables: list[weakref.ref[Servable]] = []
    for aspired in islice(cycle(versions), SWAPS):
        manager.serve(aspired)
        servables.append(weakref.ref(manager.champion))
    stopping.set()
    for client in clients:
        client.join(timeout=30)

    assert [client.errors for client in clients] == [[]] * CLIENTS
    answers = [answer for client in clients for answer in client.answers]
    assert len(answers) > SWAPS
    for answer in answers:
        assert len({one.model_digest for one in answer}) == 1, "one request, one version"
        assert [one.score for one in answer] == scores[answer[0].model_digest]
    assert {one.model_digest for answer in answers for one in answer} == set(scores)
    assert [ref() for ref in servables[:-1]] == [None] * (SWAPS - 1)
