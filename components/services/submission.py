"""Keep components and give them their labels."""

import time
from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.db.models import F, Model

from audit.ledgers import NamedRow
from audit.services import record
from components.exceptions import DuplicateExternalId
from components.models import Component, Description, User
from components.services import routing
from components.services.labelling import classify_or_none, write_labels
from components.services.remarks import remark
from components.services.routing import Opening, open_reviews
from components.services.stopping import is_stopped, is_stopped_now
from mlops import labeler
from mlops.contracts import Classification
from mlops.exceptions import ModelError, NotServing

PENDING_BATCH = 256
PENDING_SECONDS = 20


def submit_component(*, description: str, external_id: str = "", question: str = "", by: User) -> Component:
    """A new component with its label, prediction and regulation, written in one transaction.

    Where no champion is serving, or it fails, the component is kept unlabelled and `label_pending` labels
    it later. While automatic labelling is stopped no model is asked, and a person decides. With a `question` a
    person looks at it in any case. Raises django's ValidationError for a text that may not be stored,
    DuplicateExternalId, and NoRegulationInForce where there is a label and nothing to judge it against.
    """
    component = Component(description=description, external_id=external_id, entered_by=by)
    component.clean_fields(exclude={"entered_by"})
    question = remark(question, field="question")
    stopped = is_stopped()
    classification = None if stopped else classify_or_none(description)
    try:
        with transaction.atomic():
            if classification is not None and is_stopped_now():
                classification, stopped = None, True
            component.save()
            first = Description.objects.create(component=component, number=1, text=description, written_by=by)
            rows: list[Model | NamedRow] = [first]
            if classification is not None:
                rows += write_labels([component], [first], [classification])[0]
            elif stopped:
                rows += open_reviews([Opening(component, first, routing.stopped())], policy=None)
            if question:
                rows.append(routing.question(component, first, note=question, by=by))
            told = _told(component) | ({"question": question} if question else {})
            record("component_submitted", by=by, subject=component, after=told, rows=rows)
    except IntegrityError as error:
        if external_id and Component.objects.filter(external_id=external_id).exists():
            raise DuplicateExternalId(f"Another component already has the external id {external_id}.") from error
        raise
    return component


def label_pending() -> int:
    """Label components that were kept while nothing served; how many were labelled. Raises NotServing.

    It ends after PENDING_SECONDS, between two batches: what is left waits for the next run. While automatic labelling
    is stopped no model is asked, and a person is to look at each. A text that the model fails on waits for the next
    run and holds up no other. Safe to run twice at once: rows are locked where the database can, and labelled only
    while unlabelled and of the text that was classified.
    """
    ends = time.monotonic() + PENDING_SECONDS
    total, after = 0, 0
    while waiting := list(Component.objects.awaiting_label(after).values_list("pk", "description")[:PENDING_BATCH]):
        after = waiting[-1][0]
        if is_stopped():
            _leave_to_people([key for key, _ in waiting])
        else:
            total += _label_all(dict(waiting))
        if time.monotonic() >= ends:
            break
    return total


def _label_all(texts: dict[int, str]) -> int:
    classified = _classify_each(texts)
    with transaction.atomic():
        if is_stopped_now():
            return 0
        components = [
            component for component in _still_waiting(classified) if component.description == texts[component.pk]
        ]
        if components:
            descriptions = _newest_descriptions(components)
            written = write_labels(components, descriptions, [classified[component.pk] for component in components])
            for component, rows in zip(components, written, strict=True):
                told = {"label": component.label.value if component.label else None}
                record("component_labelled", by=None, subject=component, after=told, rows=rows)
    return len(components)


def _leave_to_people(keys: list[int]) -> None:
    with transaction.atomic():
        components = _still_waiting(keys)
        if components:
            openings = [
                Opening(component, description, routing.stopped())
                for component, description in zip(components, _newest_descriptions(components), strict=True)
            ]
            for route in open_reviews(openings, policy=None):
                record("component_left_to_people", by=None, subject=route.review.component, rows=[route])


def _still_waiting(keys: Iterable[int]) -> list[Component]:
    keys = list(keys)
    # PostgreSQL: a second worker waits here and then finds nothing. SQLite: BEGIN IMMEDIATE did the same.
    locked = list(Component.objects.select_for_update(no_key=True).filter(pk__in=keys, label=None).order_by("pk"))
    # Asked once they are locked: while waiting, a person may have been asked to look.
    waiting = set(Component.objects.awaiting_label().filter(pk__in=keys).values_list("pk", flat=True))
    return [component for component in locked if component.pk in waiting]


def _newest_descriptions(components: list[Component]) -> list[Description]:
    newest = {
        description.component_id: description
        for description in Description.objects.filter(
            component__in=components, number=F("component__description_number")
        )
    }
    return [newest[component.pk] for component in components]


def _classify_each(texts: dict[int, str]) -> dict[int, Classification]:
    """The classifications of those texts that the model does not fail on."""
    try:
        return dict(zip(texts, labeler.classify(list(texts.values())), strict=True))
    except NotServing:
        raise
    except ModelError:
        alone = {key: classify_or_none(text) for key, text in texts.items()}
        return {key: classification for key, classification in alone.items() if classification is not None}


def _told(component: Component) -> dict[str, object]:
    return {
        "external_id": component.external_id,
        "description": component.description,
        "label": component.label.value if component.label else None,
    }
