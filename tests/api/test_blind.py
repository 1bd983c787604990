"""What a blind review hides is told to no officer, however they ask, and to everybody else as ever."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from components.models import Review, User
from tests.api.conftest import decide, problem_of
from tests.components.conftest import person

pytestmark = pytest.mark.django_db

COMPONENTS, REVIEWS = "/api/v1/components/", "/api/v1/reviews/"


@pytest.fixture
def hidden(asked: Any) -> dict[str, Any]:
    """A component as its technician was told of it, which officers are to judge blind."""
    told: dict[str, Any] = asked(blind=True)
    assert Review.objects.get().blind
    return told


def test_the_component_is_told_without_its_label(api: APIClient, desk: APIClient, hidden: dict[str, Any]) -> None:
    seen = hidden | {"label": None, "label_hidden": True}

    assert desk.get(f"{COMPONENTS}{hidden['id']}/").json() == seen
    assert desk.get(COMPONENTS).json()["results"] == [seen]
    assert api.get(f"{COMPONENTS}{hidden['id']}/").json()["label"] == hidden["label"]


@pytest.mark.parametrize("value", ["label=compliant", "label=non-compliant", "label=unlabelled", "source=model"])
def test_no_filter_finds_out(desk: APIClient, hidden: dict[str, Any], value: str) -> None:
    assert desk.get(f"{COMPONENTS}?{value}").json()["count"] == 0


def test_no_order_finds_out(desk: APIClient, asked: Any) -> None:
    open_ = asked()
    for description in ("plastic bumper, 1970, broken", "good condition steel, 2012", "glass"):
        asked(description, blind=True)

    listed = {
        order: [one["id"] for one in desk.get(f"{COMPONENTS}?ordering={order}").json()["results"]]
        for order in ("score", "-score")
    }

    assert listed["score"] == listed["-score"]
    assert listed["score"][0] == open_["id"]


def test_the_review_is_told_without_what_the_model_said(desk: APIClient, hidden: dict[str, Any]) -> None:
    (listed,) = desk.get(REVIEWS).json()["results"]
    read = desk.get(f"{REVIEWS}{listed['id']}/").json()
    claimed = desk.post(f"{REVIEWS}next/").json()["review"]

    for told in (listed, read, claimed):
        assert (told["blind"], told["hidden"]) == (True, True)
        assert told["label"] is told["prediction"] is told["risk"] is told["uncertainty"] is None
        for reason in told["reasons"]:
            assert reason["score"] is reason["threshold"] is reason["probability"] is None


def test_the_story_is_told_without_labels(desk: APIClient, hidden: dict[str, Any]) -> None:
    story = desk.get(f"{COMPONENTS}{hidden['id']}/history/").json()

    assert story["label_hidden"]
    for chapter in story["chapters"]:
        assert chapter["kind"] != "labelled"
        assert chapter.get("score") is chapter.get("threshold") is None


def test_the_words_are_kept_back(desk: APIClient, hidden: dict[str, Any]) -> None:
    prediction = Review.objects.get().prediction_id

    problem_of(desk.get(f"/api/v1/predictions/{prediction}/explanation/"), 403, "under-blind-review")


def test_whoever_decides_no_reviews_sees_all(
    hidden: dict[str, Any], api_client: Callable[..., APIClient], admin: User
) -> None:
    auditor = api_client(person("auditor", "auditor"))
    review = Review.objects.get()

    told = auditor.get(f"{REVIEWS}{review.pk}/").json()

    assert (told["blind"], told["hidden"], told["label"]) == (True, False, hidden["label"]["value"])
    assert auditor.get(f"{COMPONENTS}?label={told['label']}").json()["count"] == 1
    assert auditor.get(f"/api/v1/predictions/{review.prediction_id}/explanation/").status_code == 200


def test_an_officer_who_enters_a_component_learns_no_hidden_label(desk: APIClient, champion: Any, fate: Any) -> None:
    fate(0.0)

    entered = desk.post(COMPONENTS, {"description": "a bracket"}, format="json").json()

    assert (entered["label"], entered["label_hidden"]) == (None, True)


def test_a_blind_decision_is_compared_and_then_told(desk: APIClient, in_hand: Any) -> None:
    claimed = in_hand(blind=True)

    told = decide(desk, claimed, "label", label="compliant").json()

    assert told["outcome"] in ("confirm", "override")
    assert (told["blind"], told["label"]) == (True, "compliant")
    assert not desk.get(f"{COMPONENTS}{told['component']}/").json()["label_hidden"]


def test_with_a_second_opinion_pending_it_is_not_told_whether_the_first_agreed(
    desk: APIClient, asked: Any, fate: Any
) -> None:
    fate(0.0)
    asked(blind=True)
    claimed = desk.post(f"{REVIEWS}next/").json()
    fate(0.0)

    told = decide(desk, claimed, "label", label="compliant").json()
    old = desk.get(f"{REVIEWS}{claimed['review']['id']}/").json()

    assert Review.objects.unfinished().filter(blind=True).exists()
    assert told["outcome"] == "label"
    assert (old["hidden"], old["label"], old["prediction"]) == (True, None, None)
    assert not any("%" in sentence for sentence in old["why"])
    problem_of(desk.post(f"/api/v1/decisions/{told['id']}/replay/"), 403, "under-blind-review")
