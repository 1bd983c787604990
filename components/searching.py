"""Find events."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.apps import apps
from django.db.models import Q
from django.utils import timezone

from audit.models import Event
from audit.querysets import EventQuerySet
from components.models import Component, Decision, Review, User

PAGE = 50


@dataclass(frozen=True, slots=True)
class Wishes:
    """What is looked for; what is empty narrows nothing.

    `subject` is a component's id or external id, or a type and an id such as "review 5". `until` is included.
    """

    who: str = ""
    action: str = ""
    subject: str = ""
    since: date | None = None
    until: date | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """A page of events, the newest first; `older` and `newer` are the positions to ask on from, None at the ends."""

    events: Sequence[Event]
    older: int | None
    newer: int | None


def search(wishes: Wishes, *, before: int | None = None, after: int | None = None) -> Found:
    """The PAGE newest events that are wished for, of those before a position; or the next ones after one."""
    events = _narrowed(wishes)
    if after is not None:
        rows = list(events.filter(position__gt=after).order_by("position")[: PAGE + 1])
        page = rows[:PAGE][::-1]
        return Found(page, page[-1].position if page else None, page[0].position if len(rows) > PAGE else None)
    if before is not None:
        events = events.filter(position__lt=before)
    rows = list(events.last_first()[: PAGE + 1])
    page = rows[:PAGE]
    newer = page[0].position if page and before is not None else None
    return Found(page, page[-1].position if len(rows) > PAGE else None, newer)


def actions() -> list[str]:
    """Every action there is an event of."""
    return Event.objects.actions()


def exports(*, by: User | None) -> EventQuerySet:
    """The events of audit packs that were made, the newest first: one person's, or with None all."""
    made = Event.objects.filter(action="audit_pack_exported").select_related("actor").last_first()
    return made if by is None else made.filter(actor=by)


def _narrowed(wishes: Wishes) -> EventQuerySet:
    events = Event.objects.all()
    if wishes.who:
        # By key, which is indexed; names of accounts are few.
        people = list(User.objects.filter(username__iexact=wishes.who).values_list("pk", flat=True))
        # SQLite walks the index in order where it is asked for one key, and sorts all events where for a list.
        events = events.filter(actor=people[0]) if len(people) == 1 else events.filter(actor__in=people)
    if wishes.action:
        events = events.filter(action=wishes.action)
    if wishes.subject:
        events = events.filter(_about(wishes.subject))
    if wishes.since:
        events = events.filter(position__gte=_first_since(wishes.since))
    if wishes.until:
        events = events.filter(position__lt=_first_since(wishes.until + timedelta(days=1)))
    return events.search(wishes.text) if wishes.text else events


def _first_since(day: date) -> int:
    """The position of the first event of that day or later. Times follow the order of the chain."""
    start = timezone.make_aware(datetime.combine(day, time.min))
    first = Event.objects.filter(at__gte=start).order_by("at", "position").values_list("position", flat=True).first()
    last = Event.objects.last_first().values_list("position", flat=True).first() or 0
    return last + 1 if first is None else first


def _about(subject: str) -> Q:
    kind, _, key = subject.rpartition(" ")
    label = _labels().get(kind.lower(), "")
    if label and not (label == "components.component" and key.isdecimal()):
        return Q(subject_type=label, subject_id=key)
    keys = set(Component.objects.filter(external_id=subject).values_list("pk", flat=True)[:1])
    if key.isdecimal():
        keys.add(int(key[:18]))
    return _about_components(keys)


def _labels() -> dict[str, str]:
    """The labels of tables by their names, short and long: both review and components.review."""
    labels = {model._meta.label_lower: model._meta.model_name or "" for model in apps.get_models()}
    return {name: label for label, short in labels.items() for name in (label, short)}


def _about_components(keys: set[int]) -> Q:
    """About the components themselves, their reviews and decisions."""
    reviews = Review.objects.filter(component__in=keys).values_list("pk", flat=True)
    decisions = Decision.objects.filter(component__in=keys).values_list("pk", flat=True)
    return (
        Q(subject_type="components.component", subject_id__in=[str(key) for key in keys])
        | Q(subject_type="components.review", subject_id__in=[str(key) for key in reviews])
        | Q(subject_type="components.decision", subject_id__in=[str(key) for key in decisions])
    )
