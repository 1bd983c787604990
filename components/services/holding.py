"""Components and reviews under lock, and the leases on reviews.

Locks are taken in one order, so that no two wait for each other: the officer whose leases are counted, the component,
its reviews, and last the chain of events.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.conf import settings
from django.utils import timezone

from components.exceptions import AlreadyDecided, LeaseLost, NotYours, OwnComponent, UnknownRecord
from components.models import Claim, Component, Review, User
from components.permissions import may_decide

MOST_HELD = 2
"""The review before the officer's eyes, and the next one, fetched before it is asked for."""

OF_ANOTHER = "Another officer has this review."

NO_LEASE = {"holder": None, "lease": None, "leased_until": None}


@dataclass(frozen=True, slots=True)
class Claimed:
    """A review that the officer has alone until `leased_until`, or longer by `keep`."""

    review: Review
    lease: UUID
    leased_until: datetime


def lock_leases_of(officer: User) -> None:
    """Let no other window of this officer be given a lease until the transaction ends."""
    User.objects.select_for_update(no_key=True).values_list("pk").get(pk=officer.pk)


def locked_component(**where: object) -> Component:
    """The component, which nobody else changes until the transaction ends. Raises UnknownRecord."""
    component = Component.objects.select_for_update(no_key=True, of=("self",)).filter(**where).first()
    if component is None:
        raise UnknownRecord("There is nothing of that number.")
    return component


def locked_review(review_id: int) -> Review:
    """The review, which nobody else claims or changes until the transaction ends. Raises UnknownRecord."""
    found = Review.objects.select_for_update(no_key=True).filter(pk=review_id).first()
    if found is None:
        raise UnknownRecord(f"There is no review {review_id}.")
    return found


def refuse_unless_open(review: Review) -> None:
    """Raises AlreadyDecided where nobody decides it any more, or where it waits for a technician."""
    if review.state != Review.State.OPEN:
        raise AlreadyDecided("This review is not open any more: it was decided, asked back or withdrawn.")


def refuse_without_lease(review: Review, lease: UUID, by: User) -> None:
    """Raises AlreadyDecided where it is not open, NotYours where another has it, LeaseLost where the lease is over."""
    refuse_unless_open(review)
    if review.lease == lease and review.held_by(by):
        return
    guessed = not Claim.objects.filter(review=review, lease=lease, officer=by).exists()
    if guessed and review.held_by_another(by):
        raise NotYours(OF_ANOTHER)
    raise LeaseLost("Your claim of this review has run out or was given up: claim it again.")


def refuse_own(review: Review, by: User) -> None:
    """Raises OwnComponent where the officer entered the component, or wrote the text under review."""
    if not may_decide(by, review):
        raise OwnComponent("You entered this component or wrote its text: another officer decides on it.")


def give_lease(review: Review, by: User, until: datetime) -> Claim:
    """A new lease on the review in place of the one it was read with, and its row of the ledger.

    Raises NotYours where another was faster: on databases that lock no rows, this is what keeps two apart.
    """
    unchanged = Review.objects.open().filter(pk=review.pk, lease=review.lease)
    review.holder, review.lease, review.leased_until = by, uuid4(), until
    if not unchanged.update(holder=by, lease=review.lease, leased_until=until):
        raise NotYours(OF_ANOTHER)
    return Claim.objects.create(review=review, officer=by, lease=review.lease)


def make_room(by: User, *, besides: Iterable[int] = ()) -> list[int]:
    """Give up what the officer holds beyond one other review, whatever runs out first; the reviews given up."""
    held = Review.objects.in_hand_of(by).exclude(pk__in=list(besides))
    # What another window of the same officer is busy with stays as it is: waiting for it could be mutual.
    locked = held.select_for_update(skip_locked=True, no_key=True).order_by("-leased_until", "-pk")
    surplus = [review.pk for review in locked][MOST_HELD - 1 :]
    if surplus:
        Review.objects.filter(pk__in=surplus).update(**NO_LEASE)
    return surplus


def lease_end() -> datetime:
    """When a lease that is given or kept now runs out."""
    return timezone.now() + timedelta(seconds=settings.REVIEW_LEASE_SECONDS)
