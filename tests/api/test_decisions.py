"""Decisions are undone and replayed, questions asked and answered, and stories told."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from rest_framework.test import APIClient

from components.models import Answer, Component, Decision, Review, User
from components.services.undoing import UNDO_SECONDS
from tests.api.conftest import decide, other, problem_of, send
from tests.components.conftest import person

pytestmark = pytest.mark.django_db

COMPONENTS, DECISIONS = "/api/v1/components/", "/api/v1/decisions/"


def test_an_undone_decision_gives_the_review_back(desk: APIClient, in_hand: Any) -> None:
    claimed = in_hand()
    stood = claimed["review"]["label"]
    wrong = decide(desk, claimed, "override", label=other(stood), reason_code="other").json()

    response = desk.post(f"{DECISIONS}{wrong['id']}/undo/")

    told = response.json()
    assert response.status_code == 201
    assert (told["decision"]["outcome"], told["decision"]["undoes"], told["decision"]["label"]) == (
        *("undo", wrong["id"]),
        None,
    )
    assert (told["review"]["id"], told["review"]["label"]) == (claimed["review"]["id"], stood)
    assert decide(desk, told).status_code == 201


def test_a_decision_is_undone_once_and_within_a_minute(desk: APIClient, in_hand: Any) -> None:
    decision = decide(desk, in_hand()).json()["id"]

    with time_machine.travel(timezone.now() + timedelta(seconds=UNDO_SECONDS + 1)):
        problem_of(desk.post(f"{DECISIONS}{decision}/undo/"), 409, "undo-too-late")
    assert desk.post(f"{DECISIONS}{decision}/undo/").status_code == 201
    problem_of(desk.post(f"{DECISIONS}{decision}/undo/"), 409, "undo-too-late")


def test_nobody_undoes_the_decision_of_another(
    desk: APIClient, in_hand: Any, api_client: Callable[..., APIClient]
) -> None:
    decision = decide(desk, in_hand()).json()["id"]

    problem_of(api_client(person("colleague", "officer")).post(f"{DECISIONS}{decision}/undo/"), 403, "not-yours")
    assert Decision.objects.count() == 1


def test_a_question_is_answered_and_the_review_returns(api: APIClient, desk: APIClient, in_hand: Any) -> None:
    question = decide(desk, in_hand(), "ask", note="Which year?").json()["id"]
    waited = Review.objects.get().state

    response = api.post(f"{DECISIONS}{question}/answer/", {"text": "2012 <i>"}, format="json")

    answer = Answer.objects.get()
    assert response.status_code == 201
    assert response.json() == {
        "id": answer.pk,
        "question": question,
        "text": "2012 <i>",
        "answered_by": "technician",
        "answered_at": answer.answered_at.isoformat().replace("+00:00", "Z"),
    }
    assert (waited, Review.objects.get().state) == ("asked", "open")
    problem_of(api.post(f"{DECISIONS}{question}/answer/", {"text": "2013"}, format="json"), 409, "already-answered")


def test_a_question_is_for_whom_it_asks(desk: APIClient, in_hand: Any, api_client: Callable[..., APIClient]) -> None:
    question = decide(desk, in_hand(), "ask", note="Which year?").json()["id"]
    stranger = api_client(person("stranger", "technician"))

    problem_of(stranger.post(f"{DECISIONS}{question}/answer/", {"text": "2012"}, format="json"), 403, "not-yours")
    assert not Answer.objects.exists()


@pytest.mark.parametrize(
    ("body", "status", "slug"),
    [
        ({}, 400, "invalid"),
        ({"text": None}, 400, "invalid"),
        ({"text": "a\0"}, 400, "invalid"),
        ({"text": "a\udfff"}, 400, "invalid"),
        ({"text": "x" * 1_000_000}, 400, "invalid"),
        ({"text": "2012", "by": "admin"}, 400, "invalid"),
        ({"text": " \n"}, 422, "missing-reason"),
    ],
)
def test_what_is_no_answer_leaves_the_question_open(
    api: APIClient, desk: APIClient, in_hand: Any, body: Any, status: int, slug: str
) -> None:
    question = decide(desk, in_hand(), "ask", note="Which year?").json()["id"]

    problem_of(send(api, f"{DECISIONS}{question}/answer/", body), status, slug)
    assert Review.objects.get().state == "asked"


@pytest.mark.usefixtures("champion")
def test_a_technician_asks_for_a_look(api: APIClient, fate: Any) -> None:
    entered = api.post(COMPONENTS, {"description": "a bracket"}, format="json").json()
    ask = f"{COMPONENTS}{entered['id']}/question/"

    problem_of(api.post(ask, {"note": ""}, format="json"), 422, "missing-reason")
    problem_of(api.post(ask, {"note": "x" * 2_001}, format="json"), 400, "invalid")
    response = api.post(ask, {"note": "Is it?"}, format="json")

    review = Review.objects.get(component=entered["id"])
    assert (response.status_code, response.json()) == (201, {"component": entered["id"], "review": review.pk})


@pytest.mark.usefixtures("champion")
def test_only_what_one_entered_is_edited_and_asked_about(
    api: APIClient, fate: Any, api_client: Callable[..., APIClient]
) -> None:
    entered = api.post(COMPONENTS, {"description": "a bracket"}, format="json").json()
    one = f"{COMPONENTS}{entered['id']}/"
    stranger = api_client(person("stranger", "technician"))

    problem_of(stranger.patch(one, {"description": "iron", "number": 1}, format="json"), 403, "not-yours")
    problem_of(stranger.post(f"{one}question/", {"note": "Is it?"}, format="json"), 403, "not-yours")
    assert Component.objects.get().description == "a bracket"


@pytest.mark.usefixtures("champion")
@pytest.mark.parametrize(
    ("body", "status", "slug"),
    [
        ({"description": "iron"}, 400, "invalid"),
        ({"description": "", "number": 1}, 400, "invalid"),
        ({"description": "a\0", "number": 1}, 400, "invalid"),
        ({"description": "x" * 1_000_000, "number": 1}, 400, "invalid"),
        ({"description": "iron", "number": 0}, 400, "invalid"),
        ({"description": "iron", "number": 1, "external_id": "x"}, 400, "invalid"),
        ({"description": "iron", "number": 2}, 409, "text-changed"),
    ],
)
def test_what_is_no_edit_changes_nothing(api: APIClient, fate: Any, body: Any, status: int, slug: str) -> None:
    entered = api.post(COMPONENTS, {"description": "a bracket"}, format="json").json()

    problem_of(api.patch(f"{COMPONENTS}{entered['id']}/", body, format="json"), status, slug)
    assert api.get(f"{COMPONENTS}{entered['id']}/").json() == entered


def test_a_story_is_told_in_order(api: APIClient, desk: APIClient, in_hand: Any) -> None:
    claimed = in_hand()
    decide(desk, claimed, "override", label=other(claimed["review"]["label"]), reason_code="other", note="No.")

    story = api.get(f"{COMPONENTS}{claimed['review']['component']}/history/").json()

    assert not story["label_hidden"]
    kinds = [chapter["kind"] for chapter in story["chapters"]]
    assert (kinds[0], kinds[-2:]) == ("entered", ["claimed", "decided"])
    assert {"labelled", "routed"} <= set(kinds)
    decided = story["chapters"][-1]
    assert (decided["label"], decided["note"], decided["number"]) == (other(claimed["review"]["label"]), "No.", 1)


def test_a_decision_is_replayed(desk: APIClient, in_hand: Any) -> None:
    claimed = in_hand()
    decision = decide(desk, claimed).json()["id"]

    told = desk.post(f"{DECISIONS}{decision}/replay/").json()

    assert (told["outcome"], told["equal"], told["problem"]) == ("equal", True, "")
    assert told["prediction_id"] == claimed["review"]["prediction"]["id"]
    assert told["replayed_score"] == pytest.approx(told["score"], abs=1e-6)


@pytest.mark.parametrize("verb", ["undo", "replay", "answer"])
@pytest.mark.parametrize("key", ["0", "99999999", "9" * 30])
def test_a_decision_that_does_not_exist_is_not_found(desk: APIClient, verb: str, key: str) -> None:
    body = {"text": "2012"} if verb == "answer" else {}

    problem_of(desk.post(f"{DECISIONS}{key}/{verb}/", body, format="json"), 404, "not-found")


def test_what_takes_no_body_refuses_one(desk: APIClient, in_hand: Any, admin: User) -> None:
    decision = decide(desk, in_hand()).json()["id"]

    problem_of(desk.post(f"{DECISIONS}{decision}/undo/", {"by": "admin"}, format="json"), 400, "invalid")
    problem_of(
        desk.generic("POST", f"{DECISIONS}{decision}/undo/", b"by=admin", "text/plain"), 415, "unsupported-media-type"
    )
    assert Decision.objects.count() == 1
