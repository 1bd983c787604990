"""Give components the model's labels, and decide on whom a person looks."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import SystemRandom

from django.db import models
from django.utils import timezone

from audit.ledgers import NamedRow
from components.models import Component, Description, Label, Regulation, ReviewPolicy
from components.services import routing
from components.services.routing import Draw
from mlops import labeler
from mlops.contracts import Classification, LabelResult

draw: Draw = SystemRandom().random
"""Nobody can tell beforehand which components a person will see."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """The rows of ledgers that came with some labels, to be named by an event."""

    results: tuple[LabelResult, ...]
    rows: tuple[models.Model | NamedRow, ...]


def write_labels(
    components: Sequence[Component], descriptions: Sequence[Description], classifications: Sequence[Classification]
) -> Labelled:
    """Write predictions, labels and reviews of components for these descriptions, in the transaction of the caller.

    Raises NoRegulationInForce where there is nothing to judge them against.
    """
    if not components:
        return Labelled((), ())
    regulation = Regulation.objects.in_force(timezone.localdate())
    policy = ReviewPolicy.objects.in_force()
    routings = [routing.plan(classification, policy=policy, draw=draw) for classification in classifications]
    results = labeler.record(classifications, inclusion=[planned.inclusion for planned in routings])
    labels = Label.objects.bulk_create(
        Label(
            component=component,
            description=description,
            value=result.classification.label.value,
            source=Label.Source.MODEL,
            prediction_id=result.prediction_id,
            regulation=regulation,
        )
        for component, description, result in zip(components, descriptions, results, strict=True)
    )
    for component, label in zip(components, labels, strict=True):
        component.label = label
    Component.objects.bulk_update(components, ["label"])
    routes = routing.open_reviews(
        [
            routing.Opening(component, description, planned, result)
            for component, description, planned, result in zip(components, descriptions, routings, results, strict=True)
            if planned.reasons
        ],
        policy=policy,
    )
    return Labelled(tuple(results), (*(result.row for result in results), *labels, *routes))
