"""What a pack is about."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Exists, OuterRef
from django.utils import timezone

from components.models import Component, Decision
from components.querysets import ComponentQuerySet

FIRST_DAY, LAST_DAY = date(1970, 1, 1), date(9000, 1, 1)
"""Days that can be reckoned with, in any time zone."""


@dataclass(frozen=True, slots=True)
class Scope:
    """One component; or the components that were decided from `since` to `until`, both days included, in the time zone
    of the installation; or those on which officers decided what `model_version` ("name:version") had labelled.

    Of each component a pack holds everything: texts, labels, every decision, also those beside the range.
    """

    component_id: int | None = None
    since: date | None = None
    until: date | None = None
    model_version: str = ""

    def __post_init__(self) -> None:
        if sum((self.component_id is not None, self.since is not None, bool(self.model_version))) != 1:
            raise ValueError("A pack is about one component, a range of dates or a model version.")
        if (self.since is None) != (self.until is None):
            raise ValueError("A range has two ends.")
        if any(day and not FIRST_DAY <= day <= LAST_DAY for day in (self.since, self.until)):
            raise ValueError(f"Name days from {FIRST_DAY} to {LAST_DAY}.")
        if self.since and self.until and self.since > self.until:
            raise ValueError("The range ends before it begins.")

    def components(self) -> ComponentQuerySet:
        """The components that the pack is about, in the order of their keys."""
        if self.component_id is not None:
            return Component.objects.filter(pk=self.component_id)
        decisions = Decision.objects.filter(component=OuterRef("pk"))
        if self.instants:
            begins, ends = self.instants
            decisions = decisions.filter(decided_at__gte=begins, decided_at__lt=ends)
        else:
            name, _, version = self.model_version.rpartition(":")
            decisions = decisions.filter(
                review__prediction__model_version__name=name, review__prediction__model_version__version=version
            )
        return Component.objects.filter(Exists(decisions)).order_by("pk")

    @property
    def instants(self) -> tuple[datetime, datetime] | None:
        """When a range begins, and the first instant after it; None of what is no range."""
        if self.since and self.until:
            return _start_of(self.since), _start_of(self.until + timedelta(days=1))
        return None

    def as_json(self) -> dict[str, object]:
        """The scope in JSON's own types; what it does not say is left out."""
        if self.component_id is not None:
            return {"component": self.component_id}
        if self.since and self.until:
            return {"from": self.since.isoformat(), "to": self.until.isoformat()}
        return {"model_version": self.model_version}

    def __str__(self) -> str:
        if self.component_id is not None:
            return f"component {self.component_id}"
        if self.since and self.until:
            return f"components decided from {self.since} to {self.until}"
        return f"components decided after model version {self.model_version} had labelled them"

    @property
    def file_name(self) -> str:
        """A name for the zip, without anything that a file system minds."""
        words = "-".join(str(word) for item in self.as_json().items() for word in item)
        return f"audit-pack-{re.sub(r'[^A-Za-z0-9.]+', '-', words)}.zip"


def _start_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
