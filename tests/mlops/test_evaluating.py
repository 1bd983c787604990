"""A version is measured here, whatever is claimed of it, and once on each set."""

from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from audit.models import Event
from components.models import User
from mlops.contracts import VersionState
from mlops.exceptions import Denied, NotEvaluable
from mlops.metrics.measured import Measured
from mlops.models import Denial, Evaluation, EvaluationSet, ModelVersion
from mlops.services import installing, lifecycle, serving
from mlops.services.deployment import deploy_champion
from mlops.services.evaluation import evaluate
from tests import bundles
from tests.at_once import at_once
from tests.mlops.measured import add_plain_set, install

pytestmark = pytest.mark.usefixtures("no_champion", "answers_here")


@pytest.fixture
def plain_set(no_champion: None) -> EvaluationSet:
    return add_plain_set()


def figures(evaluation: Evaluation) -> Measured:
    return Measured.from_json(evaluation.results)


def test_what_a_version_does_not_know_is_found_by_kind(plain_set: EvaluationSet, tmp_path: Path) -> None:
    found = figures(evaluate(install(tmp_path, "1", unknown={"iron"})))

    # Of 120 texts about iron, 30 are non-compliant for the iron alone.
    assert found.accuracy.value == 450 / 480
    assert found.recall.value == 390 / 420
    assert {kind: share.value for kind, share in found.kinds.items()} == {
        "carbon": 1.0,
        "iron": 0.75,
        "plastic": 1.0,
        "steel": 1.0,
    }


def test_the_size_is_that_of_the_files(plain_set: EvaluationSet, tmp_path: Path) -> None:
    version = install(tmp_path, "1", big=True)

    files = serving.bundle_path(version.digest).iterdir()
    assert figures(evaluate(version)).bytes == sum(file.stat().st_size for file in files) > 400_000


def test_scores_that_are_never_sure_have_a_large_calibration_error(plain_set: EvaluationSet, tmp_path: Path) -> None:
    found = figures(evaluate(install(tmp_path, "1", scale=0.02)))

    assert (found.accuracy.value, found.calibration_error.low > 0.2) == (1.0, True)


def test_it_is_recorded_with_its_figures(plain_set: EvaluationSet, tmp_path: Path, admin: User) -> None:
    evaluation = evaluate(install(tmp_path, "1"), by=admin)

    event = Event.objects.get(action="version_evaluated")
    assert event.actor_name == "admin"
    assert (event.after["set"], event.after["accuracy"]["value"]) == ("TREY-2019-1 v1", 1.0)
    assert [key for key, _ in event.rows["mlops.evaluation"]] == [evaluation.pk]


def test_a_champion_that_cannot_answer_keeps_no_other_from_being_measured(
    plain_set: EvaluationSet, dumb: ModelVersion, tmp_path: Path
) -> None:
    deploy_champion(dumb, by=None)

    evaluation = evaluate(install(tmp_path, "2"))

    assert figures(evaluation).accuracy.value == 1.0
    assert "beside" not in evaluation.results


def test_the_same_on_the_same_set_is_measured_once(plain_set: EvaluationSet, tmp_path: Path) -> None:
    version = install(tmp_path, "1")

    assert evaluate(version) == evaluate(version)
    assert Evaluation.objects.count() == 1


def test_whoever_asks_for_it_has_it_measured_again(plain_set: EvaluationSet, tmp_path: Path) -> None:
    version = install(tmp_path, "1")

    assert evaluate(version) != evaluate(version, again=True)


def test_a_newer_set_is_another_examination(plain_set: EvaluationSet, tmp_path: Path) -> None:
    version = install(tmp_path, "1")
    evaluate(version)
    newer = add_plain_set(wording="Part: ")

    assert list(ModelVersion.objects.awaiting_evaluation()) == [version]
    assert evaluate(version).evaluation_set == newer
    assert not ModelVersion.objects.awaiting_evaluation()


def test_without_a_set_for_its_regulation_nothing_is_measured(plain_set: EvaluationSet, tmp_path: Path) -> None:
    version = install(tmp_path, "1", regulation="TREY-2027-2")

    with pytest.raises(NotEvaluable, match=r"no evaluation set for TREY-2027-2.*manage\.py add_evaluation_set"):
        evaluate(version)

    assert not ModelVersion.objects.awaiting_evaluation()


