"""Files that are tampered with stop no process that serves, and none that starts serves them."""

import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from mlops import labeler
from mlops.exceptions import NotServing
from mlops.models import ModelVersion
from mlops.services import serving
from mlops.services.first_champion import ensure_champion
from tests.bundles import COMPLIANT_TEXT, reseal

pytestmark = pytest.mark.django_db


def exchange_model(copy: Path) -> None:
    content = (copy / "model.onnx").read_bytes()
    (copy / "model.onnx").write_bytes(content[:-1] + bytes([content[-1] ^ 1]))


def exchange_golden_and_reseal(copy: Path) -> None:
    golden = (copy / "golden.json").read_bytes()
    (copy / "golden.json").write_bytes(golden.replace(b"0.9933", b"0.9934"))
    reseal(copy)


def add_code(copy: Path) -> None:
    (copy / "sitecustomize.py").touch()


TAMPERINGS = [
    (exchange_model, "model.onnx is not the file of the manifest"),
    (exchange_golden_and_reseal, "was expected"),
    (add_code, "sitecustomize.py' does not belong"),
    (shutil.rmtree, "cannot be read"),
]

tampered = pytest.mark.parametrize(("tamper", "told"), TAMPERINGS)


def ready(client: Client) -> int:
    return client.get("/healthz/ready").status_code


@tampered
def test_what_serves_is_untouched(
    client: Client, champion: ModelVersion, tamper: Callable[[Path], None], told: str
) -> None:
    before = labeler.classify([COMPLIANT_TEXT])[0].score

    tamper(serving.bundle_path(champion.digest))
    serving.reconcile()

    assert labeler.classify([COMPLIANT_TEXT])[0].score == before
    assert ready(client) == 200


@tampered
def test_a_process_that_starts_refuses_it_is_not_ready_and_recovers_by_the_next_installation(
    client: Client, champion: ModelVersion, tmp_path: Path, tamper: Callable[[Path], None], told: str
) -> None:
    serving.stop()
    tamper(serving.bundle_path(champion.digest))

    with pytest.raises(NotServing, match=told):
        labeler.label([COMPLIANT_TEXT], by=None)
    assert ready(client) == 503

    assert ensure_champion(tmp_path / "bundle") == champion
    deadline = time.monotonic() + 30
    while not labeler.status().serving and time.monotonic() < deadline:
        time.sleep(0.05)
        serving.reconcile()
    assert ready(client) == 200
    assert labeler.label([COMPLIANT_TEXT], by=None)[0].classification.model_version == str(champion)
