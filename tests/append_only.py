"""Tests only: let append-only tables be emptied between tests, and be tampered with as a database administrator would.

Both take the triggers away and put the very same ones back.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper


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
