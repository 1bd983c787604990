"""A server starts the model by the door, before its first request."""

import runpy
from collections.abc import Callable
from pathlib import Path

import pytest

from mlops import labeler
from mlops.models import ModelVersion
from mlops.services import serving
from tests.bundles import COMPLIANT_TEXT
from tests.runtime.staged import watchers

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.django_db


def started_by_the_web_server() -> None:
    runpy.run_path(str(ROOT / "docker" / "gunicorn.conf.py"))["post_worker_init"](None)


@pytest.mark.parametrize("start", [labeler.start, started_by_the_web_server])
def test_what_was_started_watches_and_serves(champion: ModelVersion, start: Callable[[], None]) -> None:
    serving.stop()
    assert watchers() == []

    start()

    assert len(watchers()) == 1
    assert labeler.classify([COMPLIANT_TEXT])[0].model_version == str(champion)


@pytest.mark.usefixtures("no_champion")
def test_with_nothing_to_serve_it_starts_all_the_same() -> None:
    labeler.start()

    assert "No champion is deployed" in labeler.status().problem


def test_the_web_server_knows_the_door_only() -> None:
    configuration = (ROOT / "docker" / "gunicorn.conf.py").read_text("utf-8")

    assert "from mlops import labeler" in configuration
    assert "mlops." not in configuration
