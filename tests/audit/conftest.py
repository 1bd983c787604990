"""What the tests of the chain of events share: what was written before they began is not theirs."""

from collections.abc import Callable

import pytest
from django.db.models import Max

from audit import ledgers
from audit.models import Event
from audit.querysets import EventQuerySet
from tests.audit.specimens import Note, make_table


@pytest.fixture
def events(db: None) -> Callable[[], EventQuerySet]:
    """`events()` are those that this test has written, in their order."""
    start = Event.objects.aggregate(last=Max("position"))["last"] or 0
    return lambda: Event.objects.filter(position__gt=start)


@pytest.fixture
def notes(db: None, monkeypatch: pytest.MonkeyPatch) -> type[Note]:
    """A ledger of the test alone, with its triggers."""
    monkeypatch.setattr(ledgers, "_registry", dict(ledgers.ledgers()))
    make_table(Note)
    return ledgers.ledger(Note)
