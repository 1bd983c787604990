"""What is searched for in the administration is bounded, so that no list keeps a database busy."""

import pytest
from django.contrib import admin as django_admin
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

import components.models
from audit.admin import MOST_SEARCH_CHARACTERS, MOST_SEARCH_WORDS, TOO_MUCH, SearchableAdmin
from components.models import Decision, Description, Review, User
from mlops import labeler
from mlops.contracts import Label
from mlops.models import Explanation, Feedback, ModelVersion, Prediction
from tests.shown import enter

pytestmark = pytest.mark.django_db

SEARCHED = [model for model, shown in django_admin.site._registry.items() if shown.search_fields]


def address(model: type[Model]) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def test_every_list_has_the_bound() -> None:
    assert [model for model in SEARCHED if not isinstance(django_admin.site._registry[model], SearchableAdmin)] == []


@pytest.mark.parametrize("model", SEARCHED, ids=lambda model: model._meta.model_name)
def test_more_words_than_that_are_not_searched_for(desk: Client, model: type[Model]) -> None:
    with CaptureQueriesContext(connection) as asked:
        page = desk.get(address(model), {"q": "zebra " * 5000}).content.decode()

    assert TOO_MUCH in page
    assert not any("zebra" in query["sql"].lower() for query in asked)


@pytest.mark.parametrize(
    ("words", "refused"),
    [
        (" ".join(["a"] * MOST_SEARCH_WORDS), False),
        (" ".join(["a"] * (MOST_SEARCH_WORDS + 1)), True),
        ("a" * MOST_SEARCH_CHARACTERS, False),
        ("a" * (MOST_SEARCH_CHARACTERS + 1), True),
    ],
)
def test_the_bound_is_as_it_is_said(desk: Client, words: str, refused: bool) -> None:
    assert (TOO_MUCH in desk.get(address(ModelVersion), {"q": words}).content.decode()) is refused


def test_what_completes_a_choice_has_it_too(desk: Client, admin: User) -> None:
    asked = {"app_label": "components", "model_name": "label", "field_name": "regulation", "term": "2019 " * 5000}

    assert desk.get("/admin/autocomplete/", asked).json()["results"] == []
    assert len(desk.get("/admin/autocomplete/", asked | {"term": "2019"}).json()["results"]) == 1


def test_predictions_and_what_was_said_of_them_are_found_by_number_without_reading_all(
    desk: Client, champion: ModelVersion, officer: User
) -> None:
    first, other = labeler.label(["iron bracket", "steel tray"], by=officer)
    given = labeler.record_feedback(
        prediction_id=other.prediction_id, label=Label.COMPLIANT, regulation="x", blind=True, sampled=False, by=officer
    )
    labeler.explain(other.prediction_id)

    for model, rows in ((Prediction, 1), (Feedback, 1), (Explanation, 1)):
        with CaptureQueriesContext(connection) as asked:
            assert f"{rows} result" in desk.get(address(model), {"q": f" {other.prediction_id} "}).content.decode()
        assert not any("CAST" in query["sql"] or "::varchar" in query["sql"] for query in asked)
        for words in ("iron", f"{other.prediction_id} {first.prediction_id}", "9" * 40, "-1", "²"):
            assert "0 results" in desk.get(address(model), {"q": words}).content.decode(), (model, words)
    assert f"/{given.feedback_id}/change/" in desk.get(address(Feedback), {"q": given.feedback_id}).content.decode()


@pytest.mark.parametrize("model", [Description, components.models.Label, Review, Decision])
def test_what_is_of_a_component_is_found_by_it_without_reading_all(
    desk: Client, officer: User, model: type[Model]
) -> None:
    component = enter("iron bracket", by=officer, external_id="TR-1", officer_says=Label.COMPLIANT)
    enter("steel tray", by=officer, officer_says=Label.COMPLIANT)

    for words, rows in (("TR-1", 1), (f" {component.pk} ", 1), ("TR-", 0), ("9" * 40, 0)):
        with CaptureQueriesContext(connection) as asked:
            assert f"{rows} result" in desk.get(address(model), {"q": words}).content.decode()
        assert not any("CAST" in query["sql"] or "::varchar" in query["sql"] for query in asked)


def test_decisions_are_found_by_who_made_them_too(desk: Client, officer: User) -> None:
    enter("iron bracket", by=officer, officer_says=Label.COMPLIANT)

    for words, rows in (("offic", 1), ("nobody", 0)):
        assert f"{rows} result" in desk.get(address(Decision), {"q": words}).content.decode()
