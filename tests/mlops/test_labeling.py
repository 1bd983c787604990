"""Predictions are recorded as they were answered, all of them or none."""

from dataclasses import replace

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from mlops import labeler
from mlops.contracts import Label
from mlops.exceptions import NotServing
from mlops.models import ModelVersion, Prediction
from tests.bundles import COMPLIANT_TEXT, NON_COMPLIANT_TEXT

pytestmark = pytest.mark.django_db


def test_what_is_recorded_is_what_was_answered(champion: ModelVersion) -> None:
    results = labeler.label([NON_COMPLIANT_TEXT, COMPLIANT_TEXT], by=None)

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


BATCH = [f"steel bracket {number}" for number in range(256)]


@pytest.mark.usefixtures("champion")
def test_a_batch_of_256_is_written_by_one_statement_or_as_few_as_sqlite_takes() -> None:
    labeler.label(BATCH[:1], by=None)  # which asks for the key of the model version, once in the life of a process

    with CaptureQueriesContext(connection) as asked:
        labeler.label(BATCH, by=None)

    written = [query["sql"].split('"')[1] for query in asked if query["sql"].startswith("INSERT")]
    # Django gives a statement of SQLite 999 values, which are those of some hundred predictions.
    statements = 3 if connection.vendor == "sqlite" else 1
    assert written == [*["mlops_prediction"] * statements, "audit_event"]
    # Those beside them are of the event: its lock and the event before it.
    assert len(asked) <= statements + 5
    assert list(Prediction.objects.order_by("pk").values_list("text", flat=True)) == [BATCH[0], *BATCH]


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("champion")
def test_of_a_batch_that_the_database_refuses_nothing_remains() -> None:
    classifications = labeler.classify(BATCH)
    classifications[-1] = replace(classifications[-1], score=1.5)

    with pytest.raises(IntegrityError):
        labeler.record(classifications)

    assert not Prediction.objects.exists()


@pytest.mark.usefixtures("no_champion")
def test_with_nothing_serving_nothing_is_recorded() -> None:
    with pytest.raises(NotServing):
        labeler.label([COMPLIANT_TEXT], by=None)

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
