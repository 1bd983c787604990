"""What becomes of a person's work when their account is deactivated."""

from audit.context import whence
from audit.services import record
from components.models import Review, User
from components.services.holding import NO_LEASE


def let_go_of_reviews(sender: type[User], instance: User, **kwargs: object) -> None:
    """Give back to the queue what somebody without an active account has in hand; sent after an account is saved.

    In the transaction of the change: a watched table is saved in one. To be connected before that table is watched:
    the reviews are locked before the chain, as everywhere.
    """
    if instance.is_active:
        return
    of_theirs = Review.objects.filter(holder=instance).order_by("pk").select_for_update(no_key=True)
    held = list(of_theirs.values_list("pk", flat=True))
    if held:
        Review.objects.filter(pk__in=held).update(**NO_LEASE)
        record("reviews_released", by=whence().person(), subject=instance, before={"reviews": held})
