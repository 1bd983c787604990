"""The triggers that keep a table append-only: their SQL, and whether they stand."""

import re
from collections.abc import Iterable, Set
from dataclasses import dataclass
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

from audit.exceptions import NotALedger

_WHERE = re.compile(r"\)\s*WHERE\s+(.*)\Z", re.IGNORECASE | re.DOTALL)
_ENABLED = ("O", "A")  # of pg_trigger.tgenabled: fires in a session of the application
_POSTGRESQL_TYPES = {"row": 27, "truncate": 34}  # bits of pg_trigger.tgtype: before update or delete; before truncate


@dataclass(frozen=True, slots=True)
class Trigger:
    name: str
    sql: str


def create_statements(connection: BaseDatabaseWrapper, table: str) -> list[str]:
    """SQL that makes the table append-only; raises NotALedger where no trigger of SQLite can keep a unique index."""
    if connection.vendor == "postgresql":
        return _postgresql(table)
    return [trigger.sql for trigger in _sqlite(connection, table)]


def drop_statements(connection: BaseDatabaseWrapper, table: str) -> list[str]:
    """SQL that takes it back; harmless where nothing is to be taken back."""
    if connection.vendor == "postgresql":
        return [
            f'DROP TRIGGER IF EXISTS "{table}_rows_stay" ON "{table}"',
            f'DROP TRIGGER IF EXISTS "{table}_table_stays" ON "{table}"',
            f'DROP FUNCTION IF EXISTS "{table}_refuse"()',
        ]
    return [f'DROP TRIGGER IF EXISTS "{table}_no_{act}"' for act in ("update", "delete", "replace")]


