"""Decides at labelling time whether a person looks, and writes down why."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from components.models import Component, Description, Review, ReviewPolicy, Route
from mlops.contracts import Classification, Label, LabelResult

Draw = Callable[[], float]
"""A random number from 0 up to, but not including, 1."""

HIGHEST_RISK = 3
"""Nothing is known of the component: no model was asked, or somebody doubts what it said."""


@dataclass(frozen=True, slots=True)
class Routing:
    """Whether a person looks at a component, why, and how it stands in the queue.

    `inclusion` is the probability, fixed before the draw, that the rule sends this component to a person; None where
    it never could. `risk` is 3 where no model answered, 2 where a wrong label would let a non-compliant component
    pass, 1 where it would turn a compliant one away, 0 where nothing speaks against the label. `uncertainty` is 10 for
    a score at the threshold and 0 for one at the far end.
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
    return Routing(
        reasons=reasons,
        inclusion=inclusion or None,
        blind=bool(reasons) and draw() < policy.blind_share,
        risk=_risk(classification, uncertain=uncertain),
        uncertainty=uncertainty_of(classification.score, classification.threshold),
    )


def stopped() -> Routing:
    """The routing of a component that no model was asked about, because automatic labelling is stopped."""
    return Routing(reasons=(Route.Reason.STOPPED,), inclusion=None, blind=False, risk=HIGHEST_RISK, uncertainty=10)


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


def uncertainty_of(score: float, threshold: float) -> int:
    """How close a score is to the threshold: 10 at it, 0 at the end farther from it."""
    return round(10 * (1 - abs(score - threshold) / max(threshold, 1 - threshold)))


def _risk(classification: Classification, *, uncertain: bool) -> int:
    if not uncertain:
        return 0
    return 2 if classification.label is Label.COMPLIANT else 1
