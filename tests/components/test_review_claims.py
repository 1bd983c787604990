"""Whoever holds an unexpired lease has the review alone."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from uuid import uuid4

import pytest
from django.db import transaction
from pytest_django import Settings

from audit.models import Event
from components.exceptions import AlreadyDecided, LeaseLost, NothingToReview, NotYours, UnknownRecord
from components.models import Claim, Component, Review, User
from components.services import deciding, holding, reviewing
from components.services.holding import Claimed
from tests.components.conftest import fresh

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean")]

Later = Callable[[float], AbstractContextManager[None]]


@pytest.fixture
def three(submitted: Callable[..., Component]) -> list[Review]:
    """Three open reviews, in the order of the queue."""
    for number in range(3):
        submitted(f"steel bracket {number}, good condition, made in 2005")
    return list(Review.objects.open().in_order())


def test_the_next_review_is_the_first_of_the_queue(three: list[Review], officer: User) -> None:
    claimed = reviewing.claim_next(by=officer)

    assert claimed.review == three[0]
    review = fresh(three[0])
    assert (review.holder, review.lease, review.leased_until) == (officer, claimed.lease, claimed.leased_until)


def test_a_claim_is_a_row_of_the_ledger_and_an_event(three: list[Review], officer: User) -> None:
    claimed = reviewing.claim_next(by=officer)

    claim = Claim.objects.get()
    assert (claim.review, claim.officer, claim.lease) == (claimed.review, officer, claimed.lease)
    event = Event.objects.get(action="review_claimed")
    assert (event.subject_id, event.after["review"]) == (str(claimed.review.component_id), claimed.review.pk)


def test_two_officers_get_two_reviews(three: list[Review], officer: User, colleague: User) -> None:
    assert reviewing.claim_next(by=officer).review == three[0]
    assert reviewing.claim_next(by=colleague).review == three[1]


def test_asked_again_without_having_decided_the_officer_gets_the_same_lease(
    three: list[Review], officer: User, later: Later
) -> None:
    first = reviewing.claim_next(by=officer)

    with later(30):
        again, by_number = reviewing.claim_next(by=officer), reviewing.claim(review_id=first.review.pk, by=officer)

    assert again.lease == by_number.lease == first.lease
    assert again.leased_until > first.leased_until
    assert Claim.objects.count() == 1


def test_the_next_is_fetched_beside_the_one_in_hand_and_is_the_same_when_asked_for(
    three: list[Review], officer: User
) -> None:
    first = reviewing.claim_next(by=officer)

    fetched = reviewing.claim_next(by=officer, besides=[first.review.pk])

    assert fetched.review == three[1]
    assert reviewing.claim_next(by=officer, besides=[first.review.pk]).lease == fetched.lease


def test_an_officer_is_not_given_a_third(three: list[Review], officer: User) -> None:
    held = [reviewing.claim_next(by=officer).review.pk]
    held.append(reviewing.claim_next(by=officer, besides=held).review.pk)

    with pytest.raises(NothingToReview, match="in hand"):
        reviewing.claim_next(by=officer, besides=held)


def test_who_picks_a_third_gives_up_the_one_that_runs_out_first(
    three: list[Review], officer: User, later: Later
) -> None:
    first = reviewing.claim(review_id=three[0].pk, by=officer)
    reviewing.claim(review_id=three[1].pk, by=officer)
    with later(10):
        reviewing.keep(review_id=three[0].pk, lease=first.lease, by=officer)

        reviewing.claim(review_id=three[2].pk, by=officer)

    assert list(Review.objects.in_hand_of(officer).in_order()) == [three[0], three[2]]
    assert Event.objects.order_by("-position")[0].after["given_up"] == [three[1].pk]


def test_a_review_in_another_hand_cannot_be_claimed(three: list[Review], officer: User, colleague: User) -> None:
    reviewing.claim(review_id=three[0].pk, by=colleague)

    with pytest.raises(NotYours):
        reviewing.claim(review_id=three[0].pk, by=officer)


def test_a_lease_that_has_run_out_is_free_for_all(
    three: list[Review], officer: User, colleague: User, settings: Settings, later: Later
) -> None:
    lost = reviewing.claim_next(by=officer)

    with later(settings.REVIEW_LEASE_SECONDS + 1):
        taken = reviewing.claim_next(by=colleague)

    assert taken.review == lost.review
    assert taken.lease != lost.lease


def test_the_setting_says_how_long_a_lease_lasts(
    three: list[Review], officer: User, settings: Settings, later: Later
) -> None:
    settings.REVIEW_LEASE_SECONDS = 40
    with later(0):
        claimed = reviewing.claim_next(by=officer)
    with later(39):
        assert reviewing.keep(review_id=three[0].pk, lease=claimed.lease, by=officer) > claimed.leased_until


def test_an_officers_own_lease_that_has_run_out_is_given_anew(
    three: list[Review], officer: User, settings: Settings, later: Later
) -> None:
    lost = reviewing.claim_next(by=officer)

    with later(settings.REVIEW_LEASE_SECONDS + 1):
        again = reviewing.claim_next(by=officer)

    assert (again.review, again.lease != lost.lease, Claim.objects.count()) == (lost.review, True, 2)


def test_a_heartbeat_keeps_the_lease_without_an_event(
    in_hand: Callable[..., Claimed], officer: User, later: Later
) -> None:
    claimed = in_hand()
    events = Event.objects.count()

    with later(60):
        until = reviewing.keep(review_id=claimed.review.pk, lease=claimed.lease, by=officer)

    assert until > claimed.leased_until
    assert fresh(claimed.review).leased_until == until
    assert Event.objects.count() == events


def test_a_heartbeat_comes_too_late(
    in_hand: Callable[..., Claimed], officer: User, settings: Settings, later: Later
) -> None:
    claimed = in_hand()

    with later(settings.REVIEW_LEASE_SECONDS), pytest.raises(LeaseLost):
        reviewing.keep(review_id=claimed.review.pk, lease=claimed.lease, by=officer)


def test_who_lost_a_review_to_a_colleague_is_told_so(
    in_hand: Callable[..., Claimed], officer: User, colleague: User, settings: Settings, later: Later
) -> None:
    claimed = in_hand()
    with later(settings.REVIEW_LEASE_SECONDS + 1):
        reviewing.claim_next(by=colleague)

        with pytest.raises(LeaseLost):
            reviewing.keep(review_id=claimed.review.pk, lease=claimed.lease, by=officer)


@pytest.mark.parametrize("act", [reviewing.keep, reviewing.release])
@pytest.mark.parametrize("guessed", [True, False], ids=["the very lease", "any lease"])
def test_anothers_claim_is_not_touched_by_who_guesses_it(
    in_hand: Callable[..., Claimed], colleague: User, act: Callable[..., object], guessed: bool
) -> None:
    claimed = in_hand()

    with pytest.raises(NotYours):
        act(review_id=claimed.review.pk, lease=claimed.lease if guessed else uuid4(), by=colleague)

    assert fresh(claimed.review).leased_until == claimed.leased_until


def test_a_review_that_is_given_up_is_the_next_of_another(
    in_hand: Callable[..., Claimed], officer: User, colleague: User
) -> None:
    claimed = in_hand()

    reviewing.release(review_id=claimed.review.pk, lease=claimed.lease, by=officer)

    assert reviewing.claim_next(by=colleague).review == claimed.review
    assert Event.objects.filter(action="review_released", actor=officer).count() == 1
    with pytest.raises(NotYours):
        reviewing.release(review_id=claimed.review.pk, lease=uuid4(), by=officer)


def test_a_decided_review_cannot_be_claimed_kept_or_given_up(in_hand: Callable[..., Claimed], officer: User) -> None:
    claimed = in_hand()
    of_it = {"review_id": claimed.review.pk, "lease": claimed.lease, "by": officer}
    deciding.decide(**of_it, outcome="confirm", number=1, seconds=1)

    with pytest.raises(AlreadyDecided):
        reviewing.claim(review_id=claimed.review.pk, by=officer)
    for act in (reviewing.keep, reviewing.release):
        with pytest.raises(AlreadyDecided):
            act(**of_it)


def test_what_there_is_not_is_said_so(submitted: Callable[..., Component], officer: User) -> None:
    submitted()
    with pytest.raises(UnknownRecord):
        reviewing.claim(review_id=0, by=officer)
    with pytest.raises(UnknownRecord):
        reviewing.keep(review_id=0, lease=uuid4(), by=officer)
    with pytest.raises(UnknownRecord):
        reviewing.release(review_id=0, lease=uuid4(), by=officer)


def test_with_nothing_open_nothing_is_given(
    submitted: Callable[..., Component], officer: User, colleague: User
) -> None:
    submitted()
    reviewing.claim_next(by=colleague)

    with pytest.raises(NothingToReview):
        reviewing.claim_next(by=officer)


def test_of_two_who_read_the_same_free_review_one_gets_it(three: list[Review], officer: User, colleague: User) -> None:
    seen_by_both = [Review.objects.get(pk=three[0].pk) for _ in range(2)]

    with transaction.atomic():
        holding.give_lease(seen_by_both[0], officer, holding.lease_end())
        with pytest.raises(NotYours):
            holding.give_lease(seen_by_both[1], colleague, holding.lease_end())

        assert fresh(three[0]).holder == officer
        transaction.set_rollback(True)
