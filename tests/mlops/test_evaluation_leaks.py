"""Whether a version was trained on what it is measured on: found where that can be, told where it cannot."""

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest
from pytest_django import Settings

from mlops.contracts import VersionState
from mlops.evaluation_sets import LookedThrough, built_in
from mlops.models import Dataset, EvaluationSet, ModelVersion
from mlops.services import leaks, registry
from mlops.services.datasets import register_dataset
from mlops.services.deployment import deploy_champion
from mlops.services.evaluation import evaluate
from mlops.services.evaluation_sets import ensure_evaluation_sets
from mlops.services.leaks import Leak, search
from mlops.services.ranking import rank
from mlops.training.config import QUICK
from tests.mlops.measured import REGULATION, add_plain_set, install, plain_texts

pytestmark = pytest.mark.usefixtures("no_champion", "answers_here")


@pytest.fixture(autouse=True)
def _local_registry(settings: Settings, tmp_path: Path) -> None:
    settings.REGISTRY, settings.REGISTRY_DIR = "local", tmp_path / "registry"
    registry.forget()


def trained_on(directory: Path, texts: list[str]) -> str:
    """The digest of a registered data set of these texts."""
    file = directory / "training.csv"
    file.write_text("\n".join(["text,label", *(f'"{text}",1' for text in texts)]) + "\n")
    return register_dataset(file, name="texts", version="1", regulation=REGULATION, by=None).digest


def plain_text(measured_on: EvaluationSet) -> str:
    """A text of the set that needs no quoting in a CSV file."""
    return next(text for text, _, _ in measured_on.samples if not {*text} & {"\n", '"'})


def of(directory: Path, **lineage: object) -> ModelVersion:
    return install(directory, "1", lineage=lineage)


OTHERS = [f"another text {number}" for number in range(20)]


def test_a_version_that_was_trained_on_the_set_is_rejected(tmp_path: Path) -> None:
    add_plain_set()
    stolen = [text.upper().replace(" ", "   ") for text, _, _ in plain_texts()[:7]]
    version = of(tmp_path, data_digest=trained_on(tmp_path, [*OTHERS, *stolen]))

    evaluation = evaluate(version)

    version.refresh_from_db()
    assert (evaluation.leaks["verdict"], evaluation.leaks["found"], evaluation.leaks["texts"]) == ("found", 7, 27)
    assert version.state == VersionState.REJECTED
    reason = version.transitions.first().reason
    assert reason.startswith("It was trained on texts of TREY-2019-1 v1: By its lineage it was trained on the data set")
    assert reason.endswith("texts:1, whose 27 texts were looked through: 7 of the set's stand among them.")


def test_a_champion_that_was_is_told_of_and_serves_on(tmp_path: Path) -> None:
    add_plain_set()
    version = of(tmp_path, data_digest=trained_on(tmp_path, [text for text, _, _ in plain_texts()]))
    deploy_champion(version, by=None)

    assert evaluate(version).leaks["found"] == 480
    version.refresh_from_db()
    assert version.state == VersionState.VERIFIED


def test_one_that_was_once_champion_is_never_chosen(tmp_path: Path) -> None:
    add_plain_set()
    former = of(tmp_path, data_digest=trained_on(tmp_path, [text for text, _, _ in plain_texts()]))
    deploy_champion(former, by=None)
    evaluate(former)
    deploy_champion(install(tmp_path, "2", unknown={"iron"}), by=None)

    ranking = rank()

    assert ranking.candidate is None
    assert {one["version"]: one["verdict"] for one in ranking.verdicts} == {"tiny:2": "champion", "tiny:1": "out"}


def test_data_without_its_texts_clear_a_version(tmp_path: Path) -> None:
    found = search(of(tmp_path, data_digest=trained_on(tmp_path, OTHERS)), add_plain_set())

    assert (found.verdict, found.texts, found.found) == (Leak.NONE, 20, 0)


def test_what_the_trainer_left_out_of_the_data_is_no_leak(tmp_path: Path) -> None:
    plain_set = add_plain_set()
    digest = trained_on(tmp_path, [text for text, _, _ in plain_texts()[:5]])

    found = search(of(tmp_path, data_digest=digest, not_trained_on=[plain_set.digest]), plain_set)

    assert (found.verdict, found.found) == (Leak.NONE, 0)
    assert found.how.endswith("5 of the set's stand among them, which its trainer left out, by its lineage too.")


