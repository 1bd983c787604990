"""A trigger that is missing, altered or put in is found and named."""

from collections.abc import Callable

import pytest
from django.db import OperationalError, connection

from audit import triggers
from audit.verification import Report
from tests.audit.conftest import kinds
from tests.audit.specimens import Note

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("table", ["audit_event", "audit_note"])
def test_a_trigger_that_is_missing_is_named(first: int, checked: Callable[[], Report], table: str) -> None:
    names = [statement.split('"')[1] for statement in triggers.drop_statements(connection, table)][:2]
    of = f' ON "{table}"' if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        if of:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for name in names:
            cursor.execute(f'DROP TRIGGER "{name}"{of}')

    found = checked().findings
    assert [finding.sentence for finding in found] == [f"The trigger {name} on {table} is missing." for name in names]


def test_a_trigger_that_is_altered_or_disabled_is_named(first: int, checked: Callable[[], Report]) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute('ALTER TABLE audit_event DISABLE TRIGGER "audit_event_rows_stay"')
            cursor.execute(
                'CREATE OR REPLACE FUNCTION "audit_note_refuse"() RETURNS trigger LANGUAGE plpgsql AS '
                "$$ BEGIN RETURN NEW; END $$"
            )
            expected = ["event_rows_stay on audit_event is disabled", "note_rows_stay on audit_note is not as"]
        else:
            for table in ("event", "note"):
                cursor.execute(f"DROP TRIGGER audit_{table}_no_update")
                cursor.execute(
                    f"CREATE TRIGGER audit_{table}_no_update BEFORE UPDATE ON audit_{table} WHEN FALSE "
                    "BEGIN SELECT RAISE(ABORT, 'never'); END"
                )
            expected = ["event_no_update on audit_event is not as", "note_no_update on audit_note is not as"]

    sentences = [finding.sentence for finding in checked().findings]
    assert [sentence for sentence in expected if not any(sentence in told for told in sentences)] == []
    assert set(kinds(checked())) == {"trigger"}


@pytest.mark.usefixtures("first")
@pytest.mark.parametrize("written", ["audit_event", "AUDIT_EVENT", "Audit_Note"])
def test_a_trigger_that_swallows_rows_is_found(checked: Callable[[], Report], written: str) -> None:
    table = written.lower()
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f'CREATE TRIGGER swallow BEFORE INSERT ON "{written}" BEGIN SELECT RAISE(IGNORE); END')
        else:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("CREATE FUNCTION swallow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'")
            cursor.execute(f"CREATE TRIGGER swallow BEFORE INSERT ON {written} FOR EACH ROW EXECUTE FUNCTION swallow()")

    assert [finding.sentence for finding in checked().findings] == [
        f"The trigger swallow on {table} is none of this application."
    ]


@pytest.mark.usefixtures("first")
@pytest.mark.parametrize("narrow", [("", "WHEN (FALSE)"), ("OF words", "")], ids=["never", "one column alone"])
def test_a_trigger_that_was_made_to_fire_less_often_is_named(
    checked: Callable[[], Report], narrow: tuple[str, str]
) -> None:
    columns, condition = narrow
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            name, acts, then = "audit_note_rows_stay", "DELETE OR UPDATE", "EXECUTE FUNCTION audit_note_refuse()"
        else:
            name, acts, then = "audit_note_no_update", "UPDATE", "BEGIN SELECT RAISE(ABORT, 'append-only'); END"
        of = " ON audit_note" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER {name}{of}")
        cursor.execute(f"CREATE TRIGGER {name} BEFORE {acts} {columns} ON audit_note FOR EACH ROW {condition} {then}")

    assert [finding.sentence for finding in checked().findings] == [
        f"The trigger {name} on audit_note is not as it should be."
    ]


@pytest.mark.usefixtures("first")
def test_a_rule_that_has_nothing_be_done_is_named(checked: Callable[[], Report]) -> None:
    """SQLite knows no rules, and refuses to make one."""
    with connection.cursor() as cursor:
        rule = "CREATE RULE unseen AS ON INSERT TO audit_note DO INSTEAD NOTHING"
        if connection.vendor == "sqlite":
            with pytest.raises(OperationalError):
                cursor.execute(rule)
        else:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(rule)

    assert [finding.sentence for finding in checked().findings] == (
        ["The rule unseen on audit_note is none of this application."] if connection.vendor == "postgresql" else []
    )


@pytest.mark.usefixtures("first")
def test_an_index_that_lets_no_trigger_keep_the_table_is_found(checked: Callable[[], Report]) -> None:
    """On SQLite a row that is in the way of another is looked for by columns; PostgreSQL replaces none by itself."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"CREATE UNIQUE INDEX odd ON {Note._meta.db_table} (upper(words))")

    assert [finding.sentence for finding in checked().findings] == (
        ["The unique index odd on audit_note is on an expression: a ledger takes columns only."]
        if connection.vendor == "sqlite"
        else []
    )
