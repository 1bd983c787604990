"""An officer works the queue through the API: claims, keeps, gives back and decides."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.utils import timezone
from rest_framework.test import APIClient

from components.models import Decision, Label, ReasonCode, Review, User
from tests.api.conftest import decide, other, problem_of
from tests.components.conftest import person

pytestmark = pytest.mark.django_db

REVIEWS, NEXT = "/api/v1/reviews/", "/api/v1/reviews/next/"
NO_LEASE = "00000000-0000-0000-0000-000000000000"


@pytest.fixture
def colleague(api_client: Callable[..., APIClient]) -> APIClient:
    """A client of another officer."""
    return api_client(person("colleague", "officer"))


def test_the_queue_tells_in_order_what_waits_and_why(desk: APIClient, asked: Any) -> None:
    first, second = asked(), asked()
    Review.objects.filter(component=second["id"]).update(escalated=True)

    listed = desk.get(REVIEWS).json()

    assert (listed["count"], listed["next"]) == (2, None)
    assert [review["component"] for review in listed["results"]] == [second["id"], first["id"]]
    told = listed["results"][1]
    assert told["why"] == ["Tess asks: “Is it steel?”"]
    (reason,) = [reason for reason in told["reasons"] if reason["reason"] == "question"]
    assert (reason["by"], reason["note"]) == ("technician", "Is it steel?")
    assert (told["risk"], told["label"], told["prediction"]["label"]) == (3, *[first["label"]["value"]] * 2)


def test_the_queue_can_be_paged_but_not_narrowed(desk: APIClient, asked: Any) -> None:
    asked(), asked()

    assert len(desk.get(f"{REVIEWS}?page_size=1").json()["results"]) == 1
    assert problem_of(desk.get(f"{REVIEWS}?risk=3"), 400, "invalid")["errors"][0]["parameter"] == "risk"


def test_the_next_review_is_taken_in_hand(desk: APIClient, asked: Any) -> None:
    entered = asked()

    claimed = desk.post(NEXT).json()

    assert claimed["review"]["component"] == entered["id"]
    assert claimed["review"]["holder"] == "officer"
    assert str(Review.objects.get().lease) == claimed["lease"]
    assert "lease" not in desk.get(f"{REVIEWS}{claimed['review']['id']}/").json()


def test_where_nothing_waits_there_is_no_content(desk: APIClient) -> None:
    response = desk.post(NEXT, {"besides": []}, format="json")

    assert (response.status_code, response.content) == (204, b"")


def test_another_than_those_named_can_be_asked_for(desk: APIClient, asked: Any) -> None:
    asked(), asked()
    first = desk.post(NEXT).json()["review"]["id"]

    second = desk.post(NEXT, {"besides": [first]}, format="json").json()["review"]["id"]

    assert second != first


def test_no_review_is_in_two_hands(desk: APIClient, colleague: APIClient, in_hand: Any) -> None:
    review = in_hand()["review"]["id"]

    assert colleague.post(NEXT).status_code == 204
    problem_of(colleague.post(f"{REVIEWS}{review}/claim/"), 403, "not-yours")
    assert desk.post(f"{REVIEWS}{review}/claim/").status_code == 200


def test_a_claim_is_kept_and_runs_out(desk: APIClient, in_hand: Any) -> None:
    claimed = in_hand()
    keep, lease = f"{REVIEWS}{claimed['review']['id']}/keep/", {"lease": claimed["lease"]}

    with time_machine.travel(timezone.now() + timedelta(seconds=settings.REVIEW_LEASE_SECONDS - 20)):
        assert desk.post(keep, lease, format="json").json()["leased_until"] > claimed["leased_until"]
    with time_machine.travel(timezone.now() + timedelta(seconds=2 * settings.REVIEW_LEASE_SECONDS)):
        problem_of(desk.post(keep, lease, format="json"), 409, "lease-lost")
        problem_of(decide(desk, claimed), 409, "lease-lost")
        assert desk.get(f"{REVIEWS}{claimed['review']['id']}/").json()["holder"] is None

    assert not Decision.objects.exists()


def test_a_review_is_given_back(desk: APIClient, colleague: APIClient, in_hand: Any) -> None:
    claimed = in_hand()

    given = desk.post(f"{REVIEWS}{claimed['review']['id']}/release/", {"lease": claimed["lease"]}, format="json")

    assert given.status_code == 204
    assert colleague.post(NEXT).json()["review"]["id"] == claimed["review"]["id"]


def test_a_label_is_confirmed(desk: APIClient, in_hand: Any) -> None:
    claimed = in_hand()
    stood = claimed["review"]["label"]

    response = decide(desk, claimed)

    decision = Decision.objects.get()
    assert response.status_code == 201
    assert response.json() == {
        "id": decision.pk,
        "review": claimed["review"]["id"],
        "component": claimed["review"]["component"],
        "number": 1,
        "outcome": "confirm",
        "label": stood,
        "reason_code": None,
        "note": "",
        "officer": "officer",
        "role": "officer",
        "blind": False,
        "seconds": 2.5,
        "regulation": "TREY-2019-1",
        "decided_at": decision.decided_at.isoformat().replace("+00:00", "Z"),
        "undoes": None,
    }


def test_a_label_is_overridden_with_a_reason(desk: APIClient, in_hand: Any) -> None:
    claimed = in_hand()
    wanted = other(claimed["review"]["label"])

    told = decide(desk, claimed, "override", label=wanted, reason_code="misread-year", note="<b>2021</b>").json()

    assert (told["outcome"], told["label"], told["reason_code"], told["note"]) == (
        *("override", wanted),
        *("misread-year", "<b>2021</b>"),
    )
    read = desk.get(f"/api/v1/components/{told['component']}/").json()
    assert (read["label"]["value"], read["label"]["source"]) == (wanted, "officer")


def test_nothing_is_decided_twice(desk: APIClient, in_hand: Any) -> None:
    claimed = in_hand()
    decide(desk, claimed)

    problem_of(decide(desk, claimed), 409, "already-decided")
    assert Decision.objects.count() == 1


def test_an_override_gives_another_label(desk: APIClient, in_hand: Any) -> None:
    claimed = in_hand()

    refused = decide(desk, claimed, "override", label=claimed["review"]["label"], reason_code="other")

    problem_of(refused, 422, "same-label")


@pytest.mark.parametrize(("outcome", "wish"), [("override", {}), ("escalate", {"note": " "}), ("ask", {})])
def test_what_needs_a_reason_is_not_decided_without(desk: APIClient, in_hand: Any, outcome: str, wish: Any) -> None:
    claimed = in_hand()
    label = {"label": other(claimed["review"]["label"])} if outcome == "override" else {}

    problem_of(decide(desk, claimed, outcome, **wish, **label), 422, "missing-reason")
    assert not Decision.objects.exists()


def test_a_retired_reason_is_not_accepted(desk: APIClient, in_hand: Any) -> None:
    claimed = in_hand()
    ReasonCode.objects.filter(code="wording").update(retired_at=timezone.now())
    wish = {"label": other(claimed["review"]["label"]), "reason_code": "wording"}

    problem_of(decide(desk, claimed, "override", **wish), 422, "reason-code-retired")
    (retired,) = [one for one in desk.get("/api/v1/reason-codes/").json()["reason_codes"] if one["retired_at"]]
    assert retired["code"] == "wording"


def test_a_text_that_was_edited_meanwhile_is_not_decided_on(api: APIClient, desk: APIClient, in_hand: Any) -> None:
    claimed = in_hand()
    component = claimed["review"]["component"]
    edited = api.patch(f"/api/v1/components/{component}/", {"description": "iron", "number": 1}, format="json").json()
    labels = Label.objects.count()

    assert (edited["description"], edited["number"]) == ("iron", 2)
    problem_of(decide(desk, claimed), 409, "text-changed")
    assert (Decision.objects.count(), Label.objects.count()) == (0, labels)


def test_what_an_officer_cannot_decide_goes_to_a_colleague(desk: APIClient, colleague: APIClient, in_hand: Any) -> None:
    claimed = in_hand()
    decide(desk, claimed, "escalate", note="Over to you.")

    assert desk.post(NEXT).status_code == 204
    taken = colleague.post(NEXT).json()["review"]
    assert taken["escalated"]
    assert taken["why"][0] == "Passed on by a colleague: “Over to you.”"


def test_a_claim_of_another_is_of_no_use(desk: APIClient, colleague: APIClient, in_hand: Any) -> None:
    claimed = in_hand()

    for lease in (claimed["lease"], NO_LEASE):
        problem_of(decide(colleague, claimed | {"lease": lease}), 403, "not-yours")
    problem_of(decide(desk, claimed | {"lease": NO_LEASE}), 409, "lease-lost")


BODIES: dict[str, tuple[dict[str, Any], str, str]] = {
    "no lease": ({"lease": "mine"}, "#/lease", "not-a-lease"),
    "a lease in braces": ({"lease": f"{{{NO_LEASE}}}"}, "#/lease", "not-a-lease"),
    "another outcome": ({"outcome": "undo"}, "#/outcome", "not-a-choice"),
    "a list for the outcome": ({"outcome": ["confirm"]}, "#/outcome", "not-a-choice"),
    "another label": ({"label": "maybe"}, "#/label", "not-a-choice"),
    "a note of a megabyte": ({"note": "x" * 1_000_000}, "#/note", "max_length"),
    "a note with NUL": ({"note": "a\0"}, "#/note", "null_characters_not_allowed"),
    "NUL alone": ({"note": "\0"}, "#/note", "null_characters_not_allowed"),
    "half a character": ({"note": "a\ud800"}, "#/note", "surrogate"),
    "no text for a note": ({"note": 5}, "#/note", "not-a-text"),
    "NUL in the reason": ({"reason_code": "a\0"}, "#/reason_code", "null_characters_not_allowed"),
    "an unknown reason": ({"reason_code": "whim", "outcome": "override"}, "#/reason_code", "invalid"),
    "no number": ({"number": "1"}, "#/number", "not-a-number"),
    "half a number": ({"number": 1.5}, "#/number", "not-a-number"),
    "true for a number": ({"number": True}, "#/number", "not-a-number"),
    "a number beyond any": ({"number": 10**30}, "#/number", "not-a-number"),
    "no time": ({"seconds": None}, "#/seconds", "not-a-number"),
    "less than no time": ({"seconds": -1}, "#/seconds", "not-a-number"),
    "a name of ours": ({"officer": "admin"}, "#", "unknown-field"),
    "a label without having seen none": ({"outcome": "label", "label": "compliant"}, "#/outcome", "invalid"),
}


@pytest.mark.parametrize(("wish", "pointer", "code"), BODIES.values(), ids=BODIES)
def test_what_is_no_decision_is_refused_by_field(
    desk: APIClient, in_hand: Any, wish: dict[str, Any], pointer: str, code: str
) -> None:
    claimed = in_hand()
    labels = Label.objects.count()

    problem = problem_of(decide(desk, claimed, **wish), 400, "invalid")

    assert {(error["pointer"], error["code"]) for error in problem["errors"]} == {(pointer, code)}
    assert (Decision.objects.count(), Label.objects.count(), Review.objects.get().state) == (0, labels, "open")


@pytest.mark.parametrize("body", [b"[]", b"{", b'{"besides": 5}', b'{"besides": ["5"]}', b'{"lease": 5}', b"null"])
def test_what_is_no_wish_for_a_review_claims_none(desk: APIClient, asked: Any, body: bytes) -> None:
    asked()

    assert desk.generic("POST", NEXT, body, "application/json").status_code == 400
    assert Review.objects.get().holder is None


@pytest.mark.parametrize("verb", ["claim", "keep", "release", "decision"])
@pytest.mark.parametrize("key", ["0", "99999999", "9" * 30, "-1", "x"])
def test_a_review_that_does_not_exist_is_not_found(desk: APIClient, verb: str, key: str) -> None:
    body = {"lease": NO_LEASE} if verb in ("keep", "release") else {}
    if verb == "decision":
        body = {"lease": NO_LEASE, "outcome": "confirm", "number": 1, "seconds": 1}  # type: ignore[dict-item]

    problem_of(desk.post(f"{REVIEWS}{key}/{verb}/", body, format="json"), 404, "not-found")


def test_whoever_has_no_review_permission_sees_no_queue(api: APIClient, technician: User) -> None:
    problem_of(api.get(REVIEWS), 403, "forbidden")
