"""Automatic labelling is stopped and resumed through the API, and the words behind a label are told."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from components.models import Review, StopSwitch, User
from mlops.models import Prediction
from tests.api.conftest import TEXT, problem_of
from tests.components.conftest import person

pytestmark = pytest.mark.django_db

SWITCH, LABELS, COMPONENTS = "/api/v1/stop-switch/", "/api/v1/labels/", "/api/v1/components/"


@pytest.fixture
def chief(admin: User, api_client: Callable[..., APIClient]) -> APIClient:
    return api_client(admin)


@pytest.mark.usefixtures("champion")
def test_while_it_is_stopped_no_text_is_labelled(api: APIClient, chief: APIClient) -> None:
    stopped = chief.post(SWITCH, {"stopped": True, "reason": "A drill."}, format="json").json()

    assert (stopped["stopped"], stopped["reason"], stopped["set_by"]) == (True, "A drill.", "admin")
    assert api.get(SWITCH).json() == stopped
    problem_of(api.post(LABELS, {"texts": [TEXT]}, format="json"), 503, "labelling-stopped")
    entered = api.post(COMPONENTS, {"description": TEXT}, format="json").json()
    assert entered["label"] is None
    assert Review.objects.get().component_id == entered["id"]
    assert not Prediction.objects.exists()


@pytest.mark.usefixtures("champion")
def test_after_it_is_resumed_texts_are_labelled_again(api: APIClient, chief: APIClient) -> None:
    for stopped in (True, False):
        chief.post(SWITCH, {"stopped": stopped, "reason": "A drill."}, format="json")

    assert not api.get(SWITCH).json()["stopped"]
    assert api.post(LABELS, {"texts": [TEXT]}, format="json").status_code == 200


def test_nobody_has_stopped_it_yet(api: APIClient) -> None:
    assert api.get(SWITCH).json() == {"stopped": False, "reason": None, "set_by": None, "set_at": None}


@pytest.mark.parametrize(
    ("body", "status", "slug"),
    [
        ({}, 400, "invalid"),
        ({"stopped": "true", "reason": "x"}, 400, "invalid"),
        ({"stopped": 1, "reason": "x"}, 400, "invalid"),
        ({"stopped": True, "reason": "x" * 501}, 400, "invalid"),
        ({"stopped": True, "reason": "\0"}, 400, "invalid"),
        ({"stopped": True, "reason": "x", "set_by": "officer"}, 400, "invalid"),
        ({"stopped": True, "reason": " "}, 422, "missing-reason"),
    ],
)
def test_what_is_no_order_turns_nothing(chief: APIClient, body: Any, status: int, slug: str) -> None:
    problem_of(chief.post(SWITCH, body, format="json"), status, slug)
    assert not StopSwitch.objects.exists()


def test_the_words_are_told_to_whom_the_component_belongs(
    api: APIClient, desk: APIClient, asked: Any, api_client: Callable[..., APIClient]
) -> None:
    asked()
    prediction = Prediction.objects.get()
    words = f"/api/v1/predictions/{prediction.pk}/explanation/"

    told = api.get(words).json()

    assert (told["prediction_id"], told["text"]) == (prediction.pk, TEXT)
    assert told["score"] == pytest.approx(prediction.score, abs=1e-6)
    assert [TEXT[word["start"] : word["stop"]] for word in told["words"]][:2] == ["good", "condition"]
    assert desk.get(words).json() == told
    problem_of(api_client(person("stranger", "technician")).get(words), 403, "not-yours")


def test_a_prediction_that_does_not_exist_has_no_words(desk: APIClient) -> None:
    problem_of(desk.get("/api/v1/predictions/99999999/explanation/"), 404, "not-found")
    problem_of(desk.get(f"/api/v1/predictions/{'9' * 30}/explanation/"), 404, "not-found")
