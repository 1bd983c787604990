"""Components are created, read and labelled through the API."""

from collections.abc import Callable

import pytest
from rest_framework.test import APIClient

from components import services
from components.models import Component, Regulation, User
from mlops import contracts
from mlops.models import ModelVersion, Prediction
from tests.api.conftest import TEXT, problem_of
from tests.shown import label_by_officer

pytestmark = pytest.mark.django_db

COMPONENTS = "/api/v1/components/"


def test_a_new_component_comes_back_labelled(api: APIClient, champion: ModelVersion) -> None:
    response = api.post(COMPONENTS, {"description": TEXT, "external_id": "BRK-1"}, format="json")

    component = Component.objects.with_label().get()
    assert component.label is not None
    assert component.label.prediction is not None
    prediction = component.label.prediction
    assert response.status_code == 201
    assert response.json() == {
        "id": component.pk,
        "external_id": "BRK-1",
        "description": TEXT,
        "number": 1,
        "entered_by": "technician",
        "entered_at": component.entered_at.isoformat().replace("+00:00", "Z"),
        "label": {
            "value": component.label.value,
            "source": "model",
            "score": prediction.score,
            "threshold": prediction.threshold,
            "model_version": str(champion),
            "truncated": False,
            "regulation": "TREY-2019-1",
            "created_at": component.label.created_at.isoformat().replace("+00:00", "Z"),
        },
        "label_hidden": False,
    }


@pytest.mark.usefixtures("champion")
def test_the_location_of_a_new_component_leads_to_it(api: APIClient) -> None:
    created = api.post(COMPONENTS, {"description": TEXT}, format="json")

    read = api.get(created["Location"])

    assert read.status_code == 200
    assert read.json() == created.json()


@pytest.mark.usefixtures("champion")
def test_a_component_may_come_without_an_external_id(api: APIClient) -> None:
    for body in ({"description": TEXT}, {"description": TEXT, "external_id": ""}):
        assert api.post(COMPONENTS, body, format="json").json()["external_id"] == ""


@pytest.mark.usefixtures("champion")
def test_the_description_is_kept_as_it_was_sent(api: APIClient) -> None:
    text = "  <b>&amp;</b>\t=cmd()\r\n\u202eltr \U0001f529 e\u0301 "

    assert api.post(COMPONENTS, {"description": text}, format="json").json()["description"] == text


@pytest.mark.usefixtures("champion")
def test_an_external_id_that_is_taken_is_refused(api: APIClient) -> None:
    api.post(COMPONENTS, {"description": TEXT, "external_id": "BRK-1"}, format="json")

    response = api.post(COMPONENTS, {"description": "another", "external_id": "BRK-1"}, format="json")

    assert "BRK-1" in problem_of(response, 409, "duplicate-external-id")["detail"]
    assert Component.objects.count() == 1


@pytest.mark.usefixtures("no_champion")
def test_with_no_model_serving_the_component_is_kept_without_a_label(api: APIClient) -> None:
    response = api.post(COMPONENTS, {"description": TEXT}, format="json")

    assert response.status_code == 201
    assert response.json()["label"] is None
    assert api.get(response["Location"]).json()["label"] is None
    assert Component.objects.awaiting_label().count() == 1


@pytest.mark.usefixtures("champion")
def test_without_a_regulation_nothing_is_stored_and_the_answer_says_why(api: APIClient) -> None:
    Regulation.objects.all().delete()

    response = api.post(COMPONENTS, {"description": TEXT}, format="json")

    assert "admin" in problem_of(response, 503, "no-regulation")["detail"]
    assert not Component.objects.exists()
    assert not Prediction.objects.exists()


def test_the_label_of_an_officer_has_no_score(api: APIClient, officer: User, champion: ModelVersion) -> None:
    component = services.submit_component(description=TEXT, by=officer)
    label_by_officer(component, contracts.Label.NON_COMPLIANT, by=officer)

    label = api.get(f"{COMPONENTS}{component.pk}/").json()["label"]

    assert (label["value"], label["source"], label["regulation"]) == ("non-compliant", "officer", "TREY-2019-1")
    assert label["score"] is label["threshold"] is label["model_version"] is label["truncated"] is None


@pytest.mark.usefixtures("no_champion")
def test_a_component_belongs_to_whose_token_it_was(
    technician: User, officer: User, api_client: Callable[[User], APIClient]
) -> None:
    for user in (technician, officer):
        answer = api_client(user).post(COMPONENTS, {"description": TEXT}, format="json").json()
        assert answer["entered_by"] == user.username


@pytest.mark.parametrize("id", ["0", "1", "99999999999999999999", "9" * 5000, "-1", "1.0", "one", "%00", "١"])
def test_a_component_that_does_not_exist_is_not_found(api: APIClient, id: str) -> None:  # noqa: A002
    problem_of(api.get(f"{COMPONENTS}{id}/"), 404, "not-found")
