"""The things that addresses are about: somebody's component, claim, decision, question, prediction or token."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from knox.models import AuthToken

from audit.models import Event
from components.models import Component, Review, User
from components.services import deciding, reviewing, routing, submission

TEXT = "good condition steel brake caliper manufactured in 2012"


@dataclass(frozen=True)
class Thing:
    """What stands in the address, and what only its owner should know of it."""

    key: object
    lease: str = ""


@dataclass(frozen=True)
class Others:
    """Those to whom belongs what is another's."""

    technician: User
    officer: User


def component(owner: User, others: Others) -> Thing:
    return Thing(_component(owner).pk)


def review(owner: User, others: Others) -> Thing:
    """A review that the owner has in hand."""
    claimed = _claimed(others.technician, owner)
    return Thing(claimed.review.pk, str(claimed.lease))


def decision(owner: User, others: Others) -> Thing:
    """A decision that the owner took this minute."""
    return Thing(_decide(_claimed(others.technician, owner), owner, outcome="confirm"))


def question(owner: User, others: Others) -> Thing:
    """A question that an officer asks back about the owner's component."""
    return Thing(_decide(_claimed(owner, others.officer), others.officer, outcome="ask", note="Is it steel?"))


def prediction(owner: User, others: Others) -> Thing:
    label = _component(owner).label
    assert label is not None
    return Thing(label.prediction_id)


def token(owner: User, others: Others) -> Thing:
    return Thing(AuthToken.objects.create(owner)[0].token_key)


def event(owner: User, others: Others) -> Thing:
    """What the owner did last."""
    _component(owner)
    return Thing(Event.objects.latest("position").pk)


MAKERS: Mapping[str, Callable[[User, Others], Thing]] = {
    "component": component,
    "review": review,
    "decision": decision,
    "question": question,
    "prediction": prediction,
    "token": token,
    "event": event,
}


def _component(owner: User) -> Component:
    return submission.submit_component(description=TEXT, by=owner)


def _claimed(entered_by: User, officer: User) -> reviewing.Claimed:
    entered = _component(entered_by)
    asked = routing.ask_for_review(component_id=entered.pk, note="Is it steel?", by=entered_by)
    return reviewing.claim(review_id=Review.objects.get(pk=asked.pk).pk, by=officer)


def _decide(claimed: reviewing.Claimed, officer: User, **wish: Any) -> int:
    decided = deciding.decide(
        review_id=claimed.review.pk, lease=claimed.lease, number=1, seconds=1.0, by=officer, **wish
    )
    return int(decided.pk)
