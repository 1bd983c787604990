"""Tests only: let append-only tables be emptied between tests, and be tampered with as a database administrator would.

The triggers are taken away and the very same ones put back.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from django.apps import apps
from django.core.serializers import deserialize, serialize
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.transaction import atomic

from audit import watching


@contextmanager
def unguarded() -> Iterator[None]:
    """Within it, no trigger of ours fires."""
    off, on = _switches(connection)
    if connection.vendor == "postgresql":
        # A table with checks still to be made at the end of the transaction cannot be altered.
        on = ["SET CONSTRAINTS ALL IMMEDIATE", *on]
        off = ["SET CONSTRAINTS ALL IMMEDIATE", *off]
    _execute(off)
    yield
    _execute(on)


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

    Django's own way, by JSON, cuts times to milliseconds: their digests would not hold.
    """
    models = [model for model in apps.get_models() if model._meta.can_migrate(wrapper)]
    rows = [row for model in models for row in serialize("python", model._base_manager.order_by("pk"))]

    def restore(self: Any, data: object) -> None:
        off, on = _switches(self.connection)
        with atomic(), self.connection.constraint_checks_disabled(), patch.object(watching, "append", _write_nothing):
            _execute(off)
            for row in deserialize("python", rows):
                row.save()
            self.connection.check_constraints()
            _execute(on)

    type(wrapper.creation).deserialize_db_from_string = restore


def _write_nothing(*args: object, **kwargs: object) -> None:
    """In the place of `audit.services.append`."""


def _execute(statements: list[str]) -> None:
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
