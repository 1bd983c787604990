"""Some decided components are decided once more, by somebody who is not shown what was decided."""

import random
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest

from components import services
from components.exceptions import NothingToReview
from components.models import Component, Review, User
from components.permissions import sees_labels
from components.querysets import OWN_OPINION_RESTS
from components.services import reviewing, routing, stopping
from components.services.holding import Claimed
from mlops.models import Feedback
from tests.components.conftest import fresh
from tests.components.decisions import decide, other

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean")]

Claims = Callable[..., Claimed]


def test_a_second_opinion_is_blind_and_keeps_the_share_it_was_drawn_with(in_hand: Claims, officer: User) -> None:
    first = in_hand(second_share=1)
    decide(first, officer, "confirm")

    second = Review.objects.open().get()

    route = second.routes.get()
    assert (second.blind, second.description, second.prediction) == (
        *(True, first.review.description),
        first.review.prediction,
    )
    assert (route.reason, route.probability, route.policy) == ("second", 1.0, first.review.routes.get().policy)
    assert not sees_labels(officer, second.component)


def test_a_colleague_is_asked_at_once_and_the_same_officer_after_a_day(
    in_hand: Claims, officer: User, colleague: User, later: Callable[[float], AbstractContextManager[None]]
) -> None:
    decide(in_hand(second_share=1), officer, "confirm")

    with pytest.raises(NothingToReview):
        reviewing.claim_next(by=officer)
    asked = reviewing.claim_next(by=colleague)
    reviewing.release(review_id=asked.review.pk, lease=asked.lease, by=colleague)

    with later(OWN_OPINION_RESTS / timedelta(seconds=1)):
        assert reviewing.claim_next(by=officer).review == asked.review


def test_it_counts_as_any_other_decision_and_the_prediction_stays_sampled(
    in_hand: Claims, officer: User, colleague: User
) -> None:
    first = decide(in_hand(second_share=1), officer, "confirm")

    second = decide(reviewing.claim_next(by=colleague), colleague, "label", label=other(first.value))

    assert (second.outcome, second.blind, second.component.label.value) == ("override", True, second.value)
    assert [feedback.inclusion_probability for feedback in Feedback.objects.order_by("pk")] == [1.0, 1.0]
    assert Feedback.objects.standing().get().label == second.value


def test_a_second_opinion_calls_for_no_third(in_hand: Claims, officer: User, colleague: User) -> None:
    first = decide(in_hand(second_share=1), officer, "confirm")
    decide(reviewing.claim_next(by=colleague), colleague, "label", label=first.value)

    assert not Review.objects.unfinished().exists()


@pytest.mark.parametrize("outcome", ["escalate", "ask"])
def test_what_is_not_decided_has_no_second_opinion(in_hand: Claims, officer: User, outcome: str) -> None:
    claimed = in_hand(second_share=1)
    decide(claimed, officer, outcome, note="why")

    assert Review.objects.unfinished().get() == claimed.review


def test_what_was_asked_for_has_no_second_opinion(submitted: Callable[..., Component], officer: User) -> None:
    submitted(uncertain_from=0, uncertain_to=0, second_share=1, question="Is that so?")
    decide(reviewing.claim_next(by=officer), officer, "confirm")

    assert not Review.objects.unfinished().exists()


def test_what_no_model_labelled_has_no_second_opinion(
    submitted: Callable[..., Component], officer: User, admin: User
) -> None:
    stopping.stop_labelling(reason="a test", by=admin)
    submitted(second_share=1)
    decide(reviewing.claim_next(by=officer), officer, "label", label="compliant")

    assert not Review.objects.unfinished().exists()


def test_a_question_joins_the_second_opinion_that_waits(in_hand: Claims, officer: User, technician: User) -> None:
    claimed = in_hand(second_share=1)
    decide(claimed, officer, "confirm")

    review = routing.ask_for_review(component_id=claimed.review.component_id, note="Sure?", by=technician)

    assert list(review.routes.values_list("reason", flat=True)) == ["second", "question"]
    assert (fresh(review).blind, fresh(review).risk) == (True, 3)


def test_over_many_decisions_the_share_holds(
    submitted: Callable[..., Component], technician: User, officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routing, "draw", random.Random(5).random)
    submitted(second_share=0.25)
    for number in range(99):
        services.submit_component(description=f"steel bracket {number}", by=technician)
    for review in Review.objects.open():
        decide(reviewing.claim(review_id=review.pk, by=officer), officer, "confirm")

    # 100 draws: four standard deviations are 17.
    assert abs(Review.objects.open().count() - 25) <= 17
    assert set(Review.objects.open().values_list("routes__reason", flat=True)) == {"second"}