@pytest.mark.parametrize("state", [VersionState.REGISTERED, VersionState.REJECTED, VersionState.ARCHIVED])
def test_only_a_verified_version_is_measured(plain_set: EvaluationSet, tmp_path: Path, state: VersionState) -> None:
    version = lifecycle.move(install(tmp_path, "1"), state, reason="For the test.", by=None)

    with pytest.raises(NotEvaluable, match=f"tiny:1 is {state}"):
        evaluate(version)

    assert not ModelVersion.objects.awaiting_evaluation()


@pytest.mark.parametrize("pattern", ["tiny:1", "digest"])
def test_a_denied_version_is_not_measured(plain_set: EvaluationSet, tmp_path: Path, pattern: str) -> None:
    version = install(tmp_path, "1")
    Denial.objects.create(pattern=version.digest if pattern == "digest" else pattern, reason="Recalled.")

    with pytest.raises(Denied, match="deny-list"):
        evaluate(version)

    assert not ModelVersion.objects.awaiting_evaluation()


@pytest.fixture
def dumb(plain_set: EvaluationSet, tmp_path: Path) -> ModelVersion:
    """A version that is sound to look at, and answers nothing that is a number."""
    source = bundles.write_tiny_bundle(tmp_path / "dumb", model=bundles.tiny_model(bad=float("nan")))
    return installing.install(source)


def test_what_serves_is_not_rejected(dumb: ModelVersion) -> None:
    deploy_champion(dumb, by=None)

    with pytest.raises(NotEvaluable):
        evaluate(dumb)

    dumb.refresh_from_db()
    assert dumb.state == VersionState.VERIFIED


@pytest.mark.parametrize("damage", ["gone", "changed"])
def test_files_that_are_lost_here_are_no_fault_of_the_version(
    plain_set: EvaluationSet, tmp_path: Path, damage: str
) -> None:
    version = install(tmp_path, "1")
    files = serving.bundle_path(version.digest)
    if damage == "gone":
        files.rename(tmp_path / "elsewhere")
    else:
        (files / "model.onnx").write_bytes(b"damaged")

    with pytest.raises(NotEvaluable, match="etch it again"):
        evaluate(version)

    version.refresh_from_db()
    assert version.state == VersionState.VERIFIED


@pytest.mark.django_db(transaction=True)
def test_those_who_measure_at_once_keep_one_evaluation(plain_set: EvaluationSet, tmp_path: Path) -> None:
    version = install(tmp_path, "1")

    assert len(set(at_once(*[lambda: evaluate(version)] * 2))) == 1
    assert Event.objects.filter(action="version_evaluated").count() == Evaluation.objects.count() == 1


def command(*words: str) -> Iterator[str]:
    said = StringIO()
    call_command("evaluate_model", *words, stdout=said, stderr=said)
    return iter(said.getvalue().splitlines())


def test_the_command_measures_one_by_name(plain_set: EvaluationSet, tmp_path: Path) -> None:
    install(tmp_path, "1")

    first, second = command("tiny:1")
    assert first.startswith("tiny:1 on TREY-2019-1 v1, ")
    assert "Accuracy 100.0 % (95 % 99.2 % to 100.0 %)" in first
    assert "its lineage does not say" in second


def test_the_command_without_a_name_measures_what_was_not_measured(plain_set: EvaluationSet, tmp_path: Path) -> None:
    evaluate(install(tmp_path, "1"))
    install(tmp_path, "2", unknown={"iron"})

    assert [line.partition(" ")[0] for line in command() if line.startswith("tiny")] == ["tiny:2"]
    assert list(command()) == []


def test_the_command_measures_again_when_told(plain_set: EvaluationSet, tmp_path: Path) -> None:
    evaluate(install(tmp_path, "1"))

    assert len(list(command("--again"))) == 2
    assert Evaluation.objects.count() == 2


def test_the_command_says_who_was_not_measured(dumb: ModelVersion) -> None:
    with pytest.raises(CommandError, match="Not measured: tiny:1"):
        list(command())


def test_the_command_knows_no_version_of_another_name(plain_set: EvaluationSet) -> None:
    with pytest.raises(CommandError, match="No version tiny:9 is known here"):
        list(command("tiny:9"))
