"""Write an event."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, cast

from django.db import models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone

from audit.canonical import GENESIS, Plain, chained, digest_of_plain, plain
from audit.context import whence
from audit.exceptions import NotInTransaction
from audit.ledgers import NamedRow, named
from audit.models import Event

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin

    class Person(AbstractBaseUser, PermissionsMixin): ...


# Any number will do that nothing else locks in the same database.
CHAIN_LOCK = 0x617564_6974


def record(
    action: str,
    *,
    by: "AbstractBaseUser | None",
    subject: models.Model | None = None,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
    rows: Iterable[models.Model | NamedRow] = (),
) -> Event:
    """Append an event to the chain, in the caller's transaction: kept with it or gone with it.

    `by` is the person, None where there is none; `before` and `after` hold what JSON can say, and dates, times,
    decimals and UUIDs, which are written as texts; `rows` are the rows of ledgers that the act wrote, each saved, or
    `named` already by an app whose rows are its own.

    1. Call it last: until the transaction ends, every other that records an event waits for it.
    2. Four queries, whatever the number of rows: the actor's groups, the lock, the last event, the insert.

    Raises NotInTransaction outside `transaction.atomic()`, NotALedger for a row that is of none or not saved, and
    NotCanonical for a value that no database keeps as it is.
    """
    subject_type, subject_id = (subject._meta.label_lower, str(subject.pk)) if subject is not None else ("", "")
    return append(
        action,
        by=by,
        subject_type=subject_type,
        subject_id=subject_id,
        before=before or {},
        after=after or {},
        rows=_digests(rows),
    )


def append(
    action: str,
    *,
    by: "AbstractBaseUser | None",
    subject_type: str,
    subject_id: str,
    before: Mapping[str, object],
    after: Mapping[str, object],
    rows: Mapping[str, object],
) -> Event:
    """`record`, for a subject that is no row or must not be named by its key."""
    connection = transaction.get_connection()
    if not connection.in_atomic_block:
        raise NotInTransaction(f"Record {action} inside the transaction of what it tells of.")
    now = whence()
    event = Event(
        action=action,
        actor_id=by.pk if by else None,
        actor_name=by.get_username() if by else "",
        role=_role(by)[:200],
        origin=now.origin,
        address=now.address[:150],
        request_id=now.request_id[:64],
        subject_type=subject_type,
        subject_id=subject_id,
        before=plain(before),
        after=plain(after),
        rows=plain(rows),
    )
    _lock(connection)
    last = Event.objects.last_first().values_list("position", "digest").first()
    position, previous = last or (0, GENESIS)
    event.position = position + 1
    # Taken under the lock, so that times follow the order of the chain as far as the clock does.
    event.at = timezone.now()
    event.payload_digest = digest_of_plain(event.payload())
    event.digest = chained(previous, event.payload_digest)
    event.save(force_insert=True)
    return event


def _digests(rows: Iterable[models.Model | NamedRow]) -> dict[str, list[Plain]]:
    found: dict[str, list[Plain]] = {}
    for row in rows:
        label, key, digest = row if isinstance(row, tuple) else named(row)
        found.setdefault(label, []).append([key, digest])
    return found


def _role(by: "AbstractBaseUser | None") -> str:
    return ", ".join(sorted(group.name for group in cast("Person", by).groups.all())) if by else ""


def _lock(connection: BaseDatabaseWrapper | Any) -> None:
    """Let no other transaction append until this one ends; on SQLite, BEGIN IMMEDIATE has done so already."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CHAIN_LOCK])