@pytest.mark.parametrize("damage", [lambda file: file.unlink(), lambda file: file.write_text("text,label\nx,1\n")])
def test_data_that_are_gone_or_were_changed_say_nothing(tmp_path: Path, settings: Settings, damage) -> None:
    digest = trained_on(tmp_path, OTHERS)
    (file,) = Path(settings.REGISTRY_DIR).rglob("*.csv")
    damage(file)

    assert search(of(tmp_path, data_digest=digest), add_plain_set()).verdict is Leak.UNKNOWN


def test_the_trainers_word_is_told_as_that(tmp_path: Path) -> None:
    plain_set = add_plain_set()

    found = search(of(tmp_path, data_digest="sha256:0", not_trained_on=[plain_set.digest]), plain_set)

    assert (found.verdict, found.how) == (Leak.NONE, "By its lineage its trainer left out all texts of this set.")


def test_a_word_about_another_set_is_none_about_this(tmp_path: Path) -> None:
    found = search(of(tmp_path, data_digest="sha256:0", not_trained_on=["sha256:other"]), add_plain_set())

    assert found.verdict is Leak.UNKNOWN


@pytest.fixture
def shipped(no_champion: None) -> EvaluationSet:
    ensure_evaluation_sets()
    return EvaluationSet.objects.get()


def test_training_texts_that_were_drawn_again_once_need_no_other_look(tmp_path: Path, shipped: EvaluationSet) -> None:
    found = search(of(tmp_path, data_digest=built_in()[0].looked_through[0].data_digest), shipped)

    assert found.verdict is Leak.NONE
    assert "all 774,000 texts" in found.how


def test_whatever_rests_on_the_lineage_says_so(tmp_path: Path, shipped: EvaluationSet) -> None:
    named = {"data_digest": trained_on(tmp_path, OTHERS)}
    drawn = {"data_digest": built_in()[0].looked_through[0].data_digest}
    left_out = {"not_trained_on": [shipped.digest]}
    generated = {"config": {"data": json.loads(QUICK.read_text())["data"]}}

    for number, lineage in enumerate((named, drawn, left_out, generated)):
        version = install(tmp_path, str(number), lineage=lineage)
        assert search(version, shipped).how.startswith("By its lineage")


def test_texts_that_are_here_are_believed_before_the_word_of_a_release(
    tmp_path: Path, shipped: EvaluationSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    digest = trained_on(tmp_path, [*OTHERS, plain_text(shipped)])
    released = replace(built_in()[0], looked_through=(LookedThrough(digest, 20),))
    monkeypatch.setattr(leaks, "built_in", lambda: (released,))

    assert search(of(tmp_path, data_digest=digest), shipped).verdict is Leak.FOUND


def test_the_generator_keeps_its_texts_apart_from_the_set_that_ships(tmp_path: Path, shipped: EvaluationSet) -> None:
    lineage = {"data_digest": "sha256:0", "config": {"data": json.loads(QUICK.read_text())["data"]}}

    found = search(of(tmp_path, **lineage), shipped)

    assert found.verdict is Leak.NONE
    assert "keep apart the facts and phrasings" in found.how


@pytest.mark.parametrize(
    "lineage",
    [
        {},
        {"config": {}},
        {"config": "none"},
        {"config": {"data": {"train": 100, "csv": "my.csv"}}},
        {"not_trained_on": 5},
        {"data_digest": 7},
    ],
)
def test_a_lineage_that_says_too_little_leaves_it_unknown(
    tmp_path: Path, shipped: EvaluationSet, lineage: dict[str, object]
) -> None:
    assert search(of(tmp_path, **lineage), shipped).verdict is Leak.UNKNOWN


def test_a_pipe_in_the_place_of_the_data_is_not_waited_for(tmp_path: Path) -> None:
    measured_on = add_plain_set()
    version = of(tmp_path, data_digest=trained_on(tmp_path, OTHERS))
    file = Path(Dataset.objects.get().source)
    file.unlink()
    os.mkfifo(file)

    assert search(version, measured_on).verdict == Leak.UNKNOWN
