"""What officers decide in tests: on a review in hand, in as few words as can be."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from components.models import Claim, Component, Decision, Label, User
from components.services import deciding
from components.services.holding import Claimed

Claims = Callable[..., Claimed]
Later = Callable[[float], AbstractContextManager[None]]


def decide(claimed: Claimed | Claim, by: User, outcome: str, **more: object) -> Decision:
    said = {"lease": claimed.lease, "number": 1, "seconds": 4.5} | more
    return deciding.decide(review_id=claimed.review.pk, outcome=outcome, by=by, **said)


def label_of(claimed: Claimed) -> Label:
    label = Component.objects.get(pk=claimed.review.component_id).label
    assert label is not None
    return label


def other(value: str) -> str:
    return "compliant" if value == "non-compliant" else "non-compliant"
