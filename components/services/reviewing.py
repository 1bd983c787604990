"""Take a review in hand, keep it and give it up."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from audit.services import record
from components.exceptions import NothingToReview, NotYours
from components.models import Component, Review, User
from components.querysets import ReviewQuerySet
from components.services.holding import (
    MOST_HELD,
    NO_LEASE,
    OF_ANOTHER,
    Claimed,
    give_lease,
    lease_end,
    lock_leases_of,
    locked_review,
    make_room,
    refuse_own,
    refuse_unless_open,
    refuse_without_lease,
)

__all__ = ["Claimed", "claim", "claim_next", "keep", "release"]


def claim_next(*, by: User, besides: Sequence[int] = ()) -> Claimed:
    """The review that this officer is to work next, in hand: one held already, but for `besides`, or the first free.

    `besides` are the reviews before the officer's eyes. Raises NothingToReview where nothing waits, or where the
    officer holds as many as one may.
    """
    with transaction.atomic():
        lock_leases_of(by)
        # What another window is deciding at this moment is neither held nor free.
        held = list(_locked(Review.objects.in_hand_of(by).in_order()))
        for review in held:
            if review.pk not in besides and review.lease is not None:
                return _extend(review, review.lease)
        if len(held) >= MOST_HELD:
            raise NothingToReview(f"You have {MOST_HELD} reviews in hand: decide one of them first.")
        return _claim(_first_free(by, besides), by)


def claim(*, review_id: int, by: User) -> Claimed:
    """This review, in hand. An officer's own unexpired lease is given again; beyond two the older is given up.

    Raises UnknownRecord, AlreadyDecided where it is not open, NotYours where another officer has it, OwnComponent for
    who entered the component or wrote its text.
    """
    with transaction.atomic():
        lock_leases_of(by)
        review = locked_review(review_id)
        refuse_unless_open(review)
        if review.held_by_another(by):
            raise NotYours(OF_ANOTHER)
        refuse_own(review, by)
        return _claim(review, by)


def keep(*, review_id: int, lease: UUID, by: User) -> datetime:
    """Until when the officer has the review now: the heartbeat of a lease, of which no event tells.

    Raises UnknownRecord, AlreadyDecided, LeaseLost, NotYours.
    """
    until = lease_end()
    kept = Review.objects.in_hand_of(by).filter(pk=review_id, lease=lease)
    if kept.update(leased_until=until):
        return until
    with transaction.atomic():
        refuse_without_lease(locked_review(review_id), lease, by)
        Review.objects.filter(pk=review_id).update(leased_until=until)
    return until


def release(*, review_id: int, lease: UUID, by: User) -> None:
    """Give the review back to the queue. Raises UnknownRecord, AlreadyDecided, LeaseLost, NotYours."""
    with transaction.atomic():
        review = locked_review(review_id)
        refuse_without_lease(review, lease, by)
        Review.objects.filter(pk=review.pk).update(**NO_LEASE)
        record("review_released", by=by, subject=Component(pk=review.component_id), before={"review": review.pk})


def _first_free(by: User, besides: Sequence[int]) -> Review:
    free = Review.objects.free().for_officer(by).exclude(pk__in=list(besides))
    review = _locked(free.in_order()).first()
    if review is None:
        raise NothingToReview(_why_nothing(by, besides))
    return review


def _why_nothing(by: User, besides: Sequence[int]) -> str:
    left = Review.objects.open().exclude(pk__in=list(besides))
    if left.exists() and not left.takeable_by(by).exists():
        return "Nothing waits for you: what is open is a colleague's to decide."
    return "Nothing waits for you."


def _locked(reviews: ReviewQuerySet) -> ReviewQuerySet:
    """Without those that somebody else is claiming at this moment."""
    return reviews.select_for_update(skip_locked=True, no_key=True)


def _claim(review: Review, by: User) -> Claimed:
    if review.lease is not None and review.held_by(by):
        return _extend(review, review.lease)
    until = lease_end()
    given_up = make_room(by, besides=[review.pk])
    given = give_lease(review, by, until)
    record(
        "review_claimed",
        by=by,
        subject=Component(pk=review.component_id),
        after={"review": review.pk, "given_up": given_up},
        rows=[given],
    )
    return Claimed(review, given.lease, until)


def _extend(review: Review, lease: UUID) -> Claimed:
    review.leased_until = until = lease_end()
    review.save(update_fields=["leased_until"])
    return Claimed(review, lease, until)
