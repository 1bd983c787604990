"""A decision can be taken back within a minute, as a new entry, while nothing has followed it."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from audit.models import Event
from components.exceptions import NotYours, UndoTooLate, UnknownRecord
from components.models import Component, Decision, Label, Review, User
from components.services import deciding, editing, questions, reviewing, routing, stopping
from components.services.holding import Claimed
from mlops.models import Feedback
from tests.components.conftest import fresh
from tests.components.decisions import decide, label_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean")]

Claims = Callable[..., Claimed]
Later = Callable[[float], AbstractContextManager[None]]


def test_the_label_of_the_model_stands_again_as_a_new_row(in_hand: Claims, officer: User) -> None:
    claimed = in_hand()
    before = label_of(claimed)
    decision = decide(claimed, officer, "override", reason_code="wording")

    undone = deciding.undo(decision_id=decision.pk, by=officer)

    label = label_of(claimed)
    assert (label.value, label.source, label.prediction) == (before.value, "model", before.prediction)
    assert (label.decision, label.pk > before.pk, Label.objects.count()) == (undone, True, 3)
    assert (undone.outcome, undone.undoes, undone.officer, undone.value) == ("undo", decision, officer, "")


def test_the_truth_of_the_prediction_is_taken_back(in_hand: Claims, officer: User) -> None:
    decision = decide(in_hand(), officer, "override", reason_code="wording")

    undone = deciding.undo(decision_id=decision.pk, by=officer)

    assert not Feedback.objects.truths().exists()
    assert undone.feedback is not None
    assert undone.feedback.retracts_id == decision.feedback_id


def test_the_officer_has_the_review_in_hand_again(in_hand: Claims, officer: User) -> None:
    claimed = in_hand()
    decision = decide(claimed, officer, "confirm")

    undone = deciding.undo(decision_id=decision.pk, by=officer)

    review = fresh(claimed.review)
    assert (review.state, review.holder, review.closed_at) == ("open", officer, None)
    assert review.lease == undone.review.lease != claimed.lease
    assert reviewing.claim_next(by=officer).lease == review.lease


def test_the_event_names_all_that_was_written(in_hand: Claims, officer: User) -> None:
    decision = decide(in_hand(), officer, "confirm")

    deciding.undo(decision_id=decision.pk, by=officer)

    event = Event.objects.get(action="decision_undone")
    assert event.after["undoes"] == decision.pk
    assert set(event.rows) == {"components.claim", "components.decision", "components.label", "mlops.feedback"}


def test_where_no_label_stood_none_stands_again(
    submitted: Callable[..., Component], admin: User, officer: User
) -> None:
    stopping.stop_labelling(reason="a test", by=admin)
    component = submitted()
    claimed = reviewing.claim_next(by=officer)
    for value in ("compliant", "non-compliant"):
        decision = decide(claimed, officer, "label", label=value)
        undone = deciding.undo(decision_id=decision.pk, by=officer)
        claimed = Claimed(claimed.review, undone.review.lease, undone.review.leased_until)

    component.refresh_from_db()
    assert component.label is None
    assert Component.objects.awaiting_label().count() == 0


def test_the_decision_before_stands_again(in_hand: Claims, officer: User, colleague: User, technician: User) -> None:
    claimed = in_hand()
    first = decide(claimed, officer, "override", reason_code="wording")
    again = routing.ask_for_review(component_id=claimed.review.component_id, note="Sure?", by=technician)
    second = decide(reviewing.claim(review_id=again.pk, by=colleague), colleague, "override", reason_code="wording")

    deciding.undo(decision_id=second.pk, by=colleague)

    assert (label_of(claimed).value, label_of(claimed).source) == (first.value, "officer")


@pytest.mark.parametrize(("outcome", "state"), [("escalate", "open"), ("ask", "asked")])
def test_what_gave_no_label_is_taken_back_too(in_hand: Claims, officer: User, outcome: str, state: str) -> None:
    claimed = in_hand()
    label = label_of(claimed)
    decision = decide(claimed, officer, outcome, note="why")
    assert fresh(claimed.review).state == state

    deciding.undo(decision_id=decision.pk, by=officer)

    review = fresh(claimed.review)
    assert (review.state, review.escalated, review.holder, label_of(claimed)) == ("open", False, officer, label)


def test_what_was_passed_on_by_another_stays_so(in_hand: Claims, officer: User, colleague: User) -> None:
    claimed = in_hand()
    decide(claimed, officer, "escalate", note="Not my trade.")
    decision = decide(reviewing.claim_next(by=colleague), colleague, "escalate", note="Nor mine.")

    deciding.undo(decision_id=decision.pk, by=colleague)

    assert fresh(claimed.review).escalated


def test_a_minute_later_it_is_too_late(in_hand: Claims, officer: User, later: Later) -> None:
    with later(0):
        decision = decide(in_hand(), officer, "confirm")

    with later(61), pytest.raises(UndoTooLate):
        deciding.undo(decision_id=decision.pk, by=officer)

    assert not Decision.objects.filter(outcome="undo").exists()


def test_it_is_taken_back_once(in_hand: Claims, officer: User) -> None:
    decision = decide(in_hand(), officer, "confirm")
    undone = deciding.undo(decision_id=decision.pk, by=officer)

    for one in (decision, undone):
        with pytest.raises(UndoTooLate):
            deciding.undo(decision_id=one.pk, by=officer)


def test_only_by_who_took_it(in_hand: Claims, officer: User, colleague: User) -> None:
    decision = decide(in_hand(), officer, "confirm")

    with pytest.raises(NotYours):
        deciding.undo(decision_id=decision.pk, by=colleague)


def test_there_is_no_such_decision(officer: User) -> None:
    with pytest.raises(UnknownRecord):
        deciding.undo(decision_id=0, by=officer)


def test_not_once_the_description_was_edited(in_hand: Claims, officer: User, technician: User) -> None:
    claimed = in_hand()
    decision = decide(claimed, officer, "confirm")
    editing.edit_description(
        component_id=claimed.review.component_id, number=1, description="rusty, made in 1970", by=technician
    )

    with pytest.raises(UndoTooLate):
        deciding.undo(decision_id=decision.pk, by=officer)


def test_not_once_somebody_asked_for_another_look(in_hand: Claims, officer: User, technician: User) -> None:
    claimed = in_hand()
    decision = decide(claimed, officer, "confirm")
    routing.ask_for_review(component_id=claimed.review.component_id, note="Sure?", by=technician)

    with pytest.raises(UndoTooLate):
        deciding.undo(decision_id=decision.pk, by=officer)


def test_not_once_the_question_was_answered(in_hand: Claims, officer: User, technician: User) -> None:
    decision = decide(in_hand(), officer, "ask", note="Which year?")
    questions.answer(decision_id=decision.pk, text="2012", by=technician)

    with pytest.raises(UndoTooLate):
        deciding.undo(decision_id=decision.pk, by=officer)


def test_not_while_a_colleague_has_in_hand_what_was_passed_on(in_hand: Claims, officer: User, colleague: User) -> None:
    decision = decide(in_hand(), officer, "escalate", note="Not my trade.")
    reviewing.claim_next(by=colleague)

    with pytest.raises(UndoTooLate):
        deciding.undo(decision_id=decision.pk, by=officer)


def test_the_second_opinion_that_nobody_has_begun_is_withdrawn(in_hand: Claims, officer: User) -> None:
    claimed = in_hand(second_share=1)
    decision = decide(claimed, officer, "confirm")
    second = Review.objects.open().get()

    deciding.undo(decision_id=decision.pk, by=officer)

    assert fresh(second).state == "withdrawn"
    assert Review.objects.open().get() == claimed.review


def test_not_while_a_colleague_gives_the_second_opinion(in_hand: Claims, officer: User, colleague: User) -> None:
    decision = decide(in_hand(second_share=1), officer, "confirm")
    reviewing.claim_next(by=colleague)

    with pytest.raises(UndoTooLate):
        deciding.undo(decision_id=decision.pk, by=officer)


def test_an_officer_still_holds_two_at_most(submitted: Callable[..., Component], officer: User) -> None:
    for number in range(3):
        submitted(f"steel bracket {number}, good condition, made in 2005")
    first = reviewing.claim_next(by=officer)
    decision = decide(first, officer, "confirm")
    second = reviewing.claim_next(by=officer)
    third = reviewing.claim_next(by=officer, besides=[second.review.pk])

    deciding.undo(decision_id=decision.pk, by=officer)

    assert Review.objects.in_hand_of(officer).count() == 2
    assert Review.objects.in_hand_of(officer).filter(pk=first.review.pk).exists()
    given_up = Review.objects.filter(pk__in=[second.review.pk, third.review.pk], holder=None).get()
    assert Event.objects.get(action="decision_undone").after["given_up"] == [given_up.pk]


def test_who_has_seen_the_answer_does_not_decide_blind_any_more(
    in_hand: Claims, officer: User, colleague: User
) -> None:
    claimed = in_hand(blind_share=1)
    first = decide(claimed, officer, "label", label="compliant")
    undone = deciding.undo(decision_id=first.pk, by=officer)

    again = decide(claimed, officer, "label", label="compliant", lease=undone.review.lease)

    assert (first.blind, again.blind, fresh(claimed.review).blind) == (True, False, True)
    assert again.feedback is not None
    assert not again.feedback.blind


def test_nor_does_a_colleague_who_could_see_it_in_between(in_hand: Claims, officer: User, colleague: User) -> None:
    claimed = in_hand(blind_share=1)
    first = decide(claimed, officer, "label", label="compliant")
    undone = deciding.undo(decision_id=first.pk, by=officer)
    reviewing.release(review_id=claimed.review.pk, lease=undone.review.lease, by=officer)

    assert not decide(reviewing.claim_next(by=colleague), colleague, "label", label="compliant").blind


def test_who_undid_passing_on_decides_blind_as_before(in_hand: Claims, officer: User) -> None:
    claimed = in_hand(blind_share=1)
    undone = deciding.undo(decision_id=decide(claimed, officer, "escalate", note="why").pk, by=officer)

    assert decide(claimed, officer, "label", label="compliant", lease=undone.review.lease).blind
