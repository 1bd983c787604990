"""Take a review in hand, keep it and give it up."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from audit.services import record
from components.exceptions import AlreadyDecided, NothingToReview, NotYours
from components.models import Component, Review, User
from components.services.holding import (
    MOST_HELD,
    NO_LEASE,
    Claimed,
    give_lease,
    held_by_another,
    lease_end,
    locked_review,
    make_room,
    refuse_without_lease,
)

__all__ = ["Claimed", "claim", "claim_next", "keep", "release"]


def claim_next(*, by: User, besides: Sequence[int] = ()) -> Claimed:
    """The review that this officer is to work next, in hand: one held already, but for `besides`, or the first free.

    `besides` are the reviews before the officer's eyes. Raises NothingToReview where nothing waits, or where the
    officer holds as many as one may.
    """
    with transaction.atomic():
        now = timezone.now()
        held = list(
            Review.objects.open().filter(holder=by, leased_until__gt=now).in_order().values_list("pk", flat=True)
        )
        mine = next((pk for pk in held if pk not in besides), None)
        if mine is not None:
            return _claim(locked_review(mine), by)
        if len(held) >= MOST_HELD:
            raise NothingToReview(f"You have {MOST_HELD} reviews in hand: decide one of them first.")
        free = Review.objects.free(now).for_officer(by).exclude(pk__in=list(besides)).in_order()
        # SQLite: BEGIN IMMEDIATE lets no other claim at the same time.
        review = free.select_for_update(skip_locked=True, no_key=True, of=("self",)).first()
        if review is None:
            raise NothingToReview("Nothing waits for you.")
        return _claim(review, by)


def claim(*, review_id: int, by: User) -> Claimed:
    """This review, in hand. An officer's own unexpired lease is given again; beyond two the older is given up.

    Raises UnknownRecord, AlreadyDecided where it is not open, NotYours where another officer has it.
    """
    with transaction.atomic():
        return _claim(locked_review(review_id), by)


def keep(*, review_id: int, lease: UUID, by: User) -> datetime:
    """Until when the officer has the review now: the heartbeat of a lease, of which no event tells.

    Raises UnknownRecord, AlreadyDecided, LeaseLost, NotYours.
    """
    until = lease_end()
    kept = Review.objects.open().filter(pk=review_id, lease=lease, holder=by, leased_until__gt=timezone.now())
    if kept.update(leased_until=until):
        return until
    with transaction.atomic():
        refuse_without_lease(locked_review(review_id), lease, by)
    return until


def release(*, review_id: int, lease: UUID, by: User) -> None:
    """Give the review back to the queue. Raises UnknownRecord, AlreadyDecided, LeaseLost, NotYours."""
    with transaction.atomic():
        review = locked_review(review_id)
        refuse_without_lease(review, lease, by)
        Review.objects.filter(pk=review.pk).update(**NO_LEASE)
        record("review_released", by=by, subject=review.component, before={"review": review.pk})


def _claim(review: Review, by: User) -> Claimed:
    if review.state != Review.State.OPEN:
        raise AlreadyDecided("This review is not open any more: it was decided, asked back or withdrawn.")
    if held_by_another(review, by):
        raise NotYours("Another officer has this review.")
    now, until = timezone.now(), lease_end()
    if review.holder_id == by.pk and review.lease and review.leased_until and review.leased_until > now:
        review.leased_until = until
        review.save(update_fields=["leased_until"])
        return Claimed(review, review.lease, until)
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
