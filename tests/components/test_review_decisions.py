"""What an officer decides counts at once, and is the truth of the prediction."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from audit.models import Event
from components.exceptions import (
    AlreadyDecided,
)
from components.models import Component, ReasonCode, Review, User
from components.services import reviewing, routing, stopping
from mlops.models import Feedback
from tests.components.conftest import fresh
from tests.components.decisions import Claims, decide, label_of, other

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean")]


def test_a_confirmed_label_is_the_officers_from_now_on(in_hand: Claims, officer: User) -> None:
    claimed = in_hand()
    of_the_model = label_of(claimed)

    decision = decide(claimed, officer, "confirm")

    label = label_of(claimed)
    assert (label.value, label.source, label.decision) == (of_the_model.value, "officer", decision)
    assert (decision.outcome, decision.value, decision.officer, decision.role) == (
        *("confirm", label.value),
        *(officer, "officer"),
    )
    assert (decision.blind, decision.seconds, decision.description.number) == (False, 4.5, 1)


def test_an_overridden_label_is_the_other_one(in_hand: Claims, officer: User) -> None:
    claimed = in_hand()
    before = label_of(claimed).value

    decision = decide(claimed, officer, "override", label=other(before), reason_code="wording", note="  <b>new</b> ")

    assert (label_of(claimed).value, label_of(claimed).source) == (other(before), "officer")
    assert (decision.reason_code.code if decision.reason_code else "", decision.note) == ("wording", "<b>new</b>")


def test_an_override_need_not_name_the_only_other_label(in_hand: Claims, officer: User) -> None:
    claimed = in_hand()
    before = label_of(claimed).value

    assert decide(claimed, officer, "override", reason_code="wording").value == other(before)


def test_the_decided_review_is_closed_and_in_nobodys_hand(in_hand: Claims, officer: User) -> None:
    claimed = in_hand()
    decide(claimed, officer, "confirm")

    review = fresh(claimed.review)
    assert (review.state, review.holder, review.lease, review.leased_until) == ("decided", None, None, None)
    assert review.closed_at is not None


def test_the_decision_is_the_truth_of_the_prediction(in_hand: Claims, officer: User) -> None:
    claimed = in_hand()

    decision = decide(claimed, officer, "override", reason_code="wording")

    feedback = Feedback.objects.get()
    assert decision.feedback == feedback
    assert (feedback.prediction, feedback.label) == (claimed.review.prediction, decision.value)
    assert (feedback.regulation_code, feedback.blind, feedback.given_by_id) == ("TREY-2019-1", False, officer.pk)
    assert feedback.inclusion_probability == 1.0


def test_a_truth_that_was_asked_for_counts_in_no_estimate(
    submitted: Callable[..., Component], officer: User, technician: User
) -> None:
    component = submitted(uncertain_from=0, uncertain_to=0, question="Is that so?")
    claimed = reviewing.claim_next(by=officer)
    assert claimed.review.component == component

    decide(claimed, officer, "confirm")

    assert Feedback.objects.get().inclusion_probability is None


def test_a_sampled_prediction_stays_sampled_when_it_is_asked_about_later(
    in_hand: Claims, officer: User, technician: User
) -> None:
    claimed = in_hand()
    decide(claimed, officer, "confirm")
    review = routing.ask_for_review(component_id=claimed.review.component_id, note="Sure?", by=technician)

    decide(reviewing.claim(review_id=review.pk, by=officer), officer, "override", reason_code="wording")

    assert [feedback.inclusion_probability for feedback in Feedback.objects.all()] == [1.0, 1.0]


def test_the_event_tells_who_decided_what_and_what_stood_before(in_hand: Claims, officer: User) -> None:
    claimed = in_hand()
    before = label_of(claimed).value

    decision = decide(claimed, officer, "override", reason_code="wording", note="seen it")

    event = Event.objects.get(action="review_decided")
    assert (event.actor_id, event.role, event.before) == (officer.pk, "officer", {"label": before})
    assert event.after == {
        "review": claimed.review.pk,
        "decision": decision.pk,
        "outcome": "override",
        "label": other(before),
        "reason_code": "wording",
        "note": "seen it",
        "blind": False,
    }
    assert set(event.rows) == {"components.decision", "components.label", "mlops.feedback"}


@pytest.mark.parametrize("agrees", [True, False])
def test_a_label_given_blindly_is_compared_with_the_one_that_stood(
    in_hand: Claims, officer: User, agrees: bool
) -> None:
    claimed = in_hand(blind_share=1)
    stood = label_of(claimed).value
    given = stood if agrees else other(stood)

    decision = decide(claimed, officer, "label", label=given)

    assert (decision.outcome, decision.value) == ("confirm" if agrees else "override", given)
    assert decision.blind
    assert Feedback.objects.get().blind


def test_where_no_label_stood_the_officers_is_the_first(
    submitted: Callable[..., Component], admin: User, officer: User
) -> None:
    stopping.stop_labelling(reason="a test", by=admin)
    component = submitted()
    assert component.label is None

    decision = decide(reviewing.claim_next(by=officer), officer, "label", label="non-compliant")

    component.refresh_from_db()
    assert component.label is not None
    assert (decision.outcome, component.label.value) == ("label", "non-compliant")
    assert not Feedback.objects.exists()


def test_who_cannot_decide_passes_it_on_to_a_colleague(in_hand: Claims, officer: User, colleague: User) -> None:
    claimed = in_hand()
    stood = label_of(claimed)

    decision = decide(claimed, officer, "escalate", note="Not my trade.")

    assert (decision.value, label_of(claimed)) == ("", stood)
    assert not Review.objects.free().for_officer(officer).exists()
    taken = reviewing.claim_next(by=colleague)
    assert (taken.review, fresh(taken.review).escalated) == (claimed.review, True)


def test_what_was_passed_on_comes_first(
    submitted: Callable[..., Component], in_hand: Claims, officer: User, colleague: User
) -> None:
    submitted("steel bracket, good condition, made in 2005", question="A risk of 3.")
    claimed = in_hand()
    decide(claimed, officer, "escalate", note="Not my trade.")

    assert reviewing.claim_next(by=colleague).review == claimed.review


def test_the_technician_is_asked_and_nobody_decides_meanwhile(in_hand: Claims, officer: User, colleague: User) -> None:
    claimed = in_hand()

    decide(claimed, officer, "ask", note="Which year?")

    assert fresh(claimed.review).state == "asked"
    with pytest.raises(AlreadyDecided):
        reviewing.claim(review_id=claimed.review.pk, by=colleague)


def test_a_reason_that_is_to_be_retired_later_is_still_on_offer(in_hand: Claims, officer: User) -> None:
    code = ReasonCode.objects.get(code="wording")
    code.retired_at = timezone.now() + timedelta(days=1)
    code.save()

    assert code in ReasonCode.objects.on_offer()
    assert decide(in_hand(), officer, "override", reason_code="wording").reason_code == code


def test_more_than_a_day_before_the_eyes_counts_as_a_day(in_hand: Claims, officer: User) -> None:
    assert decide(in_hand(), officer, "confirm", seconds=1e9).seconds == 24 * 60 * 60


def test_who_asked_for_the_review_has_seen_the_answer_and_decides_nothing_blind(
    submitted: Callable[..., Component], policy: Callable[..., object], officer: User
) -> None:
    component = submitted(uncertain_to=0)
    policy(blind_share=1)
    routing.ask_for_review(component_id=component.pk, note="Is that right?", by=officer)
    review = component.reviews.unfinished().get()
    assert review.blind

    claimed = reviewing.claim(review_id=review.pk, by=officer)

    assert not decide(claimed, officer, "label", label="compliant").blind
