"""A component to which everything happens that can, by the services themselves."""

from components import services
from components.models import Component, Decision, Review, ReviewPolicy, User
from components.services import deciding, policies, questions, reviewing
from components.services.editing import edit_description

FIRST = "good condition steel component manufactured in 2012"
SECOND = "good condition steel component manufactured in 1994"
THIRD = "good condition steel component manufactured in 1998"
WONDERED = "Is the <b>plate</b> the right year?"
ASKED = "Which year is on the plate?"
ANSWERED = "It says 2012."


def look_at_everything(*, by: User, **shares: float) -> ReviewPolicy:
    """From now on an officer looks at every component, and is shown its label unless `blind_share` says otherwise."""
    everything = {"uncertain_from": 0, "uncertain_to": 1, "audit_share": 0, "blind_share": 0, "second_share": 0}
    return policies.set_policy(**everything | shares, reason="to look at everything", by=by)


def draw_everything(*, by: User, **shares: float) -> ReviewPolicy:
    """The same, but that all whose score is certain is drawn at random."""
    return look_at_everything(by=by, **{"uncertain_from": 0.1, "uncertain_to": 0.9, "audit_share": 1} | shares)


def decide(component: Component, outcome: str, *, by: User, **what: object) -> Decision:
    """The officer claims the component's open review and decides it after two seconds."""
    review = component.reviews.get(state=Review.State.OPEN)
    held = reviewing.claim(review_id=review.pk, by=by)
    number = review.description.number
    return deciding.decide(
        review_id=review.pk, lease=held.lease, outcome=outcome, number=number, seconds=2.0, by=by, **what
    )


def ask(component: Component, *, by: User) -> Decision:
    """The officer asks the technician back."""
    return decide(component, "ask", note=ASKED, by=by)


def tell(*, technician: User, officer: User, admin: User) -> Component:
    """Entered with a question, asked back, answered, overridden, undone, confirmed, and edited twice."""
    look_at_everything(by=admin)
    component = services.submit_component(description=FIRST, external_id="TR-501", question=WONDERED, by=technician)
    questions.answer(decision_id=ask(component, by=officer).pk, text=ANSWERED, by=technician)
    wrong = decide(component, "override", reason_code="misread-year", note="The plate says 1994.", by=officer)
    deciding.undo(decision_id=wrong.pk, by=officer)
    decide(component, "confirm", by=officer)
    for number, text in enumerate((SECOND, THIRD), start=1):
        edit_description(component_id=component.pk, number=number, description=text, by=technician)
    component.refresh_from_db()
    return component
