"""What the model platform writes is told by one event: its own, or that of the caller whose transaction it joins."""

from pathlib import Path

import pytest
from django.db import DatabaseError, transaction

from audit.ledgers import row_digest
from audit.models import Event
from audit.services import record
from audit.verification import verify
from components.models import User
from mlops import labeler
from mlops.contracts import Label
from mlops.exceptions import ArtifactCorrupt
from mlops.models import Feedback, ModelVersion, Prediction
from mlops.services.deployment import deploy_champion
from mlops.services.installing import install
from tests.bundles import COMPLIANT_TEXT, NON_COMPLIANT_TEXT, write_tiny_bundle

pytestmark = pytest.mark.django_db


def events(action: str) -> list[Event]:
    return list(Event.objects.filter(action=action))


def test_labelling_texts_is_one_event_that_names_every_prediction(champion: ModelVersion, technician: User) -> None:
    labeler.label([COMPLIANT_TEXT, NON_COMPLIANT_TEXT], by=technician)

    (event,) = events("texts_labelled")
    assert (event.actor, event.role) == (technician, "technician")
    assert event.after == {"texts": 2, "model_version": "tiny:1"}
    predictions = Prediction.objects.order_by("pk")
    assert event.rows == {"mlops.prediction": [[prediction.pk, row_digest(prediction)] for prediction in predictions]}


@pytest.mark.usefixtures("champion")
def test_labelling_no_texts_is_no_event(technician: User) -> None:
    assert labeler.label([], by=technician) == []

    assert not events("texts_labelled")


def test_what_joins_a_callers_transaction_is_accounted_for_by_the_callers_one_event(
    champion: ModelVersion, officer: User
) -> None:
    before = Event.objects.count()
    with transaction.atomic():
        (result,) = labeler.record(labeler.classify([COMPLIANT_TEXT]), inclusion=[0.05])
        given = labeler.record_feedback(
            prediction_id=result.prediction_id, label=Label.COMPLIANT, regulation="TREY-2019-1", blind=True,
            sampled=True, by=officer,
        )  # fmt: skip
        taken_back = labeler.retract_feedback(given.feedback_id, by=officer)
        event = record("everything_done", by=officer, rows=[result.row, given.row, taken_back.row])

    assert Event.objects.count() == before + 1
    assert event.rows == {
        "mlops.prediction": [[row.pk, row_digest(row)] for row in Prediction.objects.all()],
        "mlops.feedback": [[row.pk, row_digest(row)] for row in Feedback.objects.order_by("pk")],
    }


@pytest.mark.django_db(transaction=True)
def test_the_record_accounts_for_every_row_as_the_database_keeps_it(
    champion: ModelVersion, officer: User, tmp_path: Path
) -> None:
    texts = [COMPLIANT_TEXT, "größer 🚗\r\n iron", "steel " * 100]
    prediction_ids = [result.prediction_id for result in labeler.label(texts, by=officer)]
    for prediction_id in prediction_ids:
        labeler.explain(prediction_id)
        with transaction.atomic():
            given = labeler.record_feedback(
                prediction_id=prediction_id, label=Label.COMPLIANT, regulation="x", blind=False, sampled=False,
                by=officer,
            )  # fmt: skip
            record("everything_done", by=officer, rows=[given.row])

    assert not verify(tmp_path / "no anchors").findings


@pytest.mark.parametrize("model", [Prediction, Feedback])
@pytest.mark.parametrize("act", ["update", "delete"])
def test_the_database_lets_no_prediction_or_feedback_be_changed(
    champion: ModelVersion, officer: User, model: type[Prediction | Feedback], act: str
) -> None:
    prediction_id = labeler.label([COMPLIANT_TEXT], by=officer)[0].prediction_id
    labeler.record_feedback(
        prediction_id=prediction_id, label=Label.COMPLIANT, regulation="x", blind=False, sampled=False, by=officer
    )
    rows = model._base_manager.all()

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        rows._raw_delete(rows.db) if act == "delete" else rows.update(inclusion_probability=1.0)


def test_registering_a_version_is_an_event_once(officer: User, no_champion: None, tmp_path: Path) -> None:
    source = write_tiny_bundle(tmp_path / "tiny")
    version = install(source, by=officer)
    install(source, by=officer)

    (event,) = events("version_registered")
    assert (event.actor, event.subject_type, event.subject_id) == (officer, "mlops.modelversion", str(version.pk))
    assert event.after == {"version": "tiny:1", "digest": version.digest}


def test_a_version_that_is_refused_is_no_event(no_champion: None, tmp_path: Path) -> None:
    install(write_tiny_bundle(tmp_path / "tiny"))
    with pytest.raises(ArtifactCorrupt):
        install(write_tiny_bundle(tmp_path / "other", scale=2.0))

    assert len(events("version_registered")) == 1


def test_deploying_a_champion_is_an_event_that_tells_of_the_one_before(
    champion: ModelVersion, officer: User, tmp_path: Path
) -> None:
    successor = install(write_tiny_bundle(tmp_path / "next", version="2"))
    deploy_champion(successor, by=officer)
    deploy_champion(successor, by=officer)

    second, first = sorted(events("champion_deployed"), key=lambda event: -event.position)
    assert (first.before, first.after) == ({"champion": ""}, {"champion": "tiny:1", "digest": champion.digest})
    assert (second.before, second.after) == (
        {"champion": "tiny:1"},
        {"champion": "tiny:2", "digest": successor.digest},
    )
    assert (second.actor, second.subject_id) == (officer, str(successor.pk))
