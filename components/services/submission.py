"""Keep components and give them their labels."""

import structlog
from django.db import IntegrityError, transaction
from django.utils import timezone

from components.exceptions import DuplicateExternalId
from components.models import Component, Label, Regulation, User
from mlops import labeler
from mlops.contracts import Classification
from mlops.exceptions import ModelError, NotServing

logger = structlog.get_logger(__name__)

PENDING_BATCH = 256


def submit_component(*, description: str, external_id: str = "", by: User) -> Component:
    """A new component with its label, prediction and regulation, written in one transaction.

    Where no champion is serving, or it fails, the component is kept unlabelled and `label_pending` labels
    it later. Raises django's ValidationError for a text that may not be stored, DuplicateExternalId, and
    NoRegulationInForce where there is a label and nothing to judge it against.
    """
    component = Component(description=description, external_id=external_id, entered_by=by)
    component.clean_fields(exclude={"entered_by"})
    classification = _classify_or_none(description)
    try:
        with transaction.atomic():
            component.save()
            if classification is not None:
                _label([component], [classification])
    except IntegrityError as error:
        if external_id and Component.objects.filter(external_id=external_id).exists():
            raise DuplicateExternalId(f"Another component already has the external id {external_id}.") from error
        raise
    return component


def label_pending() -> int:
    """Label components that were kept while nothing served; how many were labelled. Raises NotServing.

    A text that the model fails on waits for the next run and holds up no other. Safe to run twice at once: rows
    are locked where the database can, and labelled only while unlabelled.
    """
    total, after = 0, 0
    while waiting := list(Component.objects.awaiting_label(after).values_list("pk", "description")[:PENDING_BATCH]):
        after = waiting[-1][0]
        classified = _classify_each(dict(waiting))
        with transaction.atomic():
            # PostgreSQL: a second worker waits here and then finds nothing. SQLite: BEGIN IMMEDIATE did the same.
            components = list(Component.objects.awaiting_label().select_for_update().filter(pk__in=classified))
            _label(components, [classified[component.pk] for component in components])
        total += len(components)
    return total


def _classify_each(texts: dict[int, str]) -> dict[int, Classification]:
    """The classifications of those texts that the model does not fail on."""
    try:
        return dict(zip(texts, labeler.classify(list(texts.values())), strict=True))
    except NotServing:
        raise
    except ModelError:
        alone = {key: _classify_or_none(text) for key, text in texts.items()}
        return {key: classification for key, classification in alone.items() if classification is not None}


def _classify_or_none(text: str) -> Classification | None:
    try:
        return labeler.classify([text])[0]
    except NotServing:
        return None
    except ModelError:
        # What a technician enters is never lost to the model's trouble.
        logger.exception("classification_failed")
        return None


def _label(components: list[Component], classifications: list[Classification]) -> None:
    regulation = Regulation.objects.in_force(timezone.localdate())
    results = labeler.record(classifications)
    labels = Label.objects.bulk_create(
        Label(
            component=component,
            value=result.classification.label.value,
            source=Label.Source.MODEL,
            prediction_id=result.prediction_id,
            regulation=regulation,
        )
        for component, result in zip(components, results, strict=True)
    )
    for component, label in zip(components, labels, strict=True):
        component.label = label
    Component.objects.bulk_update(components, ["label"])
