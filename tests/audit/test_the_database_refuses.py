"""What was written cannot be altered by any statement, on the database at hand."""

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from audit import triggers
from audit.models import Event
from audit.services import record

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("an_event")]

INSERT = (
    "INSERT {} INTO audit_event (position, at, action, actor_name, role, origin, address, request_id, subject_type, "
    "subject_id, before, after, rows, payload_digest, digest) "
    "SELECT position, at, 'forged', actor_name, role, origin, address, request_id, subject_type, subject_id, before, "
    "after, rows, payload_digest, digest FROM audit_event WHERE action = 'something_happened' {}"
)


@pytest.fixture
def an_event(db: None) -> Event:
    return record("something_happened", by=None)


def refused(sql: str) -> None:
    with pytest.raises(DatabaseError, match="audit_event is append-only"), transaction.atomic():
        connection.cursor().execute(sql)
    assert Event.objects.last_first()[0].action == "something_happened"


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE audit_event SET action = 'forged'",
        "DELETE FROM audit_event",
        INSERT.format("", "ON CONFLICT (position) DO UPDATE SET action = excluded.action"),
    ],
    ids=["update", "delete", "upsert"],
)
def test_a_raw_statement_is_refused(sql: str) -> None:
    refused(sql)


def test_so_are_the_bulk_operations_of_the_orm(an_event: Event) -> None:
    event = an_event
    acts = (
        lambda: Event.objects.update(action="forged"),
        lambda: Event.objects.all().delete(),
        lambda: Event.objects.bulk_update([event], ["action"]),
        event.save,
        event.delete,
    )
    for act in acts:
        event.action = "forged"
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            act()
    assert Event.objects.last_first()[0].action == "something_happened"


def test_so_is_emptying_or_replacing() -> None:
    if connection.vendor == "postgresql":
        connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")
        refused("TRUNCATE audit_event")
        refused("TRUNCATE audit_event CASCADE")
    else:
        refused(INSERT.format("OR REPLACE", ""))
        refused(INSERT.format("OR REPLACE", "").replace("INSERT OR REPLACE", "REPLACE"))
        refused("UPDATE OR REPLACE audit_event SET position = 1")


def test_an_event_of_the_same_position_is_an_integrity_error(an_event: Event) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Event.objects.create(position=an_event.position, at=timezone.now(), action="forged", origin="shell")


def test_the_triggers_are_found_to_stand() -> None:
    assert triggers.problems(connection, Event._meta.db_table) == []
