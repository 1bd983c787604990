"""What the tests of the chain of events share: what was written before they began is not theirs."""

from collections.abc import Callable

import pytest
from django.db.models import Max

from audit.models import Event
from audit.querysets import EventQuerySet


@pytest.fixture
def events(db: None) -> Callable[[], EventQuerySet]:
    """`events()` are those that this test has written, in their order."""
    start = Event.objects.aggregate(last=Max("position"))["last"] or 0
    return lambda: Event.objects.filter(position__gt=start)
