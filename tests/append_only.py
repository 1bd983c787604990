"""Tests only: let append-only tables be emptied between tests, and be tampered with as a database administrator would.

The triggers are taken away and the very same ones put back.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model
from django.db.models.constants import OnConflict
from django.db.models.sql import InsertQuery
from django.db.transaction import atomic


@contextmanager
def unguarded() -> Iterator[None]:
    """Within it, no trigger of ours fires."""
    off, on = _switches(connection)
    if connection.vendor == "postgresql":
        # A table with checks still to be made at the end of the transaction cannot be altered.
        on = ["SET CONSTRAINTS ALL IMMEDIATE", *on]
        off = ["SET CONSTRAINTS ALL IMMEDIATE", *off]
    execute(*off)
    yield
    execute(*on)


def let_flush_pass(wrapper: BaseDatabaseWrapper) -> None:
    """Have Django's flush, by which a test in transactions ends, switch the triggers off and on around itself."""
    operations = type(wrapper.ops)
    sql_flush: Callable[..., list[str]] = operations.sql_flush

    def unguarded_sql_flush(self: Any, *args: Any, **options: Any) -> list[str]:
        statements = sql_flush(self, *args, **options)
        off, on = _switches(self.connection)
        return [*off, *statements, *on] if statements else []

    operations.sql_flush = unguarded_sql_flush


def let_restoring_pass(wrapper: BaseDatabaseWrapper) -> None:
    """Have Django put back what the migrations wrote to the microsecond, events among it, and no event for doing so.

    Django's own way, by JSON, cuts times to milliseconds: their digests would not hold. It also writes row by row.
    """
    models = [model for model in apps.get_models(include_auto_created=True) if model._meta.can_migrate(wrapper)]
    kept = {model: list(model._base_manager.order_by("pk")) for model in models}

    def restore(self: Any, data: object) -> None:
        off, on = _switches(self.connection)
        with atomic(), self.connection.constraint_checks_disabled():
            execute(*off)
            for model, rows in kept.items():
                _insert(model, rows, self.connection)
            self.connection.check_constraints()
            execute(*on)

    type(wrapper.creation).deserialize_db_from_string = restore


def _insert(model: type[Model], rows: list[Model], wrapper: BaseDatabaseWrapper) -> None:
    """Write rows as they are, but for those that are there: no signal, and no field that fills itself in."""
    if rows:
        query = InsertQuery(model, on_conflict=OnConflict.IGNORE)
        query.insert_values(model._meta.concrete_fields, rows, raw=True)
        query.get_compiler(connection=wrapper).execute_sql()


def execute(*statements: str) -> None:
    """Run SQL, with whatever triggers there are."""
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _switches(wrapper: BaseDatabaseWrapper) -> tuple[list[str], list[str]]:
    """SQL that switches all triggers of ours off, and SQL that switches them on again."""
    with wrapper.cursor() as cursor:
        if wrapper.vendor == "sqlite":
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            found = cursor.fetchall()
            return [f'DROP TRIGGER "{name}"' for name, _ in found], [sql for _, sql in found]
        cursor.execute(
            "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
        )
        found = cursor.fetchall()
    off = [f'ALTER TABLE {table} DISABLE TRIGGER "{name}"' for table, name in found]
    return off, [f'ALTER TABLE {table} ENABLE ALWAYS TRIGGER "{name}"' for table, name in found]
