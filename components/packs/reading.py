"""What a pack is made of, as the database has it: many rows at a time, and nothing done twice for one of them."""

import math
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from django.db.models import Model, QuerySet

from audit.canonical import Plain, plain
from audit.exceptions import NotCanonical
from audit.ledgers import UNREADABLE
from audit.models import DIGESTS, Event
from components.packs.exceptions import Unreadable
from components.packs.verifier.form import encode

PAYLOAD = {field.name: field.attname for field in Event._meta.concrete_fields if field.name not in DIGESTS}
_AT = list(PAYLOAD).index("at")
AS_IT_IS = frozenset({str, int, bool, type(None)})


def owned(rows: "QuerySet[Any]", owner: str, keys: Sequence[int], *columns: str) -> list[tuple[Any, ...]]:
    """`owner` and the columns of the rows whose owner is among the keys, in the order of owner and key.

    The keys are in order. Raises Unreadable.
    """
    if not keys:
        return []
    first, last, chosen = keys[0], keys[-1], set(keys)
    if last - first >= 2 * len(keys):
        return read(rows.filter(**{f"{owner}__in": keys}).order_by(owner, "pk"), owner, *columns)
    # To name each key costs more than to read past some that are not asked for.
    found = read(rows.filter(**{f"{owner}__gte": first, f"{owner}__lte": last}).order_by(owner, "pk"), owner, *columns)
    return found if len(chosen) == last - first + 1 else [row for row in found if row[0] in chosen]


def read(rows: "QuerySet[Any]", *columns: str) -> list[tuple[Any, ...]]:
    """These columns of the rows. Raises Unreadable."""
    try:
        return list(rows.values_list(*columns))
    except UNREADABLE as error:
        raise unreadable(f"A row of {rows.model._meta.label_lower}") from error


def canonical_rows(model: type[Model], keys: Sequence[int]) -> Iterator[tuple[int, dict[str, Plain]]]:
    """The rows of a ledger with these keys, which are in order, as their digests are made of them. Raises Unreadable.

    A row that is not there is left out.
    """
    names = [field.attname for field in model._meta.concrete_fields if not field.generated]
    for key, *row in owned(model._base_manager.all(), "pk", keys, *names):
        try:
            found = {
                name: value if type(value) in AS_IT_IS else told(value)
                for name, value in zip(names, row, strict=True)
                if value is not None
            }
        except NotCanonical as error:
            raise unreadable(f"Row {key} of {model._meta.label_lower}") from error
        yield key, found


def payloads(positions: Sequence[int]) -> Iterator[tuple[int, dict[str, Any]]]:
    """What the events at these positions say, which are in order, as their digests are made of it. Raises Unreadable.

    JSON is taken as it is: the values of an event were canonical when it was written.
    """
    try:
        found = owned(Event.objects.all(), "position", positions, *PAYLOAD.values())
    except Unreadable as error:
        raise unreadable(f"Event {_first_unreadable(positions)}") from error
    for position, *values in found:
        values[_AT] = told(values[_AT])
        yield position, dict(zip(PAYLOAD, values, strict=True))


def told(value: Any) -> Plain:
    """What `audit.canonical.plain` makes of a value of a column, sooner. Raises NotCanonical."""
    kind = type(value)
    if kind in AS_IT_IS:
        return value  # type: ignore[no-any-return]
    if kind is datetime and value.tzinfo is not None:
        return value.astimezone(UTC).isoformat(timespec="microseconds")  # type: ignore[no-any-return]
    if kind is float and not value.is_integer() and math.isfinite(value):
        return value  # type: ignore[no-any-return]
    return plain(value)


def line(value: dict[str, Any]) -> bytes:
    """A line of a .jsonl. Raises Unreadable for what no JSON can say."""
    try:
        return encode(value) + b"\n"
    except (TypeError, ValueError) as error:
        raise unreadable("A value of an event or a row") from error


def _first_unreadable(positions: Sequence[int]) -> int:
    for position in positions:
        try:
            owned(Event.objects.all(), "position", [position], *PAYLOAD.values())
        except Unreadable:
            return position
    return positions[0]


def unreadable(what: str) -> Unreadable:
    """The refusal where this cannot be read."""
    return Unreadable(
        f"{what} cannot be read: it was changed past the application. `manage.py verify_audit` names all that was."
    )
