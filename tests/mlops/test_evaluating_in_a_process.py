"""A version that is measured answers in a process of its own, within limits."""

from pathlib import Path

import pytest
from pytest_django import Settings

from mlops.contracts import VersionState
from mlops.exceptions import NotEvaluable
from mlops.metrics.measured import Measured
from mlops.models import EvaluationSet
from mlops.services import installing
from mlops.services.deployment import deploy_champion
from mlops.services.evaluation import evaluate
from tests.bundles import tiny_model, write_tiny_bundle
from tests.mlops.measured import add_plain_set, install, plain_texts

pytestmark = pytest.mark.usefixtures("no_champion")


@pytest.fixture
def plain_set(no_champion: None) -> EvaluationSet:
    return add_plain_set()


def test_who_knows_the_rule_is_right_everywhere(plain_set: EvaluationSet, tmp_path: Path) -> None:
    evaluation = evaluate(install(tmp_path, "1"))

    found = Measured.from_json(evaluation.results)
    assert (found.accuracy.value, found.recall.value) == (1.0, 1.0)
    assert found.calibration_error.high < 0.02
    assert 0 < found.p50_ms.value <= found.p99_ms.value <= evaluation.results["elapsed"]["p99_ms"]["value"]
    assert evaluation.labels == "".join(str(label) for _, label, _ in plain_texts())


def test_the_champion_is_timed_beside_it_on_the_same_machine(plain_set: EvaluationSet, tmp_path: Path) -> None:
    champion = install(tmp_path, "1")
    deploy_champion(champion, by=None)

    beside = evaluate(install(tmp_path, "2")).results["beside"]

    assert beside["digest"] == champion.digest
    assert 0 < beside["p99_ms"]["low"] <= beside["p99_ms"]["high"]
    assert "beside" not in evaluate(champion).results


def test_a_version_that_cannot_answer_is_rejected_with_the_reason(plain_set: EvaluationSet, tmp_path: Path) -> None:
    dumb = installing.install(write_tiny_bundle(tmp_path / "dumb", model=tiny_model(bad=float("nan"))))

    with pytest.raises(NotEvaluable, match="could not be measured on TREY-2019-1 v1"):
        evaluate(dumb)

    dumb.refresh_from_db()
    assert dumb.state == VersionState.REJECTED
    assert dumb.transitions.first().reason.startswith("It could not be measured on TREY-2019-1 v1.")


def test_a_version_that_takes_too_long_is_stopped(plain_set: EvaluationSet, tmp_path: Path, settings: Settings) -> None:
    settings.VERIFY_SECONDS = 0.001

    with pytest.raises(NotEvaluable, match="VERIFY_SECONDS"):
        evaluate(install(tmp_path, "1"))
