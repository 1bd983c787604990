"""What tests of the model platform may ask for besides."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from celery import Task
from pytest_django import Settings

from mlops.services.evaluation_sets import ensure_evaluation_sets
from tests.mlops.measured import add_plain_set
from tests.mlops.shelved import Shelf, shelf_of
from trey_compliance.celery import app


@pytest.fixture
def shelf(settings: Settings, tmp_path: Path) -> Shelf:
    """A real registry in a directory, which is this installation's, and its model directory."""
    return shelf_of(settings, tmp_path)


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
