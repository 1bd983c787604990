"""Describe a component anew."""

from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from audit.ledgers import NamedRow
from audit.services import record
from components.exceptions import NotYours, TextChanged, UnderBlindReview
from components.models import Component, Description, Review, User
from components.permissions import may_change, sees_labels
from components.services import routing
from components.services.holding import NO_LEASE, locked_component
from components.services.labelling import classify_or_none, write_labels
from components.services.routing import Opening
from components.services.stopping import is_stopped, is_stopped_now


def edit_description(*, component_id: int, number: int, description: str, by: User) -> Component:
    """The component with a new description, which is labelled and routed like one that is entered.

    `number` is that of the description which was edited. What is unfinished about the old text is withdrawn, and
    its label counts no more, even where the new one has to wait for the model. The same text again changes nothing.
    Raises django's ValidationError, UnknownRecord, NotYours, TextChanged where somebody else was faster,
    UnderBlindReview for who must not see the label that the new text would get, and NoRegulationInForce.
    """
    Component(description=description).clean_fields(exclude={"external_id", "entered_by"})
    stopped = is_stopped()
    classification = None if stopped else classify_or_none(description)
    with transaction.atomic():
        component = locked_component(pk=component_id)
        if not may_change(by, component):
            raise NotYours("Another person entered this component: only they, officers and admins may edit it.")
        if not sees_labels(by, component):
            raise UnderBlindReview("This component waits for a blind decision: edit it when that is made.")
        if component.description_number != number:
            raise TextChanged("The description was edited meanwhile: read the new one first.")
        if component.description == description:
            return component
        if classification is not None and is_stopped_now():
            classification, stopped = None, True
        before = {"description": component.description, "label": component.label.value if component.label else None}
        withdrawn = _withdraw_reviews(component)
        written = _describe(component, description, by)
        rows: list[Model | NamedRow] = [written]
        if classification is not None:
            rows += write_labels([component], [written], [classification])[0]
        elif stopped:
            rows += routing.open_reviews([Opening(component, written, routing.stopped())], policy=None)
        record(
            "component_edited",
            by=by,
            subject=component,
            before=before,
            after={
                "description": description,
                "number": written.number,
                "label": component.label.value if component.label else None,
                "withdrawn": withdrawn,
            },
            rows=rows,
        )
    return component


def _withdraw_reviews(component: Component) -> list[int]:
    unfinished = list(component.reviews.unfinished().select_for_update(no_key=True).values_list("pk", flat=True))
    Review.objects.filter(pk__in=unfinished).update(state=Review.State.WITHDRAWN, closed_at=timezone.now(), **NO_LEASE)
    return unfinished


def _describe(component: Component, text: str, by: User) -> Description:
    component.description = text
    component.description_number += 1
    component.label = None
    component.save(update_fields=["description", "description_number", "label"])
    return Description.objects.create(
        component=component, number=component.description_number, text=text, written_by=by
    )
