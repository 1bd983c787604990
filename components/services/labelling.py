"""Give components the model's labels, and decide on whom a person looks."""

from collections.abc import Sequence

import structlog
from django.db import models
from django.utils import timezone

from audit.ledgers import NamedRow
from components.exceptions import LabellingStopped
from components.models import Component, Description, Label, Regulation, User
from components.services import routing
from components.services.policies import policy_in_force
from components.services.stopping import is_stopped
from mlops import labeler
from mlops.contracts import Classification, LabelResult
from mlops.exceptions import ModelError, NotServing

logger = structlog.get_logger(__name__)


def label_texts(texts: Sequence[str], by: User) -> list[LabelResult]:
    """Label texts that are no component's, and record it. Raises LabellingStopped, and NotServing."""
    if is_stopped():
        raise LabellingStopped("Automatic labelling is stopped: no text is labelled until an admin resumes it.")
    return labeler.label(texts, by=by)


def write_labels(
    components: Sequence[Component], descriptions: Sequence[Description], classifications: Sequence[Classification]
) -> list[list[models.Model | NamedRow]]:
    """Write predictions, labels and reviews of components for these descriptions, in the transaction of the caller.

    For each component the rows of ledgers that came with its label, to be named by an event about that component
    alone: who may see one label may not see all. Raises NoRegulationInForce where there is nothing to judge by.
    """
    regulation = Regulation.objects.in_force(timezone.localdate())
    policy = policy_in_force()
    routings = [routing.plan(classification, policy=policy, draw=routing.draw) for classification in classifications]
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
    rows: dict[int, list[models.Model | NamedRow]] = {
        component.pk: [result.row, label] for component, result, label in zip(components, results, labels, strict=True)
    }
    for route in routes:
        rows[route.review.component_id].append(route)
    return list(rows.values())


def classify_or_none(text: str) -> Classification | None:
    """What the model says of a text; None while it cannot say anything, so that the text is kept for later."""
    try:
        return labeler.classify([text])[0]
    except NotServing:
        return None
    except ModelError:
        # What a technician enters is never lost to the model's trouble.
        logger.exception("classification_failed")
        return None
