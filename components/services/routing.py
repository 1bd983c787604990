"""Decides at labelling time whether a person looks, and writes down why."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import SystemRandom

from django.db import transaction

from audit.services import record
from components.exceptions import NotYours
from components.models import Component, Description, Review, ReviewPolicy, Route, User
from components.models import Label as LabelRow
from components.permissions import may_change
from components.services.holding import locked_component
from components.services.policies import policy_in_force
from components.services.remarks import remark
from mlops.contracts import Classification, Label, LabelResult

Draw = Callable[[], float]
"""A random number from 0 up to, but not including, 1."""

draw: Draw = SystemRandom().random
"""Nobody can tell beforehand which components a person will see."""

BY_RULE = (Route.Reason.UNCERTAIN, Route.Reason.AUDIT)
"""The reasons that a rule gives with a probability fixed before the draw."""

HIGHEST_RISK = 3
"""Nothing is known of the component: no model was asked, or somebody doubts what it said."""

MOST_UNCERTAIN = 10
"""The uncertainty of a score at the threshold, and of a review that must not tell of its score."""


@dataclass(frozen=True, slots=True)
class Routing:
    """Whether a person looks at a component, why, and how it stands in the queue.

    `inclusion` is the probability, fixed before the draw, that the rule sends this component to a person; None where
    it never could. `risk` is 3 where no model answered, 2 where a wrong label would let a non-compliant component
    pass, 1 where it would turn a compliant one away, 0 where nothing speaks against the label. `uncertainty` is 10 for
    a score at the threshold and 0 for one at the far end. Where the model's answer stays hidden, neither tells which
    label it gave: the risk is that of the worse one, and the uncertainty is 10 whatever the score, because only one of
    the labels can be far from a threshold that is not in the middle.
    """

    reasons: tuple[Route.Reason, ...]
    inclusion: float | None
    blind: bool
    risk: int
    uncertainty: int


@dataclass(frozen=True, slots=True)
class Opening:
    """A component that a person is to look at; `result` is empty where no model was asked."""

    component: Component
    description: Description
    routing: Routing
    result: LabelResult | None = None


def plan(classification: Classification, *, policy: ReviewPolicy, draw: Draw) -> Routing:
    """The routing of a labelled component: an uncertain score is always looked at, of the others a random share."""
    uncertain = policy.uncertain_from <= classification.score <= policy.uncertain_to
    inclusion = 1.0 if uncertain else policy.audit_share
    if uncertain:
        reasons: tuple[Route.Reason, ...] = (Route.Reason.UNCERTAIN,)
    else:
        reasons = (Route.Reason.AUDIT,) if draw() < policy.audit_share else ()
    blind = bool(reasons) and draw() < policy.blind_share
    return Routing(
        reasons=reasons,
        inclusion=inclusion or None,
        blind=blind,
        risk=_risk(classification, uncertain=uncertain, blind=blind),
        uncertainty=MOST_UNCERTAIN if blind else uncertainty_of(classification.score, classification.threshold),
    )


def stopped() -> Routing:
    """The routing of a component that no model was asked about, because automatic labelling is stopped."""
    return Routing(
        reasons=(Route.Reason.STOPPED,),
        inclusion=None,
        blind=False,
        risk=HIGHEST_RISK,
        uncertainty=MOST_UNCERTAIN,
    )


def open_reviews(openings: Sequence[Opening], *, policy: ReviewPolicy | None) -> list[Route]:
    """Write a review and its reasons for each, in the transaction of the caller; the reasons are a ledger's rows."""
    reviews = Review.objects.bulk_create(
        Review(
            component=opening.component,
            description=opening.description,
            prediction_id=opening.result.prediction_id if opening.result else None,
            blind=opening.routing.blind,
            risk=opening.routing.risk,
            uncertainty=opening.routing.uncertainty,
        )
        for opening in openings
    )
    return Route.objects.bulk_create(
        Route(
            review=review,
            reason=reason,
            policy=policy,
            score=opening.result.classification.score if opening.result else None,
            threshold=opening.result.classification.threshold if opening.result else None,
            probability=opening.routing.inclusion,
        )
        for review, opening in zip(reviews, openings, strict=True)
        for reason in opening.routing.reasons
    )


def ask_for_review(*, component_id: int, note: str, by: User) -> Review:
    """Have a person look at a component, because somebody doubts its label or asks for one.

    Where a review waits already, the question is added to it. Raises UnknownRecord, NotYours where the person may
    not change the component, MissingReason without a note.
    """
    note = remark(note, field="note", missing="Write what you would like to know.")
    with transaction.atomic():
        component = locked_component(pk=component_id)
        if not may_change(by, component):
            raise NotYours("Another person entered this component: ask them, or an officer.")
        description = Description.objects.get(component=component, number=component.description_number)
        route = question(component, description, note=note, by=by)
        record(
            "review_asked_for",
            by=by,
            subject=component,
            after={"review": route.review_id, "note": note},
            rows=[route],
        )
    return route.review


def question(component: Component, description: Description, *, note: str, by: User) -> Route:
    """Write that somebody asks for a look at this text, in the transaction of the caller, who has the lock."""
    policy = policy_in_force()
    review = component.reviews.unfinished().select_for_update(no_key=True).first()
    if review is None:
        labelled = (
            LabelRow.objects.filter(component=component, description=description, prediction__isnull=False)
            .select_related("prediction")
            .order_by("-id")
            .first()
        )
        prediction = labelled.prediction if labelled else None
        blind = component.label_id is not None and draw() < policy.blind_share
        review = Review.objects.create(
            component=component,
            description=description,
            prediction=prediction,
            blind=blind,
            risk=HIGHEST_RISK,
            uncertainty=MOST_UNCERTAIN
            if blind or prediction is None
            else uncertainty_of(prediction.score, prediction.threshold),
        )
    elif review.risk < HIGHEST_RISK:
        review.risk = HIGHEST_RISK
        review.save(update_fields=["risk"])
    return Route.objects.create(review=review, reason=Route.Reason.QUESTION, policy=policy, note=note, by=by)


def draw_second_opinion(review: Review, *, policy: ReviewPolicy) -> list[Route]:
    """Draw whether somebody decides once more without being shown a label, and open that review if so."""
    if draw() >= policy.second_share:
        return []
    second = Review.objects.create(
        component_id=review.component_id,
        description_id=review.description_id,
        prediction_id=review.prediction_id,
        blind=True,
        risk=0,
        uncertainty=MOST_UNCERTAIN,
    )
    route = Route.objects.create(
        review=second, reason=Route.Reason.SECOND, policy=policy, probability=policy.second_share
    )
    return [route]


def uncertainty_of(score: float, threshold: float) -> int:
    """How close a score is to the threshold: 10 at it, 0 at the end farther from it."""
    return round(MOST_UNCERTAIN * (1 - abs(score - threshold) / max(threshold, 1 - threshold)))


def _risk(classification: Classification, *, uncertain: bool, blind: bool) -> int:
    if not uncertain:
        return 0
    return 2 if blind or classification.label is Label.COMPLIANT else 1
