"""Questions to the record."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from audit.models import Event  # noqa: F401


class EventQuerySet(models.QuerySet["Event"]):
    def about(self, instance: models.Model) -> "EventQuerySet":
        """Events whose subject is this row."""
        return self.filter(subject_type=instance._meta.label_lower, subject_id=str(instance.pk))

    def between(self, start: datetime, end: datetime) -> "EventQuerySet":
        """Events from `start` on and before `end`."""
        return self.filter(at__gte=start, at__lt=end)

    def search(self, words: str) -> "EventQuerySet":
        """Events in which each word is part of the action or of the actor's name, or is the subject's type, its id,
        the origin, the address or the request's id."""
        events = self
        for word in words.split():
            events = events.filter(
                Q(action__icontains=word)
                | Q(actor_name__icontains=word)
                | Q(subject_type=word)
                | Q(subject_id=word)
                | Q(origin=word)
                | Q(address=word)
                | Q(request_id=word)
            )
        return events

    def last_first(self) -> "EventQuerySet":
        """The newest at the top."""
        return self.order_by("-position")
