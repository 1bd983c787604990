"""Reviews under lock, and the leases on them.

Whatever changes more than a lease locks the component before the review, so that no two wait for each other.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.conf import settings
from django.utils import timezone

from components.exceptions import AlreadyDecided, LeaseLost, NotYours, UnknownRecord
from components.models import Claim, Component, Review, User

MOST_HELD = 2
"""The review before the officer's eyes, and the next one, fetched before it is asked for."""

NO_LEASE = {"holder": None, "lease": None, "leased_until": None}


@dataclass(frozen=True, slots=True)
class Claimed:
    """A review that the officer has alone until `leased_until`, or longer by `keep`."""

    review: Review
    lease: UUID
    leased_until: datetime


def locked_component(**of: object) -> Component:
    """The component, which nobody else changes until the transaction ends. Raises UnknownRecord."""
    component = Component.objects.select_for_update(no_key=True, of=("self",)).filter(**of).first()
    if component is None:
        raise UnknownRecord("There is nothing of that number.")
    return component


def locked_review(review_id: int) -> Review:
    """The review, which nobody else claims or changes until the transaction ends. Raises UnknownRecord."""
    found = Review.objects.select_for_update(no_key=True, of=("self",)).with_all().filter(pk=review_id).first()
    if found is None:
        raise UnknownRecord(f"There is no review {review_id}.")
    return found


def refuse_without_lease(review: Review, lease: UUID, by: User) -> None:
    """Raises AlreadyDecided where it is not open, NotYours where another has it, LeaseLost where the lease is over."""
    if review.state != Review.State.OPEN:
        raise AlreadyDecided("This review is not open any more: it was decided, asked back or withdrawn.")
    if review.lease is not None and review.lease == lease:
        if review.holder_id != by.pk:
            raise NotYours("Another officer has this review.")
        if review.leased_until is not None and review.leased_until > timezone.now():
            return
    elif held_by_another(review, by) and not Claim.objects.filter(review=review, lease=lease, officer=by).exists():
        raise NotYours("Another officer has this review.")
    raise LeaseLost("Your claim of this review has run out or was given up: claim it again.")


def held_by_another(review: Review, by: User) -> bool:
    """Whether another has it in hand at this moment."""
    return (
        review.holder_id not in (None, by.pk)
        and review.leased_until is not None
        and review.leased_until > timezone.now()
    )


def give_lease(review: Review, by: User, until: datetime) -> Claim:
    """A new lease on a locked review, which is saved, and its row of the ledger."""
    review.holder, review.lease, review.leased_until = by, uuid4(), until
    review.save(update_fields=["holder", "lease", "leased_until"])
    return Claim.objects.create(review=review, officer=by, lease=review.lease)


def make_room(by: User, *, besides: Iterable[int] = ()) -> list[int]:
    """Give up what the officer holds beyond one other review, whatever runs out first; the reviews given up."""
    held = Review.objects.open().filter(holder=by, leased_until__gt=timezone.now()).exclude(pk__in=list(besides))
    # What another window of the same officer is busy with stays as it is: waiting for it could be mutual.
    locked = held.select_for_update(skip_locked=True, no_key=True).order_by("-leased_until", "-pk")
    surplus = [review.pk for review in locked][MOST_HELD - 1 :]
    if surplus:
        Review.objects.filter(pk__in=surplus).update(**NO_LEASE)
    return surplus


def lease_end() -> datetime:
    """When a lease that is given or kept now runs out."""
    return timezone.now() + timedelta(seconds=settings.REVIEW_LEASE_SECONDS)
