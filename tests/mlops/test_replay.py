"""A past prediction, run again on the bundle that made it, comes out the same."""

import random
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from mlops import labeler
from mlops.contracts import Label
from mlops.exceptions import NotArchived, UnknownRecord
from mlops.models import ModelVersion, Prediction
from mlops.services import archive, installing, serving
from mlops.services.deployment import deploy_champion
from tests.at_once import at_once
from tests.bundles import BAD_WORDS, COMPLIANT_TEXT, NON_COMPLIANT_TEXT, OTHER_WORDS, write_tiny_bundle

pytestmark = pytest.mark.django_db

Succeed = Callable[[str], ModelVersion]


@pytest.fixture
def succeed(tmp_path: Path) -> Succeed:
    """`succeed("2")` makes another version champion, so that those before it are in the archive."""

    def succeed(version: str) -> ModelVersion:
        successor = installing.install(write_tiny_bundle(tmp_path / version, version=version, scale=0.1))
        deploy_champion(successor, by=None)
        serving.reconcile()
        return successor

    return succeed


def test_a_thousand_predictions_made_in_batches_of_mixed_sizes_come_out_equal(
    no_champion: None, tmp_path: Path
) -> None:
    version = installing.install(write_tiny_bundle(tmp_path / "soft", version="soft", scale=0.05))
    deploy_champion(version, by=None)
    chance = random.Random(3)
    words = (*BAD_WORDS[:4], *OTHER_WORDS[:13])
    texts = [" ".join(chance.choices(words, k=chance.randint(1, 40))) for _ in range(1000)]
    done: list[int] = []
    while len(done) < len(texts):
        some = texts[len(done) : len(done) + chance.choice((1, 2, 7, 64, 200))]
        done += [result.prediction_id for result in labeler.label(some, by=None)]
    installing.install(write_tiny_bundle(tmp_path / "next", version="next"))
    deploy_champion(ModelVersion.objects.get(version="next"), by=None)
    serving.reconcile()

    replays = [labeler.replay(prediction_id) for prediction_id in done]

    assert {replay.model_version for replay in replays} == {"tiny:soft"}
    assert all(replay.equal for replay in replays)
    assert {replay.replayed_label for replay in replays} == set(Label)
    assert len({round(replay.score, 3) for replay in replays}) > 5


def test_a_replay_says_what_was_recorded_and_what_is_said_now(champion: ModelVersion) -> None:
    result = labeler.label([NON_COMPLIANT_TEXT], by=None)[0]

    replay = labeler.replay(result.prediction_id)

    assert (replay.prediction_id, replay.model_version) == (result.prediction_id, "tiny:1")
    assert replay.model_digest == champion.digest
    assert (replay.label, replay.score) == (Label.NON_COMPLIANT, result.classification.score)
    assert (replay.equal, replay.difference) == (True, 0)
    assert Prediction.objects.count() == 1


@pytest.mark.parametrize(("label", "score"), [("non-compliant", 0.99), ("compliant", 0.1)])
def test_what_was_recorded_otherwise_than_the_bundle_says_is_told_as_a_difference(
    champion: ModelVersion, label: str, score: float
) -> None:
    forged = Prediction.objects.create(
        text=COMPLIANT_TEXT, text_seen=COMPLIANT_TEXT, truncated=False, label=label, score=score, threshold=0.5,
        model_version=champion, latency_ms=1.0,
    )  # fmt: skip

    replay = labeler.replay(forged.pk)

    assert not replay.equal
    assert (replay.label, replay.replayed_label) == (Label(label), Label.COMPLIANT)
    assert replay.difference == pytest.approx(0.0067 - score, abs=1e-3)


def test_the_version_that_predicted_is_run_not_the_champion(champion: ModelVersion, succeed: Succeed) -> None:
    prediction_id = labeler.label([NON_COMPLIANT_TEXT], by=None)[0].prediction_id
    succeed("2")

    replay = labeler.replay(prediction_id)

    assert (replay.model_version, replay.equal) == ("tiny:1", True)


def test_the_champion_is_not_opened_a_second_time(champion: ModelVersion) -> None:
    assert archive.servable_of(champion) is serving.champion()


def test_what_was_opened_is_used_again_and_no_more_than_two_are_kept(champion: ModelVersion, succeed: Succeed) -> None:
    versions = [champion, succeed("2"), succeed("3")]
    succeed("4")
    first, second, third = map(archive.servable_of, versions)

    assert archive.servable_of(versions[2]) is third
    assert archive.servable_of(versions[1]) is second
    assert archive.servable_of(versions[0]) is not first


def test_many_who_ask_at_once_get_the_same_servable(champion: ModelVersion, succeed: Succeed) -> None:
    succeed("2")
    serving.champion()
    assert len(set(at_once(*[partial(archive.servable_of, champion)] * 8))) == 1


def test_a_bundle_that_is_gone_is_told_and_found_again_once_it_is_back(
    champion: ModelVersion, succeed: Succeed, tmp_path: Path
) -> None:
    prediction_id = labeler.label([NON_COMPLIANT_TEXT], by=None)[0].prediction_id
    succeed("2")
    shutil.rmtree(serving.bundle_path(champion.digest))

    with pytest.raises(NotArchived, match="tiny:1"):
        labeler.replay(prediction_id)

    installing.install(tmp_path / "bundle")
    assert labeler.replay(prediction_id).equal


def test_what_was_never_predicted_is_not_replayed() -> None:
    with pytest.raises(UnknownRecord):
        labeler.replay(10**12)
