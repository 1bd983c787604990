"""A glance at the end of the chain is a second's work, and says first what is wrong with the oldest."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit import standing
from audit.models import Event
from audit.services import record
from tests.append_only import unguarded
from tests.audit.specimens import Note

pytestmark = pytest.mark.django_db
Write = Callable[[int], list[int]]


@pytest.fixture
def write(notes: type[Note]) -> Write:
    """`write(count)` writes so many events, each with two notes; their positions."""

    def written(count: int) -> list[int]:
        start = notes.objects.count()
        rows = [[notes.objects.create(words=f"{start + number}{side}") for side in "ab"] for number in range(count)]
        return [record("notes_written", by=None, rows=two).position for two in rows]

    return written


def edit(sql: str, *values: object) -> None:
    with unguarded(), connection.cursor() as cursor:
        cursor.execute(sql, values)


def test_it_asks_as_much_of_many_events_as_of_few(write: Write) -> None:
    counts, named = [], []
    for count in (2, 40):
        write(count)
        with CaptureQueriesContext(connection) as asked:
            named.append(standing.glance().rows)
        counts.append(len(asked))

    assert counts[0] == counts[1]
    assert named[1] == named[0] + 80


def test_where_nobody_touched_anything_nothing_is_said(write: Write) -> None:
    write(3)

    glance = standing.glance()

    assert (glance.links, glance.problem) == (Event.objects.count(), "")


def test_the_oldest_edit_of_a_row_is_said(write: Write) -> None:
    oldest, *_ = write(3)
    edit("UPDATE audit_note SET words = 'x' WHERE words = '2a'")
    edit("UPDATE audit_note SET words = 'y' WHERE words = '0b'")

    assert f"was changed after event {oldest} wrote it." in standing.glance().problem


def test_an_event_that_is_gone_is_said_before_rows(write: Write) -> None:
    _, gone, after = write(3)
    edit("UPDATE audit_note SET words = 'x' WHERE words = '0a'")
    edit("DELETE FROM audit_event WHERE position = %s", gone)

    assert standing.glance().problem == f"Events before {after} are missing."


def test_without_events_there_is_nothing_to_say(db: None) -> None:
    edit("DELETE FROM audit_event")

    assert standing.glance().problem == ""
