"""Whatever has the database let an edit pass, or lose a row, is found before anybody makes use of it."""

from collections.abc import Callable

import pytest
from django.db import connection

from audit import triggers
from audit.models import Event
from tests.audit.specimens import Note

pytestmark = pytest.mark.django_db


@pytest.fixture
def problems(notes: type[Note]) -> Callable[..., list[str]]:
    """`problems(statement, …)`: what is found after these."""

    def after(*statements: str) -> list[str]:
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
        return triggers.problems(connection, Note._meta.db_table)

    assert after() == []
    return after


def test_a_trigger_that_guards_one_column_only(problems: Callable[..., list[str]]) -> None:
    if connection.vendor == "postgresql":
        name = "audit_note_rows_stay"
        made = "BEFORE UPDATE OF words OR DELETE ON audit_note FOR EACH ROW EXECUTE FUNCTION audit_note_refuse()"
        found = problems(
            f"DROP TRIGGER {name} ON audit_note",
            f"CREATE TRIGGER {name} {made}",
            f"ALTER TABLE audit_note ENABLE ALWAYS TRIGGER {name}",
        )
    else:
        name = "audit_note_no_update"
        refuse = "BEGIN SELECT RAISE(ABORT, 'audit_note is append-only'); END"
        found = problems(
            f"DROP TRIGGER {name}", f'CREATE TRIGGER "{name}" BEFORE UPDATE OF words ON "audit_note" {refuse}'
        )

    assert found == [f"The trigger {name} on audit_note is not as it should be."]


def test_what_does_nothing_in_the_place_of_an_insert(problems: Callable[..., list[str]]) -> None:
    if connection.vendor == "postgresql":
        found = problems("CREATE RULE lost AS ON INSERT TO audit_note DO INSTEAD NOTHING")
        named = "rule"
    else:
        found = problems("CREATE TRIGGER lost BEFORE INSERT ON audit_note BEGIN SELECT RAISE(IGNORE); END")
        named = "trigger"

    assert found == [f"The {named} lost on audit_note is none of this application."]
    assert triggers.problems(connection, Event._meta.db_table) == []
