"""An append-only table takes new rows and keeps those it has, whatever its unique constraints."""

import pytest
from django.apps import apps
from django.db import DatabaseError, IntegrityError, connection, migrations, transaction
from django.db.migrations.state import ProjectState

from audit import ledgers, triggers
from audit.models import Event
from audit.operations import AppendOnly
from tests.audit.specimens import Note

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("model", [Event, *ledgers.ledgers().values()], ids=lambda model: model._meta.label)
def test_every_ledger_has_its_triggers_after_all_migrations(model: type) -> None:
    assert triggers.problems(connection, model._meta.db_table) == []


def test_rows_that_differ_are_taken(notes: type[Note]) -> None:
    notes.objects.create(words="a", group=1, stands=True)
    notes.objects.create(words="b", group=1, stands=False)
    notes.objects.create(words="c", group=2, stands=True)
    notes.objects.bulk_create([notes(words="d", stands=True), notes(words="e", stands=True)])

    assert notes.objects.count() == 5


@pytest.mark.parametrize(
    "values", ["(1, 'z', 9, FALSE)", "(9, 'a', 9, FALSE)", "(9, 'z', 1, TRUE)"], ids=["key", "words", "one stands"]
)
def test_no_row_takes_the_place_of_another(notes: type[Note], values: str) -> None:
    notes.objects.create(pk=1, words="a", group=1, stands=True)
    into = 'INTO audit_note (id, words, "group", stands) VALUES'
    acts = [f"INSERT {into} {values}"]
    if connection.vendor == "sqlite":
        acts += [f"INSERT OR REPLACE {into} {values}", f"REPLACE {into} {values}"]
        acts += [f"INSERT {into} {values} ON CONFLICT DO UPDATE SET words = 'z'"]
    for act in acts:
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(act)
    assert notes.objects.values_list("pk", "words", "group", "stands").get() == (1, "a", 1, True)


def test_the_operation_can_be_taken_back_and_done_again(notes: type[Note]) -> None:
    operation = AppendOnly("Event")
    state = ProjectState.from_apps(apps)
    table = Event._meta.db_table

    class Editor:
        """The part of a schema editor that it uses, in the transaction of the test."""

        deferred_sql: list[object] = []

        def __init__(self) -> None:
            self.connection = connection

        def execute(self, sql: str, params: None) -> None:
            with connection.cursor() as cursor:
                cursor.execute(sql, params)

    operation.database_backwards("audit", Editor(), state, state)
    assert len(triggers.problems(connection, table)) >= 2
    for _ in range(2):
        operation.database_forwards("audit", Editor(), state, state)
        assert triggers.problems(connection, table) == []
    assert isinstance(operation, migrations.operations.base.Operation)
    assert operation.describe() == "Make Event append-only"


def test_the_refusal_says_which_table(notes: type[Note]) -> None:
    note = notes.objects.create(words="a")
    for act in (note.delete, lambda: notes.objects.update(words="b")):
        with pytest.raises(DatabaseError, match="audit_note is append-only"), transaction.atomic():
            act()
