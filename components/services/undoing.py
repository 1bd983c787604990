"""Take a decision back: a row of its own, which brings back what stood before."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Model, Q
from django.utils import timezone

from audit.ledgers import NamedRow
from audit.services import record
from components.exceptions import NotYours, UndoTooLate
from components.models import Answer, Claim, Component, Decision, Label, Regulation, Review, Route, User
from components.services.holding import (
    NO_LEASE,
    give_lease,
    lease_end,
    lock_leases_of,
    locked_component,
    locked_review,
    make_room,
)
from components.services.people import roles_of
from mlops import labeler

UNDO_SECONDS = 60


def undo(*, decision_id: int, by: User) -> Decision:
    """Take a decision back, by the officer who took it, within UNDO_SECONDS and while nothing has followed it.

    The label that stood before stands again, the feedback is retracted, and the officer has the review in hand with
    a fresh lease: `review.lease` of what is returned. Raises UnknownRecord, NotYours, UndoTooLate.
    """
    with transaction.atomic():
        lock_leases_of(by)
        component = locked_component(decisions__pk=decision_id)
        decision = Decision.objects.select_related("description", "feedback").get(pk=decision_id)
        review = locked_review(decision.review_id)
        if decision.officer_id != by.pk:
            raise NotYours("Another officer took this decision.")
        second = _refuse_too_late(decision, review, component, by)
        if second is not None:
            Review.objects.filter(pk=second.pk).update(
                state=Review.State.WITHDRAWN, closed_at=timezone.now(), **NO_LEASE
            )
        return _write(decision, review, component, second, by)


def _refuse_too_late(decision: Decision, review: Review, component: Component, by: User) -> Review | None:
    """The second opinion that the decision called for, if there is one, of which nobody has taken notice yet."""
    if decision.outcome == Decision.Outcome.UNDO or Decision.objects.filter(undoes=decision).exists():
        raise UndoTooLate("This decision has been taken back.")
    if timezone.now() - decision.decided_at > timedelta(seconds=UNDO_SECONDS):
        raise UndoTooLate(f"A decision can be taken back within {UNDO_SECONDS} seconds.")
    # Only what was opened since can be unfinished beside it.
    second = component.reviews.unfinished().exclude(pk=review.pk).select_for_update(no_key=True).first()
    if (
        component.description_number != decision.description.number
        or component.decisions.filter(pk__gt=decision.pk).exists()
        or Answer.objects.filter(question=decision).exists()
        or review.held_by_another(by)
        or (second is not None and _noticed(second, by))
    ):
        raise UndoTooLate("Something has followed this decision: ask for a review of the component instead.")
    return second


def _noticed(second: Review, by: User) -> bool:
    asked = Route.objects.filter(review=second).exclude(reason=Route.Reason.SECOND)
    return second.held_by_another(by) or asked.exists()


def _write(decision: Decision, review: Review, component: Component, second: Review | None, by: User) -> Decision:
    rows: list[Model | NamedRow] = []
    retraction_id = None
    if decision.feedback_id is not None:
        retraction = labeler.retract_feedback(decision.feedback_id, by=by)
        rows.append(retraction.row)
        retraction_id = retraction.retraction_id
    undone = Decision.objects.create(
        review=review,
        component=component,
        description=decision.description,
        outcome=Decision.Outcome.UNDO,
        regulation=Regulation.objects.in_force(timezone.localdate()),
        officer=by,
        role=roles_of(by),
        blind=decision.blind,
        seconds=(timezone.now() - decision.decided_at).total_seconds(),
        undoes=decision,
        feedback_id=retraction_id,
    )
    rows.append(undone)
    before = component.label.value if component.label else None
    if decision.value:
        rows += _bring_back(component, undone)
    given_up = make_room(by, besides=[review.pk])
    rows.append(_reopen(review, by))
    record(
        "decision_undone",
        by=by,
        subject=component,
        before={"label": before},
        after={
            "review": review.pk,
            "decision": undone.pk,
            "undoes": decision.pk,
            "label": component.label.value if component.label else None,
            "withdrawn": [second.pk] if second else [],
            "given_up": given_up,
        },
        rows=rows,
    )
    return undone


def _bring_back(component: Component, undone: Decision) -> list[Label]:
    """The label that the model or a standing decision last gave to this text, as a new row; none where none did."""
    stood = (
        Label.objects.filter(component=component, description=undone.description)
        .filter(Q(decision=None) | Q(decision__in=Decision.objects.standing()))
        .order_by("-id")
        .first()
    )
    brought = [
        Label.objects.create(
            component=component,
            description=undone.description,
            value=label.value,
            source=label.source,
            prediction_id=label.prediction_id,
            decision=undone,
            regulation_id=label.regulation_id,
        )
        for label in ([stood] if stood else [])
    ]
    component.label = brought[0] if brought else None
    component.save(update_fields=["label"])
    return brought


def _reopen(review: Review, by: User) -> Claim:
    review.state, review.closed_at = Review.State.OPEN, None
    review.escalated = review.decisions.filter(outcome=Decision.Outcome.ESCALATE, undone_by=None).exists()
    review.save(update_fields=["state", "closed_at", "escalated"])
    return give_lease(review, by, lease_end())
