"""What an officer decides counts at once, and is the truth of the prediction."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from pytest_django import Settings

from audit.models import Event
from components.exceptions import (
    AlreadyDecided,
    LeaseLost,
    MissingReason,
    NoRegulationInForce,
    NotYours,
    ReasonCodeRetired,
    SameLabel,
    TextChanged,
    UnknownRecord,
)
from components.models import Component, Decision, Label, ReasonCode, Regulation, Review, User
from components.services import deciding, editing, reviewing, routing, stopping
from components.services.holding import Claimed
from mlops.models import Feedback
from tests.components.conftest import fresh

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean")]

Claims = Callable[..., Claimed]
Later = Callable[[float], AbstractContextManager[None]]


def decide(claimed: Claimed, by: User, outcome: str, **more: object) -> Decision:
    said = {"lease": claimed.lease, "number": 1, "seconds": 4.5} | more
    return deciding.decide(review_id=claimed.review.pk, outcome=outcome, by=by, **said)


def label_of(claimed: Claimed) -> Label:
    label = Component.objects.get(pk=claimed.review.component_id).label
    assert label is not None
    return label


def other(value: str) -> str:
    return "compliant" if value == "non-compliant" else "non-compliant"


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


def test_deciding_twice_is_refused(in_hand: Claims, officer: User) -> None:
    claimed = in_hand()
    decide(claimed, officer, "confirm")

    with pytest.raises(AlreadyDecided):
        decide(claimed, officer, "confirm")

    assert Decision.objects.count() == 1


def test_passing_on_twice_is_refused(in_hand: Claims, officer: User) -> None:
    claimed = in_hand()
    decide(claimed, officer, "escalate", note="Not my trade.")

    with pytest.raises(LeaseLost):
        decide(claimed, officer, "escalate", note="Not my trade.")

    assert Decision.objects.count() == 1


def test_with_a_lease_that_ran_out_nothing_is_decided(
    in_hand: Claims, officer: User, settings: Settings, later: Later
) -> None:
    claimed = in_hand()

    with later(settings.REVIEW_LEASE_SECONDS), pytest.raises(LeaseLost):
        decide(claimed, officer, "confirm")

    assert not Decision.objects.exists()


@pytest.mark.parametrize("guessed", [True, False], ids=["the very lease", "any lease"])
def test_anothers_review_is_not_decided_by_who_guesses_its_number(
    in_hand: Claims, colleague: User, guessed: bool
) -> None:
    claimed = in_hand()

    with pytest.raises(NotYours):
        decide(claimed, colleague, "confirm", lease=claimed.lease if guessed else uuid4())

    assert not Decision.objects.exists()


def test_a_text_that_was_edited_since_is_not_decided_on(in_hand: Claims, officer: User, technician: User) -> None:
    claimed = in_hand()
    editing.edit_description(
        component_id=claimed.review.component_id, number=1, description="rusty, made in 1970", by=technician
    )

    with pytest.raises(TextChanged):
        decide(claimed, officer, "confirm")

    assert not Decision.objects.exists()
    assert label_of(claimed).source == "model"


def test_who_read_another_text_than_the_one_under_review_is_told_so(in_hand: Claims, officer: User) -> None:
    with pytest.raises(TextChanged):
        decide(in_hand(), officer, "confirm", number=2)


def test_an_override_to_the_label_that_stands_is_refused(in_hand: Claims, officer: User) -> None:
    claimed = in_hand()

    with pytest.raises(SameLabel):
        decide(claimed, officer, "override", label=label_of(claimed).value, reason_code="wording")


@pytest.mark.parametrize("outcome", ["override", "escalate", "ask"])
@pytest.mark.parametrize("note", ["", " \n"])
def test_what_needs_a_reason_is_not_decided_without(in_hand: Claims, officer: User, outcome: str, note: str) -> None:
    with pytest.raises(MissingReason):
        decide(in_hand(), officer, outcome, note=note)

    assert not Decision.objects.exists()


def test_a_reason_that_is_to_be_retired_later_is_still_on_offer(in_hand: Claims, officer: User) -> None:
    code = ReasonCode.objects.get(code="wording")
    code.retired_at = timezone.now() + timedelta(days=1)
    code.save()

    assert code in ReasonCode.objects.on_offer()
    assert decide(in_hand(), officer, "override", reason_code="wording").reason_code == code


def test_more_than_a_day_before_the_eyes_counts_as_a_day(in_hand: Claims, officer: User) -> None:
    assert decide(in_hand(), officer, "confirm", seconds=1e9).seconds == 24 * 60 * 60


def test_a_reason_that_was_retired_meanwhile_is_refused(in_hand: Claims, officer: User) -> None:
    claimed = in_hand()
    code = ReasonCode.objects.get(code="wording")
    code.retired_at = timezone.now()
    code.save()

    with pytest.raises(ReasonCodeRetired):
        decide(claimed, officer, "override", reason_code="wording")


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("outcome", {"outcome": "undo"}),
        ("outcome", {"outcome": "maybe"}),
        ("outcome", {"outcome": "label", "label": "compliant"}),
        ("label", {"outcome": "override", "label": "fine", "reason_code": "wording"}),
        ("label", {"outcome": "escalate", "label": "compliant", "note": "why"}),
        ("reason_code", {"outcome": "override", "reason_code": "no-such-code"}),
        ("reason_code", {"outcome": "override", "reason_code": "\0"}),
        ("note", {"outcome": "confirm", "note": "x" * 2001}),
        ("note", {"outcome": "confirm", "note": "x" * 1_000_000}),
        ("note", {"outcome": "confirm", "note": "a \0 in it"}),
        ("note", {"outcome": "confirm", "note": "half \ud800"}),
        ("seconds", {"outcome": "confirm", "seconds": -1}),
        ("seconds", {"outcome": "confirm", "seconds": float("nan")}),
        ("seconds", {"outcome": "confirm", "seconds": float("inf")}),
    ],
)
def test_what_cannot_be_meant_is_refused_by_its_name(
    in_hand: Claims, officer: User, field: str, said: dict[str, object]
) -> None:
    claimed = in_hand()

    with pytest.raises(ValidationError) as refusal:
        decide(claimed, officer, **{"outcome": ""} | said)

    assert set(refusal.value.message_dict) == {field}
    assert not Decision.objects.exists()


def test_to_confirm_another_label_than_the_one_that_stands_is_refused(in_hand: Claims, officer: User) -> None:
    claimed = in_hand()

    with pytest.raises(ValidationError):
        decide(claimed, officer, "confirm", label=other(label_of(claimed).value))


@pytest.mark.parametrize("outcome", ["confirm", "override"])
def test_what_was_not_shown_can_be_neither_confirmed_nor_overridden(
    in_hand: Claims, officer: User, outcome: str
) -> None:
    with pytest.raises(ValidationError):
        decide(in_hand(blind_share=1), officer, outcome, reason_code="wording")


def test_a_blind_review_is_not_decided_without_a_label(in_hand: Claims, officer: User) -> None:
    with pytest.raises(ValidationError):
        decide(in_hand(blind_share=1), officer, "label")


def test_there_is_no_such_review(officer: User, policy: Callable[..., object]) -> None:
    policy()
    with pytest.raises(UnknownRecord):
        deciding.decide(review_id=0, lease=uuid4(), outcome="confirm", number=1, seconds=1, by=officer)


def test_without_a_regulation_in_force_nothing_is_decided(in_hand: Claims, officer: User) -> None:
    claimed = in_hand()
    regulation = Regulation.objects.get()
    regulation.effective_on = date(2999, 1, 1)
    regulation.save()

    with pytest.raises(NoRegulationInForce):
        decide(claimed, officer, "confirm")

    assert fresh(claimed.review).lease == claimed.lease


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
