"""The words that drove a label: found by leaving each out, by the prediction's own version, once."""

import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from pytest_django import DjangoAssertNumQueries

from mlops import labeler
from mlops.contracts import Label
from mlops.exceptions import ArtifactCorrupt, NotArchived, UnknownRecord
from mlops.models import Explanation, ModelVersion
from mlops.services import archive, installing, serving
from mlops.services.deployment import deploy_champion
from tests.at_once import at_once
from tests.bundles import GOLDEN, NON_COMPLIANT_TEXT, tiny_model, write_tiny_bundle

pytestmark = pytest.mark.django_db

Predict = Callable[[str], int]


@pytest.fixture
def predict(champion: ModelVersion) -> Predict:
    return lambda text: labeler.label([text], by=None)[0].prediction_id


@pytest.fixture
def replace_champion(tmp_path: Path) -> Callable[[], None]:
    """Another version becomes champion, so that predictions of the one before are of an archived version."""

    def replace() -> None:
        version = installing.install(write_tiny_bundle(tmp_path / "next", version="2", scale=0.5))
        deploy_champion(version, by=None)
        serving.reconcile()

    return replace


def test_the_word_that_drove_the_label_weighs_most(predict: Predict) -> None:
    explanation = labeler.explain(predict(NON_COMPLIANT_TEXT))

    weights = {explanation.text[word.start : word.stop]: word.weight for word in explanation.words}
    assert max(weights, key=weights.__getitem__) == "iron"
    assert weights["iron"] > 0.9
    assert weights["good"] == pytest.approx(0, abs=1e-6)


def test_each_weight_is_what_the_score_loses_without_the_word(predict: Predict) -> None:
    text = "Poor condition; made of plastic, 1971"
    explanation = labeler.explain(predict(text))

    words = [text[word.start : word.stop] for word in explanation.words]
    assert words == ["Poor", "condition", "made", "of", "plastic", "1971"]
    for word, weight in zip(words, explanation.words, strict=True):
        (without,) = labeler.classify([text.replace(word, "", 1)])
        assert weight.weight == pytest.approx(explanation.score - without.score, abs=1e-6)


def test_where_each_of_two_words_suffices_their_log_odds_still_show_them(predict: Predict) -> None:
    poor, steel, iron = labeler.explain(predict("poor steel iron")).words

    assert poor.weight == pytest.approx(0, abs=0.01)
    assert (poor.log_odds, iron.log_odds) == pytest.approx((10, 10), abs=1e-3)  # what the model gives such a word
    assert steel.log_odds == pytest.approx(0, abs=1e-3)


@pytest.mark.parametrize("text", ["poor iron plastic fair 1990 poor iron", "steel"])
def test_a_score_at_the_very_end_of_the_scale_has_finite_log_odds(predict: Predict, text: str) -> None:
    assert all(-100 < word.log_odds < 100 for word in labeler.explain(predict(text)).words)


@pytest.mark.usefixtures("no_champion")
def test_a_word_that_speaks_for_compliant_weighs_below_nothing(tmp_path: Path) -> None:
    other = {"compliant": "non-compliant", "non-compliant": "compliant"}
    upside_down = write_tiny_bundle(
        tmp_path / "bundle",
        model=tiny_model(bad=-10.0, bias=5.0),
        golden=[(text, other[label], kind) for text, label, kind in GOLDEN],
    )
    deploy_champion(installing.install(upside_down), by=None)

    (steel, iron) = labeler.explain(labeler.label(["steel iron"], by=None)[0].prediction_id).words

    assert steel.weight == pytest.approx(0, abs=1e-6)
    assert iron.weight < -0.9


@pytest.mark.parametrize("text", ["iron", "…!?", "größer Straße cafe\u0301", "零件 iron 🚗", "iron\r\n\tpoor"])
def test_the_offsets_are_those_of_the_text_as_given(predict: Predict, text: str) -> None:
    explanation = labeler.explain(predict(text))

    spoken = [text[word.start : word.stop] for word in explanation.words]
    assert spoken == [word for word in text.replace("…!?", "").replace("🚗", "").split() if word]
    assert explanation.read_to == len(text)


def test_of_a_long_text_only_what_the_model_read_is_explained(predict: Predict) -> None:
    text = "good steel component " * 9 + "in new condition " + "iron " * 50  # the model reads 30 words of it
    explanation = labeler.explain(predict(text))

    assert text[: explanation.read_to].split() == text.split()[:30]
    assert len(explanation.words) == 30
    assert [word.weight for word in explanation.words] == pytest.approx([0] * 30, abs=1e-6)


def test_more_words_than_the_model_reads_tokens_are_never_told(predict: Predict) -> None:
    assert len(labeler.explain(predict("a " * 5_000)).words) <= 32


def test_what_was_found_out_once_is_kept_and_needs_no_model(
    predict: Predict, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    prediction_id = predict(NON_COMPLIANT_TEXT)
    first = labeler.explain(prediction_id)
    forget_every_model()

    with django_assert_num_queries(1):
        assert labeler.explain(prediction_id) == first


def test_the_version_that_predicted_explains_not_the_champion(
    predict: Predict, replace_champion: Callable[[], None]
) -> None:
    prediction_id = predict(NON_COMPLIANT_TEXT)
    replace_champion()

    explanation = labeler.explain(prediction_id)

    assert explanation.model_version == "tiny:1"
    assert explanation.score > labeler.classify([NON_COMPLIANT_TEXT])[0].score


def test_an_archived_bundle_that_is_gone_is_told(
    champion: ModelVersion, predict: Predict, replace_champion: Callable[[], None]
) -> None:
    prediction_id = predict(NON_COMPLIANT_TEXT)
    replace_champion()
    shutil.rmtree(serving.bundle_path(champion.digest))

    with pytest.raises(NotArchived, match="tiny:1"):
        labeler.explain(prediction_id)

    assert not Explanation.objects.exists()


def test_an_archived_bundle_that_is_damaged_is_told(
    champion: ModelVersion, predict: Predict, replace_champion: Callable[[], None]
) -> None:
    prediction_id = predict(NON_COMPLIANT_TEXT)
    replace_champion()
    (serving.bundle_path(champion.digest) / "model.onnx").write_bytes(b"other")

    with pytest.raises(ArtifactCorrupt):
        labeler.explain(prediction_id)


def test_with_no_champion_the_archive_still_explains(champion: ModelVersion, predict: Predict) -> None:
    prediction_id = predict(NON_COMPLIANT_TEXT)
    champion.deployments.all().delete()
    serving.stop()

    assert labeler.explain(prediction_id).score > 0.5


def test_what_was_never_predicted_is_not_explained() -> None:
    with pytest.raises(UnknownRecord):
        labeler.explain(10**12)


@pytest.mark.django_db(transaction=True)
def test_asked_by_many_at_once_all_get_the_same(predict: Predict) -> None:
    prediction_id = predict(NON_COMPLIANT_TEXT)

    answers = at_once(*[partial(labeler.explain, prediction_id)] * 16)

    assert all(answer == answers[0] for answer in answers)
    assert Explanation.objects.count() == 1


def test_a_label_below_the_threshold_is_explained_too(predict: Predict) -> None:
    explanation = labeler.explain(predict("good condition steel"))

    assert Label.of_score(explanation.score, 0.5) == Label.COMPLIANT
    assert len(explanation.words) == 3


def forget_every_model() -> None:
    serving.stop()
    archive.close()
