"""Predictions are recorded as they were answered, all of them or none."""

import pytest
from django.db import IntegrityError, transaction

from mlops import labeler
from mlops.contracts import Label
from mlops.exceptions import NotServing
from mlops.models import ModelVersion, Prediction
from tests.bundles import COMPLIANT_TEXT, NON_COMPLIANT_TEXT

pytestmark = pytest.mark.django_db


def test_what_is_recorded_is_what_was_answered(champion: ModelVersion) -> None:
    results = labeler.label([NON_COMPLIANT_TEXT, COMPLIANT_TEXT])

    for result in results:
        answer, row = result.classification, Prediction.objects.get(pk=result.prediction_id)
        assert (row.text, row.text_seen, row.label) == (answer.text, answer.text_seen, answer.label)
        assert (row.score, row.threshold, row.truncated) == (answer.score, answer.threshold, answer.truncated)
        assert (row.model_version, row.latency_ms) == (champion, answer.latency_ms)
    assert [result.classification.label for result in results] == [Label.NON_COMPLIANT, Label.COMPLIANT]


@pytest.mark.usefixtures("champion")
def test_classifying_alone_records_nothing() -> None:
    labeler.classify([COMPLIANT_TEXT])

    assert not Prediction.objects.exists()


@pytest.mark.usefixtures("no_champion")
def test_with_nothing_serving_nothing_is_recorded() -> None:
    with pytest.raises(NotServing):
        labeler.label([COMPLIANT_TEXT])

    assert not Prediction.objects.exists()


@pytest.mark.parametrize(
    ("label", "score"), [("compliant", 0.9), ("non-compliant", 0.1), ("compliant", -0.1), ("maybe", 0.1)]
)
def test_the_database_refuses_a_label_that_does_not_follow_from_its_score(
    champion: ModelVersion, label: str, score: float
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Prediction.objects.create(
            text="x",
            text_seen="x",
            truncated=False,
            label=label,
            score=score,
            threshold=0.5,
            model_version=champion,
            latency_ms=1.0,
        )
