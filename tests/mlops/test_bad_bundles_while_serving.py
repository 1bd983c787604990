"""Whatever is wrong with what a registry has, it is rejected with a reason, and nobody who is served notices."""

import http.client
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from knox.models import AuthToken
from pytest_django import Settings

from components.models import User
from mlops.contracts import VersionState
from mlops.models import Deployment, ModelVersion, Prediction, Transition
from mlops.runtime.bundle import FILES
from mlops.services.fetching import fetch
from mlops.services.serving import bundle_path
from mlops.services.verification import verify
from tests import tampering
from tests.bad_bundles import MEMORY, bad_bundles
from tests.bundles import COMPLIANT_TEXT, NON_COMPLIANT_TEXT
from tests.mlops.shelved import Shelf
from tests.mlops.signers import new_keys
from tests.served import served

CLIENTS = 2


@dataclass(frozen=True, slots=True)
class Case:
    """A bundle that must not pass: its parts, what is done to its files in the registry, and what is said of it."""

    reason: str
    parts: Mapping[str, object] = field(default_factory=dict)
    tamper: Callable[[Path], None] = lambda files: None
    seconds: float = 60.0


def model(kind: str) -> Case:
    bad = bad_bundles()[kind]
    return Case(f"{bad.check}: ", bad.parts, seconds=bad.seconds)


CASES = {
    "truncated": Case("model.onnx has", tamper=tampering.truncate),
    "another digest": Case("its SHA-256 differs", tamper=tampering.exchange_a_byte),
    "another bundle": Case("was expected", tamper=tampering.change_the_manifest),
    "oversize": Case("more than the 8388608 it may have", tamper=tampering.swell),
    "a link that leads elsewhere": Case("is not a regular file", tamper=tampering.lead_elsewhere),
    "a folder": Case("is not a regular file", tamper=tampering.add_a_folder),
    "a program": Case("does not belong in a bundle", tamper=tampering.add),
    **{
        kind: model(kind)
        for kind in (
            "half a model", "a missing input", "an input of another type", "an output of another shape",
            "NaN for some words", "a constant answer", "one label for everything", "golden samples it gets wrong",
            "a load that hangs", "an answer that never comes", "a model that eats memory",
            "a tokenizer that ends its process", "scores that depend on the batch",
        )
    },
}  # fmt: skip


@pytest.fixture
def server(transactional_db: None, champion: ModelVersion, shelf: Shelf) -> Iterator[int]:
    """The port of the server of this test's champion."""
    with served({"MODEL_DIR": str(shelf.models), "API_REQUESTS_PER_MINUTE": "0"}) as port:
        yield port


class Clients:
    """Ask for labels without pause, and keep every answer that is another than the first."""

    def __init__(self, port: int, token: str) -> None:
        self._port = port
        self._headers = {"Authorization": f"Token {token}", "Content-Type": "application/json"}
        self._over = threading.Event()
        self._threads = [threading.Thread(target=self._ask_on) for _ in range(CLIENTS)]
        self.first = self._ask()
        self.answered = 0
        self.others: list[object] = []

    def __enter__(self) -> "Clients":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _ask_on(self) -> None:
        while not self._over.wait(0.02):
            try:
                answer: object = self._ask()
            except (OSError, http.client.HTTPException) as error:
                answer = error
            if answer != self.first:
                self.others.append(answer)
            self.answered += 1

    def _ask(self) -> tuple[int, object]:
        client = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        body = json.dumps({"texts": [COMPLIANT_TEXT, NON_COMPLIANT_TEXT]})
        client.request("POST", "/api/v1/labels/", body, self._headers)
        response = client.getresponse()
        said = json.loads(response.read())
        client.close()
        labels = [{key: label.get(key) for key in ("label", "score", "model_version")} for label in said["labels"]]
        return response.status, labels


def reason_of(version: ModelVersion) -> str:
    transition = Transition.objects.filter(model_version=version).first()
    assert transition is not None
    return transition.reason


def brought_in(version: ModelVersion) -> ModelVersion:
    version = fetch(version)
    return verify(version) if version.state == VersionState.FETCHED else version


@pytest.mark.timeout(600)
def test_every_bad_bundle_is_rejected_while_the_champion_answers_as_ever(
    server: int, champion: ModelVersion, shelf: Shelf, technician: User, settings: Settings
) -> None:
    settings.VERIFY_MEMORY_BYTES = MEMORY
    files = {name: (bundle_path(champion.digest) / name).stat() for name in FILES}
    rejected: dict[str, bool] = {}
    with Clients(server, AuthToken.objects.create(technician)[1]) as clients:
        for number, (kind, case) in enumerate(CASES.items(), start=2):
            version = shelf.put(str(number), **case.parts)
            case.tamper(shelf.files(str(number)))
            settings.VERIFY_SECONDS = case.seconds
            version = brought_in(version)
            rejected[kind] = version.state == VersionState.REJECTED and case.reason in reason_of(version)

        ours, anothers = new_keys(shelf.registry.parent, "ours"), new_keys(shelf.registry.parent, "another's")
        settings.BUNDLE_SIGNERS = str(ours.with_suffix(".pub"))
        rejected["unsigned"] = "is not signed" in reason_of(brought_in(shelf.put("100")))
        other = brought_in(shelf.put("101", sign_with=anothers))
        rejected["signed by another"] = "None of the 1 signers" in reason_of(other)

        settings.VERIFY_SECONDS = 60
        sound = brought_in(shelf.put("102", sign_with=ours))

    assert rejected == dict.fromkeys([*CASES, "unsigned", "signed by another"], True)
    assert sound.state == VersionState.VERIFIED
    assert clients.first[0] == 200
    assert [label["model_version"] for label in clients.first[1]] == ["tiny:1", "tiny:1"]
    assert clients.others == []
    assert clients.answered > 10 * len(CASES)
    assert Prediction.objects.count() == 2 * (clients.answered + 1)
    assert Deployment.objects.get().model_version == champion
    after = {name: (bundle_path(champion.digest) / name).stat() for name in FILES}
    assert [(one.st_ino, one.st_mtime_ns) for one in after.values()] == [
        (one.st_ino, one.st_mtime_ns) for one in files.values()
    ]
