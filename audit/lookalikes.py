"""Values on SQLite that Python reads like what was written and SQL does not: no digest can tell the two apart."""

import json
from collections.abc import Iterator
from typing import Any

from django.db import models, transaction
from django.db.models import BooleanField, JSONField

from audit.findings import Finding
from audit.ledgers import ledgers
from audit.watching import watched_tables

ROWS_AT_ONCE = 1000


def lookalikes() -> Iterator[Finding]:
    """Of ledgers and watched tables; on PostgreSQL, whose columns keep one form of each value, there are none."""
    if transaction.get_connection().vendor != "sqlite":
        return
    watched = {label: table.model for label, table in watched_tables().items()}
    for label, model in {**ledgers(), **watched}.items():
        for field in model._meta.concrete_fields:
            for pk, wrong in _wrong(model, field):
                sentence = f"Row {pk} of {label} was changed: its {field.column} {wrong}."
                yield Finding("row_edited", sentence, None, label, pk, str(field.column))


def _wrong(model: type[models.Model], field: "models.Field[Any, Any]") -> Iterator[tuple[int, str]]:
    if isinstance(field, BooleanField):
        for pk in _neither_true_nor_false(model, str(field.column)):
            yield pk, "is neither true nor false"
    elif isinstance(field, JSONField):
        for pk in _written_otherwise(model, field):
            yield pk, "is not the text that the application writes"


def _neither_true_nor_false(model: type[models.Model], column: str) -> Iterator[int]:
    """SQLite keeps any number as a truth value, and Django reads each as true or false."""
    wrong = f'typeof("{column}") != \'integer\' OR "{column}" NOT IN (0, 1)'
    for pk, _ in _select(model, column, f'"{column}" IS NOT NULL AND ({wrong})'):
        yield pk


def _written_otherwise(model: type[models.Model], field: JSONField) -> Iterator[int]:
    """SQLite keeps JSON as text: of a name that stands twice, Python reads the last value and SQL the first."""
    for pk, text in _select(model, str(field.column), f'"{field.column}" IS NOT NULL'):
        if not _is_as_written(text, field):
            yield pk


def _is_as_written(text: object, field: JSONField) -> bool:
    # Binary, too, is JSON to SQLite.
    try:
        return isinstance(text, str) and json.dumps(json.loads(text), cls=field.encoder) == text
    except ValueError:
        return False


def _select(model: type[models.Model], column: str, condition: str) -> Iterator[tuple[int, object]]:
    """Key and value as SQLite has them, some rows at a time: a JSON may be long."""
    key, table = model._meta.pk.column, model._meta.db_table
    with transaction.get_connection().cursor() as cursor:
        # Names of the schema.
        cursor.execute(f'SELECT "{key}", "{column}" FROM "{table}" WHERE {condition}')  # noqa: S608
        while rows := cursor.fetchmany(ROWS_AT_ONCE):
            yield from rows
