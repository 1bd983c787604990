"""Every refusal is a sentence with what to do, and what was typed is kept."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from components.models import Decision, ReasonCode, Regulation, Review, User
from components.services.deciding import decide
from components.services.editing import edit_description
from components.services.reviewing import Claimed, claim
from mlops.models import ModelVersion
from tests.bundles import NON_COMPLIANT_TEXT
from tests.pages.conftest import client_of
from tests.waiting import route_all, submit

NOTE = "What I typed, and want back."
HTMX = {"HX-Request": "true"}


@pytest.fixture
def omar(officer: User, champion: ModelVersion) -> Client:
    return client_of(officer)


@pytest.fixture
def held(technician: User, officer: User, champion: ModelVersion) -> Claimed:
    route_all()
    return claim(review_id=submit(NON_COMPLIANT_TEXT, by=technician).pk, by=officer)


def press(client: Client, held: Claimed, outcome: str = "confirm", **more: object):
    sent = {"outcome": outcome, "lease": held.lease, "number": 1, "seconds": 2, "stands": "non-compliant"}
    return client.post(f"/reviews/{held.review.pk}/decide/", {**sent, "note": NOTE, **more}, headers=HTMX)


def refusal(answered, status: int, note: str = NOTE) -> str:
    assert answered.status_code == status
    text = answered.content.decode()
    assert 'role="alert"' in text
    assert note in text
    assert "<html" not in text
    return text


def test_deciding_twice(omar: Client, held: Claimed) -> None:
    assert press(omar, held).status_code == 200
    text = refusal(press(omar, held), 409)
    assert "has been decided" in text
    assert "Next review" in text
    assert Decision.objects.count() == 1


def test_a_claim_that_ran_out_can_be_taken_again_with_the_note(omar: Client, held: Claimed, officer: User) -> None:
    with time_machine.travel(timezone.now() + timedelta(hours=1), tick=False):
        omar = client_of(officer)
        text = refusal(press(omar, held), 409)
        assert "Claim it again" in text
        again = omar.post("/reviews/next/", {"review": held.review.pk, "note": NOTE})
        assert again.status_code == 200
        assert NOTE in again.content.decode()
        assert "data-decide" in again.content.decode()
    assert not Decision.objects.exists()


def test_another_has_it_by_now(omar: Client, held: Claimed, olga: User, officer: User) -> None:
    with time_machine.travel(timezone.now() + timedelta(hours=1), tick=False):
        claim(review_id=held.review.pk, by=olga)
        text = refusal(press(client_of(officer), held), 409)
        assert "Olga Berg has it in hand" in text
    assert not Decision.objects.exists()


def test_anothers_claim_by_a_guessed_number(held: Claimed, olga: User) -> None:
    text = refusal(press(client_of(olga), held), 403)
    assert "Another officer has this review." in text
    assert refusal(press(client_of(olga), held, lease=uuid4()), 403)
    assert client_of(olga).post("/reviews/next/", {"review": held.review.pk}).status_code == 403
    kept = client_of(olga).post(f"/reviews/{held.review.pk}/keep/", {"lease": held.lease})
    assert (kept.status_code, kept.content.decode()) == (403, "Another officer has this review.")
    assert client_of(olga).post(f"/reviews/{held.review.pk}/release/", {"lease": held.lease}).status_code == 403


def test_a_text_edited_since(omar: Client, held: Claimed, technician: User) -> None:
    edit_description(component_id=held.review.component_id, number=1, description="of plastic", by=technician)
    text = refusal(press(omar, held), 409)
    assert "edited since you read it" in text
    assert "Next review" in text
    assert not Decision.objects.exists()


def test_an_override_without_a_reason_code(omar: Client, held: Claimed) -> None:
    assert "Choose the reason why" in refusal(press(omar, held, "override"), 422)


def test_an_override_by_a_code_that_was_retired(omar: Client, held: Claimed) -> None:
    ReasonCode.objects.filter(code="wording").update(retired_at=timezone.now())
    assert "may not be chosen any more" in refusal(press(omar, held, "override", reason_code="wording"), 422)


@pytest.mark.parametrize("code", ["no-such-code", "x" * 100])
def test_an_override_by_a_code_that_is_none(omar: Client, held: Claimed, code: str) -> None:
    refusal(press(omar, held, "override", reason_code=code), 422)
    assert not Decision.objects.exists()


def test_the_code_that_was_chosen_is_kept(omar: Client, held: Claimed) -> None:
    text = press(omar, held, "override", reason_code="negation", note="x" * 2001).content.decode()
    assert "<details" in text
    chosen = text[text.index('value="negation"') :]
    assert "checked" in chosen[: chosen.index(">")]


def test_an_override_to_the_label_that_stands_by_now(omar: Client, held: Claimed) -> None:
    answered = press(omar, held, "override", stands="compliant", reason_code="negation")
    text = refusal(answered, 422)
    assert "non-compliant already" in text
    assert "To keep the label, confirm it." in text


def test_a_confirmation_of_another_label_than_was_shown(omar: Client, held: Claimed) -> None:
    refusal(press(omar, held, stands="compliant"), 422)
    assert not Decision.objects.exists()


@pytest.mark.parametrize("outcome", ["escalate", "ask"])
def test_what_needs_a_note(omar: Client, held: Claimed, outcome: str) -> None:
    assert "Write" in refusal(press(omar, held, outcome, note="  "), 422, note="")


@pytest.mark.parametrize("size", [2_001, 1_000_000])
def test_a_note_that_is_too_long_is_kept_to_be_shortened(omar: Client, held: Claimed, size: int) -> None:
    text = refusal(press(omar, held, note="<" * size), 422, note="")
    assert "2,000 characters at most" in text
    assert "&lt;" * 2_001 in text
    assert not Decision.objects.exists()


def test_a_note_with_a_character_that_nothing_holds(omar: Client, held: Claimed) -> None:
    refusal(press(omar, held, note="a\0b"), 422, note="")


def test_a_note_in_broken_characters(omar: Client, held: Claimed) -> None:
    answered = omar.post(
        f"/reviews/{held.review.pk}/decide/",
        b"note=\xff",
        content_type="application/x-www-form-urlencoded",
    )
    assert answered.status_code == 400


@pytest.mark.parametrize(
    "damage",
    [
        {"lease": "x"},
        {"lease": ""},
        {"number": "x"},
        {"number": 0},
        {"seconds": "x"},
        {"seconds": "nan"},
        {"stands": "x"},
        {"outcome": "x"},
        {"outcome": "undo"},
        {"outcome": ""},
    ],
)
def test_a_damaged_form_decides_nothing(omar: Client, held: Claimed, damage: dict) -> None:
    assert "load the page again" in refusal(press(omar, held, **damage), 422)
    assert not Decision.objects.exists()


@pytest.mark.parametrize("seconds", ["-1", "1e300", "99999999"])
def test_seconds_beyond_belief_keep_nobody_from_deciding(omar: Client, held: Claimed, seconds: str) -> None:
    answered = press(omar, held, seconds=seconds)
    assert answered.status_code == 200
    assert 0 <= Decision.objects.get().seconds <= 86_400


def test_no_regulation_is_in_force(omar: Client, held: Claimed) -> None:
    Regulation.objects.update(effective_on=timezone.localdate() + timedelta(days=9))
    assert "an admin must enter one" in refusal(press(omar, held), 503)


def test_a_review_that_is_none(omar: Client) -> None:
    assert omar.post("/reviews/999999/decide/", {"lease": uuid4()}).status_code == 404
    assert omar.post("/reviews/999999/release/", {"lease": uuid4()}).status_code == 404
    assert omar.post("/reviews/999999/keep/", {"lease": uuid4()}).status_code == 404
    assert omar.post("/reviews/next/", {"review": 999999}).status_code == 404
    assert omar.post("/decisions/999999/undo/", headers=HTMX).status_code == 404


def test_a_decision_that_is_anothers_is_not_undone(omar: Client, held: Claimed, olga: User) -> None:
    press(omar, held)
    answered = client_of(olga).post(f"/decisions/{Decision.objects.get().pk}/undo/", headers=HTMX)
    assert answered.status_code == 403
    assert "Another officer took this decision." in answered.content.decode()


def test_without_a_script_the_whole_page_says_the_same(omar: Client, held: Claimed) -> None:
    sent = {"outcome": "ask", "lease": held.lease, "number": 1, "note": " ", "reason_code": "negation"}
    answered = omar.post(f"/reviews/{held.review.pk}/decide/", sent)
    assert answered.status_code == 422
    text = answered.content.decode()
    assert "<html" in text
    assert "Write what the technician is to answer." in text


def test_who_has_logged_out_is_told_to_log_in(held: Claimed) -> None:
    answered = press(Client(), held)
    assert answered["HX-Refresh"] == "true"
    assert Client().post(f"/reviews/{held.review.pk}/decide/").status_code == 302


def test_a_lost_claim_says_so_to_the_heartbeat(omar: Client, held: Claimed) -> None:
    Review.objects.filter(pk=held.review.pk).update(leased_until=timezone.now() - timedelta(seconds=1))
    lost = omar.post(f"/reviews/{held.review.pk}/keep/", {"lease": held.lease})
    assert lost.status_code == 409
    assert "claim it again" in lost.content.decode()
    decide_late = press(omar, held)
    assert decide_late.status_code == 409


def test_what_a_colleague_decided_meanwhile(omar: Client, held: Claimed, olga: User, officer: User) -> None:
    with time_machine.travel(timezone.now() + timedelta(minutes=10), tick=False):
        lease = claim(review_id=held.review.pk, by=olga).lease
        decide(review_id=held.review.pk, lease=lease, outcome="confirm", number=1, seconds=1, by=olga)
        text = refusal(press(client_of(officer), held), 409)
    assert "has been decided" in text
    assert Decision.objects.count() == 1
