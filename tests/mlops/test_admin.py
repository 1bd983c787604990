"""Feedback and explanations can be looked at in the administration, and not touched."""

import pytest
from django.test import Client
from django.urls import reverse

from components.models import User
from mlops import labeler
from mlops.contracts import Label
from mlops.models import Explanation, Feedback, ModelVersion

pytestmark = pytest.mark.django_db

SHOWN = pytest.mark.parametrize("model", [Feedback, Explanation])


@pytest.fixture
def desk(champion: ModelVersion, admin: User, officer: User) -> Client:
    """The administration of an installation with a feedback, a retraction and an explanation."""
    prediction_id = labeler.label(["iron bracket"], by=officer)[0].prediction_id
    labeler.explain(prediction_id)
    given = labeler.record_feedback(
        prediction_id=prediction_id, label=Label.COMPLIANT, regulation="x", blind=True, sampled=False, by=officer
    )
    labeler.retract_feedback(given.feedback_id, by=officer)
    client = Client()
    client.force_login(admin, backend="django.contrib.auth.backends.ModelBackend")
    return client


def address(model: type[Feedback | Explanation], view: str, *args: object) -> str:
    return reverse(f"admin:mlops_{model._meta.model_name}_{view}", args=args)


@SHOWN
def test_the_list_can_be_searched_and_every_row_opened(desk: Client, model: type[Feedback | Explanation]) -> None:
    assert desk.get(address(model, "changelist"), {"q": "1"}).status_code == 200
    for row in model._base_manager.all():
        assert desk.get(address(model, "change", row.pk)).status_code == 200


@SHOWN
def test_nothing_can_be_added_changed_or_deleted(desk: Client, model: type[Feedback | Explanation]) -> None:
    row = model._base_manager.earliest("pk")

    assert desk.get(address(model, "add")).status_code == 403
    assert desk.post(address(model, "change", row.pk), {}).status_code == 403
    assert desk.post(address(model, "delete", row.pk), {"post": "yes"}).status_code == 403


def test_an_explanation_tells_each_word_with_what_it_did(desk: Client) -> None:
    answer = desk.get(address(Explanation, "change", Explanation.objects.get().pk)).content.decode()

    assert "+0.9866    +10.00  iron" in answer
    assert "0.00  bracket" in answer
