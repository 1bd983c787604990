"""Questions to the record."""

from typing import TYPE_CHECKING

from django.db import connection, models
from django.db.models import Q

if TYPE_CHECKING:
    from audit.models import Event  # noqa: F401


class EventQuerySet(models.QuerySet["Event"]):
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

    def actions(self) -> list[str]:
        """Every action there is an event of, in order; by as many looks into the index, however many events."""
        table = connection.ops.quote_name(self.model._meta.db_table)
        with connection.cursor() as cursor:
            cursor.execute(
                f"WITH RECURSIVE known(action) AS (SELECT min(action) FROM {table} UNION ALL "  # noqa: S608 - a name
                f"SELECT (SELECT min(action) FROM {table} WHERE action > known.action) FROM known "
                "WHERE known.action IS NOT NULL) SELECT action FROM known WHERE action IS NOT NULL"
            )
            return sorted(action for (action,) in cursor.fetchall())

    def last_first(self) -> "EventQuerySet":
        """The newest at the top."""
        return self.order_by("-position")
