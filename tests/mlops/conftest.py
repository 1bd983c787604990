"""What tests of the model platform may ask for besides."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from celery import Task
from pytest_django import Settings

from mlops.contracts import Label
from mlops.exceptions import LoadError, ModelError
from mlops.models import ModelVersion
from mlops.runtime import examiner
from mlops.runtime.bundle import read
from mlops.runtime.examinee import answers
from mlops.runtime.examiner import Limits, Scored
from mlops.runtime.servable import Servable
from mlops.services.deployment import deploy_champion
from mlops.services.evaluation import evaluate
from mlops.services.evaluation_sets import ensure_evaluation_sets
from tests.bad_bundles import MEMORY
from tests.mlops.measured import add_plain_set, install
from tests.mlops.ranked import Enter
from tests.mlops.shelved import Shelf, shelf_of
from trey_compliance.celery import app


@pytest.fixture
def shelf(settings: Settings, tmp_path: Path) -> Shelf:
    """A real registry in a directory, which is this installation's, and its model directory."""
    return shelf_of(settings, tmp_path)


@pytest.fixture
def limits(settings: Settings) -> None:
    """Bad bundles are refused after a minute, or for little memory."""
    settings.VERIFY_SECONDS, settings.VERIFY_MEMORY_BYTES = 60, MEMORY


@pytest.fixture
def eager() -> Iterator[None]:
    """What tasks ask for is done at once, in this process."""
    app.conf.task_always_eager = True
    yield
    app.conf.task_always_eager = False


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, tuple[object, ...]]]:
    """What the tasks ask for, and nothing of it done."""
    sent: list[tuple[str, tuple[object, ...]]] = []

    def apply_async(self: Task, args: tuple[object, ...] = (), kwargs: object = None, **options: object) -> None:
        sent.append((self.name.removeprefix("mlops.tasks."), tuple(args or ())))

    monkeypatch.setattr(Task, "apply_async", apply_async)
    return sent


@pytest.fixture
def plain_set(db: None) -> None:
    """The texts that are measured on are plain ones: those that ship are here too, and are not the newest."""
    ensure_evaluation_sets()
    add_plain_set()


@pytest.fixture
def answers_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bundles that are measured answer in this process, a second sooner: the tests of the runtime prove that one of
    their own says the same."""

    def score(path: Path, digest: str, texts: Sequence[str], *, limits: Limits, alone: int, threads: int) -> Scored:
        try:
            servable = Servable.load(read(path, expected_digest=digest), threads=threads)
            said = answers(servable, texts, alone=alone)
        except ModelError as error:
            raise LoadError(str(error)) from error
        labels, scores = tuple(map(Label, said["labels"])), tuple(said["scores"])
        return Scored(labels, scores, tuple(said["latency_ms"]), tuple(said["elapsed_ms"]), 0.1, 0)

    monkeypatch.setattr(examiner, "score", score)


@pytest.fixture
def lenient_policy(settings: Settings, no_champion: None) -> None:
    """Nothing depends on how busy the machine is, and 480 texts are enough to show that one is not worse.

    Who does not know iron is above the floors.
    """
    settings.BEST_MOST_LATENCY_MS, settings.BEST_MARGIN, settings.BEST_CHEAPER = 60_000, 0.02, 1.0
    settings.BEST_LEAST_ACCURACY, settings.BEST_LEAST_RECALL = 0.85, 0.85
    settings.BEST_MOST_CALIBRATION_ERROR = 0.15
    add_plain_set()


@pytest.fixture
def enter(tmp_path: Path, no_champion: None) -> Enter:
    """`enter("2", unknown={"iron"})` is a version that is installed and measured."""

    def install_and_measure(version: str, **fields: object) -> ModelVersion:
        entered = install(tmp_path, version, **fields)
        evaluate(entered)
        return entered

    return install_and_measure


@pytest.fixture
def modest_champion(tmp_path: Path, no_champion: None) -> ModelVersion:
    """It does not know iron, and was not measured yet."""
    version = install(tmp_path, "1", unknown={"iron"}, big=True)
    deploy_champion(version, by=None)
    return version
