"""Reviews that wait, made as the product makes them: submitted, routed by a policy, asked for."""

from components.models import Component, Review, ReviewPolicy, User
from components.services.submission import submit_component


def route_all(*, blind: bool = False, second: bool = False) -> ReviewPolicy:
    """From now on every labelled component goes to a person: shown or blind, and a second time or not."""
    return ReviewPolicy.objects.create(
        uncertain_from=0,
        uncertain_to=1,
        audit_share=1,
        blind_share=float(blind),
        second_share=float(second),
        reason="Everything is looked at.",
    )


def draw_all() -> ReviewPolicy:
    """From now on every labelled component is drawn at random, since no score is in the band."""
    return ReviewPolicy.objects.create(
        uncertain_from=0.5, uncertain_to=0.5, audit_share=1, blind_share=0, second_share=0, reason="All are drawn."
    )


def submit(text: str, *, by: User, external_id: str = "") -> Review:
    """The review of a component that is submitted now, by the policy in force."""
    return review_of(submit_component(description=text, external_id=external_id, by=by))


def review_of(component: Component) -> Review:
    """The component's unfinished review."""
    return Review.objects.unfinished().get(component=component)
