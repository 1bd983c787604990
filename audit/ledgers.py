"""Which tables are append-only ledgers, and the digest of a row of one."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import DatabaseError, models
from django.db.backends.utils import format_number
from django.utils import timezone

from audit.canonical import Plain, digest_of_plain, plain
from audit.exceptions import NotALedger, NotCanonical

_Model = TypeVar("_Model", bound=type[models.Model])
NamedRow = tuple[str, int, str]
"""A row of a ledger as an event names it: the ledger's label, the row's key, the row's digest."""
UNREADABLE = (ValueError, TypeError, NotCanonical, DatabaseError)
"""What a value that is none of its column's kind may raise when it is read."""

# SQLite keeps decimals as floats, of which 15 digits are exact.
_EXACT_DIGITS = 15
_LARGEST_KEY = 2**63
_registry: dict[str, type[models.Model]] = {}


def ledger(model: _Model) -> _Model:
    """Class decorator: rows of this model are added, never changed, and each is named by exactly one event.

    Its table needs the operation AppendOnly in a migration. Columns that are added later must be nullable and without
    default: a null has no part in a row's digest, so the digests of older rows hold. Raises NotALedger for a model
    whose rows have no lasting digest.
    """
    if not isinstance(model._meta.pk, models.AutoField | models.IntegerField):
        raise NotALedger(f"{model.__name__} needs a whole number as its primary key.")
    for field in model._meta.local_concrete_fields:
        if isinstance(field, models.FileField):
            raise NotALedger(f"{model.__name__}.{field.name} is a file: keep its digest in a column instead.")
        if isinstance(field, models.DecimalField) and (field.max_digits or 0) > _EXACT_DIGITS:
            raise NotALedger(f"{model.__name__}.{field.name} has more digits than SQLite keeps ({_EXACT_DIGITS}).")
    _registry[model._meta.label_lower] = model
    return model


def ledgers() -> Mapping[str, type[models.Model]]:
    """All ledgers by their labels, such as components.label."""
    return dict(sorted(_registry.items()))


def named(row: models.Model) -> NamedRow:
    """What names a saved row of a ledger to those who must not hold the row itself; raises NotALedger, NotCanonical."""
    label = row._meta.label_lower
    if label not in _registry:
        raise NotALedger(f"{label} is no ledger: decorate the model with audit.ledgers.ledger.")
    if row.pk is None or row._state.adding:
        raise NotALedger(f"A row of {label} has not been saved yet.")
    return label, row.pk, row_digest(row)


def named_in(rows: object) -> Iterator[NamedRow]:
    """The rows that an event names in its `rows`; what is not of that form was edited, and names none."""
    for label, named_rows in rows.items() if isinstance(rows, dict) else ():
        for one in named_rows if isinstance(named_rows, list) else ():
            if isinstance(one, list) and len(one) == 2 and type(one[0]) is int and 0 <= one[0] < _LARGEST_KEY:
                yield label, one[0], str(one[1])


def row_digests(model: type[models.Model], pks: Sequence[int]) -> dict[int, str]:
    """The digests of those rows that are there; empty for one that cannot be read."""
    try:
        return {pk: row_digest(row) for pk, row in model._base_manager.in_bulk(pks).items()}
    except UNREADABLE:
        if len(pks) == 1:
            return {pks[0]: ""}
    return {pk: digest for one in pks for pk, digest in row_digests(model, [one]).items()}


def row_digest(row: models.Model) -> str:
    """SHA-256 of the row's canonical JSON: every column that is not null, by its name.

    The same for the instance that was saved and for the row that was read. Generated columns have no part in it: they
    follow from the others. Raises NotCanonical for a value that no such form exists for.
    """
    return digest_of_plain({name: value for name, value in _columns(row) if value is not None})


def _columns(row: models.Model) -> list[tuple[str, Plain]]:
    return [
        (field.attname, _column(field, getattr(row, field.attname)))
        for field in row._meta.concrete_fields
        if not field.generated
    ]


def _column(field: "models.Field[Any, Any]", value: object) -> Plain:
    try:
        return plain(_as_read(field, value))
    except (NotCanonical, ValidationError, TypeError, ValueError) as error:
        raise NotCanonical(f"{field.model.__name__}.{field.name} has no canonical form: {error}") from error


def _as_read(field: "models.Field[Any, Any]", value: object) -> object:
    """The value as the database will give it back, whatever the caller set it to (a text for a date, say)."""
    if value is None:
        return None
    while isinstance(field, models.ForeignKey):
        field = field.target_field
    if isinstance(field, models.JSONField):
        return json.loads(json.dumps(value, cls=field.encoder))
    if isinstance(field, models.BinaryField):
        return value
    value = field.to_python(value)
    if isinstance(field, models.DecimalField) and isinstance(value, Decimal):
        return format_number(value, field.max_digits, field.decimal_places)
    if isinstance(value, datetime) and timezone.is_naive(value):
        return timezone.make_aware(value)
    return value