def problems(connection: BaseDatabaseWrapper, table: str) -> list[str]:
    """A sentence for each trigger of the table that is missing, disabled or altered, or that is none of ours."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            return _postgresql_problems(cursor, table)
        try:
            expected = _sqlite(connection, table)
        except NotALedger as refusal:
            return [str(refusal)]
        # SQLite keeps the table's name as who made the trigger wrote it, and knows the table in whatever case.
        cursor.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s COLLATE NOCASE", [table]
        )
        found = dict(cursor.fetchall())
    told = [
        f"The trigger {trigger.name} on {table} is {'missing' if trigger.name not in found else 'not as it should be'}."
        for trigger in expected
        if found.get(trigger.name) != trigger.sql
    ]
    return [*told, *_strangers(table, found, {trigger.name for trigger in expected})]


def _strangers(table: str, found: Iterable[str], ours: Set[str]) -> list[str]:
    """A trigger that swallows an insert would keep a row from ever being written."""
    return [f"The trigger {name} on {table} is none of this application." for name in sorted(set(found) - ours)]


def _postgresql(table: str) -> list[str]:
    refuse = f'EXECUTE FUNCTION "{table}_refuse"()'
    return [
        f'CREATE OR REPLACE FUNCTION "{table}_refuse"() RETURNS trigger LANGUAGE plpgsql AS $${_body(table)}$$',
        f'CREATE TRIGGER "{table}_rows_stay" BEFORE UPDATE OR DELETE ON "{table}" FOR EACH ROW {refuse}',
        f'CREATE TRIGGER "{table}_table_stays" BEFORE TRUNCATE ON "{table}" FOR EACH STATEMENT {refuse}',
        # Also where session_replication_role says that triggers rest.
        f'ALTER TABLE "{table}" ENABLE ALWAYS TRIGGER "{table}_rows_stay"',
        f'ALTER TABLE "{table}" ENABLE ALWAYS TRIGGER "{table}_table_stays"',
    ]


def _body(table: str) -> str:
    return f" BEGIN RAISE EXCEPTION '{table} is append-only' USING ERRCODE = 'restrict_violation'; END "


def _postgresql_problems(cursor: CursorWrapper, table: str) -> list[str]:
    cursor.execute(
        "SELECT t.tgname, t.tgenabled::text, t.tgtype, t.tgqual IS NULL AND t.tgattr::text = '', p.prosrc "
        "FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid WHERE t.tgrelid = to_regclass(%s) AND NOT t.tgisinternal",
        [f'"{table}"'],
    )
    found = {row[0]: row[1:] for row in cursor.fetchall()}
    cursor.execute("SELECT rulename FROM pg_rewrite WHERE ev_class = to_regclass(%s) ORDER BY rulename", [f'"{table}"'])
    # A rule comes before every trigger, and may have nothing be done in the place of what was asked.
    told = [f"The rule {rule} on {table} is none of this application." for (rule,) in cursor.fetchall()]
    for name, kind in ((f"{table}_rows_stay", "row"), (f"{table}_table_stays", "truncate")):
        if name not in found:
            told.append(f"The trigger {name} on {table} is missing.")
            continue
        enabled, bits, unconditional, source = found[name]
        if enabled not in _ENABLED:
            told.append(f"The trigger {name} on {table} is disabled.")
        elif (bits, unconditional, source) != (_POSTGRESQL_TYPES[kind], True, _body(table)):
            told.append(f"The trigger {name} on {table} is not as it should be.")
    return [*told, *_strangers(table, found, {f"{table}_rows_stay", f"{table}_table_stays"})]


def _sqlite(connection: BaseDatabaseWrapper, table: str) -> list[Trigger]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    replaced = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only: this row would replace another'); END"
    triggers = [
        Trigger(name, f'CREATE TRIGGER "{name}" BEFORE {act.upper()} ON "{table}" {refuse}')
        for act in ("update", "delete")
        for name in [f"{table}_no_{act}"]
    ]
    with connection.cursor() as cursor:
        conflicts = _conflicts(cursor, table)
    # INSERT OR REPLACE deletes the rows that are in its way without asking the trigger on DELETE.
    name = f"{table}_no_replace"
    triggers.append(
        Trigger(name, f'CREATE TRIGGER "{name}" BEFORE INSERT ON "{table}" WHEN {" OR ".join(conflicts)} {replaced}')
    )
    return triggers


def _conflicts(cursor: CursorWrapper, table: str) -> list[str]:
    """For each key and unique index, the SQL condition that a row with the new row's values is there."""
    columns = _read(cursor, f'PRAGMA table_info("{table}")')
    new = ", ".join(f'NEW."{column[1]}" AS "{column[1]}"' for column in columns)
    # By number rather than column: an index on the key alone has no name for it.
    keys = [([column[1] for column in columns if column[5]], "")]
    for _, index, unique, *_ in _read(cursor, f'PRAGMA index_list("{table}")'):
        if unique:
            names = [part[2] for part in _read(cursor, f'PRAGMA index_info("{index}")')]
            if None in names:
                raise NotALedger(
                    f"The unique index {index} on {table} is on an expression: a ledger takes columns only."
                )
            keys.append((names, _condition(cursor, index)))
    return sorted({_conflict(table, names, condition, new) for names, condition in keys if names})


def _conflict(table: str, names: list[str], condition: str, new: str) -> str:
    listed = ", ".join(f'"{name}"' for name in names)
    if not condition:
        same = " AND ".join(f'"{name}" = NEW."{name}"' for name in names)
        return f'EXISTS (SELECT 1 FROM "{table}" WHERE {same})'  # noqa: S608 - names of the schema
    # The condition speaks of the table's columns; under the table's name the new row is a table of one row.
    of_the_new = f'SELECT {listed} FROM (SELECT {new}) AS "{table}" WHERE {condition}'  # noqa: S608
    return f'EXISTS (SELECT 1 FROM "{table}" WHERE ({condition}) AND ({listed}) IN ({of_the_new}))'  # noqa: S608


def _condition(cursor: CursorWrapper, index: str) -> str:
    cursor.execute("SELECT sql FROM sqlite_master WHERE type = 'index' AND name = %s", [index])
    found = _WHERE.search(cursor.fetchone()[0] or "")
    return found[1] if found else ""


def _read(cursor: CursorWrapper, pragma: str) -> list[Any]:
    cursor.execute(pragma)
    return list(cursor.fetchall())
