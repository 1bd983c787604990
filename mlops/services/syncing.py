"""Look at the registry and make known here what it holds; tell once when it cannot be read, and once when it can."""

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connection, transaction
from django.utils import timezone

from audit.services import record
from mlops.contracts import ENDED, RegistryStatus, VersionState
from mlops.exceptions import RegistryDenied, RegistryError, RegistryUnavailable
from mlops.models import ModelVersion, RegistrySync
from mlops.registries.base import Listing, RegisteredVersion
from mlops.services import registry
from mlops.services.datasets import mirror_dataset
from mlops.services.mirroring import NotMirrored, mirror, withdraw_others

KEPT: Final = 500
"""Looks at the registry that are remembered."""
MOST_UNREADABLE: Final = 200
"""Sentences that one look keeps."""

# Any number will do that nothing else locks in the same database.
_LOCK = 0x73796E63

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Standing:
    """How it stands with the registry: the last look, the last that could read it, and since when none can."""

    last: RegistrySync | None
    complete: RegistrySync | None
    lost_since: datetime | None


def sync(*, by: AbstractBaseUser | None = None) -> RegistrySync:
    """What became of one look at the registry: every version and data set it lists is known here, and what it lists
    no more is withdrawn.

    1. A version is made known, or its claims brought up to date, in a transaction of its own: what a crash leaves
       undone, the next look does. Whose a digest is, the manifest says, where several claim it.
    2. A registry that cannot be read is an outcome, not an exception. The first such look writes an error to the log
       and `registry_lost` to the audit, the first good one after it `registry_found`; those between are quiet.
    3. A version that could be read once and cannot be now, or whose entry has become another's, counts as not listed.
       A registry that held several and holds nothing that can be read is not believed: its disk may not be mounted, or
       its settings name another. One that held a single version is, for that may well have been archived there.
    4. Data sets come last, and what is wrong with them is told among the unreadable entries: a look that could read
       the versions is complete.
    """
    started_at = timezone.now()
    try:
        listing = registry.current().versions()
        _require_plausible(listing)
        entries = _in_order(listing)
    except RegistryDenied as error:
        return _conclude(RegistrySync(outcome=RegistrySync.Outcome.DENIED, problem=str(error)), started_at, by)
    except RegistryUnavailable as error:
        return _conclude(RegistrySync(outcome=RegistrySync.Outcome.UNAVAILABLE, problem=str(error)), started_at, by)
    except RegistryError as error:
        return _conclude(RegistrySync(outcome=RegistrySync.Outcome.FAILED, problem=str(error)), started_at, by)
    except Exception as error:  # noqa: BLE001  client libraries of clouds raise anything
        registry.log_unforeseen("The registry's client failed in a way that nobody foresaw.", error)
        problem = f"The registry's client failed with {type(error).__name__}; the log of the worker has the rest."
        return _conclude(RegistrySync(outcome=RegistrySync.Outcome.FAILED, problem=problem), started_at, by)
    added, problems = _mirror_all(entries, by)
    unreadable = [*listing.unreadable, *problems, *_mirror_datasets(by)][:MOST_UNREADABLE]
    complete = RegistrySync(
        outcome=RegistrySync.Outcome.COMPLETE, seen=len(entries), added=added, unreadable=unreadable
    )
    return _conclude(complete, started_at, by)


def standing() -> Standing:
    """How it stands with the registry now, by the looks that are remembered."""
    last, complete = RegistrySync.objects.first(), RegistrySync.objects.complete().first()
    lost_since = None
    if last is not None and last.outcome != RegistrySync.Outcome.COMPLETE:
        lost_since = RegistrySync.objects.after(complete).earliest("pk").started_at
    return Standing(last, complete, lost_since)


def status() -> RegistryStatus:
    """The same in plain values, with how many versions there are of each state."""
    now, counts = standing(), ModelVersion.objects.count_by_state()
    return RegistryStatus(
        kind=now.last.registry if now.last else "",
        problem=now.last.problem if now.last else "",
        lost_since=now.lost_since,
        last_complete=now.complete.started_at if now.complete else None,
        versions={state: counts.get(state.value, 0) for state in VersionState},
    )


def _require_plausible(listing: Listing) -> None:
    """Raise RegistryError where nothing in the registry can be read, and at the look before versions in use could."""
    if listing.versions:
        return
    known = ModelVersion.objects.filter(listed=True, registry=settings.REGISTRY)
    listed = known.exclude(state__in=ENDED).count()
    # More than one: the only version of a registry may well have been archived there, and is withdrawn then.
    if listed > 1 and listing.unreadable:
        raise RegistryError(
            f"The registry lists nothing that can be read, where it listed {listed} model versions. If all were taken "
            f"out on purpose, archive them here too. The first of what it holds: {listing.unreadable[0]}"
        )
    if listed > 1:
        raise RegistryError(
            f"The registry lists nothing, where it listed {listed} model versions: see that its disk is mounted, and "
            "that the settings name the right one. If all were taken out on purpose, archive them here too."
        )


def _in_order(listing: Listing) -> tuple[RegisteredVersion, ...]:
    """First come, first known: where two claim one name or one digest, it is the same one that gets it each time."""
    return tuple(sorted(listing.versions, key=lambda entry: (entry.created_at.timestamp(), entry.registry_version)))


def _mirror_all(entries: tuple[RegisteredVersion, ...], by: AbstractBaseUser | None) -> tuple[int, list[str]]:
    """How many are new, and a sentence for each that could not be made known; versions not among them are withdrawn."""
    added, problems, seen, kept = 0, [], dict[str, RegisteredVersion](), set[str]()
    for entry in entries:
        first = seen.setdefault(entry.digest, entry)
        try:
            if first is not entry and str(first) == str(entry):
                numbers = f"{first.registry_version} and {entry.registry_version}"
                raise NotMirrored(f"{entry} is registered twice, as the numbers {numbers}: archive one of them.")
            added += mirror(entry, registry=settings.REGISTRY, by=by)
            kept.add(entry.digest)
        except NotMirrored as problem:
            problems.append(str(problem))
    withdraw_others(kept, by=by)
    return added, problems


def _mirror_datasets(by: AbstractBaseUser | None) -> list[str]:
    """A sentence for each data set that could not be made known, or one that says why none could be listed."""
    problems: list[str] = []
    try:
        listing = registry.current().datasets()
        problems += listing.unreadable
        for dataset in sorted(listing.datasets, key=lambda each: (each.created_at.timestamp(), each.source)):
            try:
                mirror_dataset(dataset, by=by)
            except NotMirrored as problem:
                problems.append(str(problem))
    except RegistryError as error:
        problems.append(f"The data sets cannot be listed: {error}")
    except Exception as error:  # noqa: BLE001  client libraries of clouds raise anything
        # As with the versions, which are known by now and must stay so.
        registry.log_unforeseen("The data sets could not be made known, in a way that nobody foresaw.", error)
        problems.append(f"The data sets failed with {type(error).__name__}; the log of the worker has the rest.")
    return problems


def _conclude(sync: RegistrySync, started_at: datetime, by: AbstractBaseUser | None) -> RegistrySync:
    """Remember the look, and tell where it ends or begins an outage."""
    sync.registry = settings.REGISTRY
    sync.problem = _storable(sync.problem)
    sync.unreadable = [_storable(sentence) for sentence in sync.unreadable]
    sync.started_at, sync.ended_at = started_at, timezone.now()
    sync.by_id = None if by is None else by.pk
    with transaction.atomic():
        _lock()
        before = RegistrySync.objects.first()
        sync.save(force_insert=True)
        RegistrySync.objects.older_than_newest(KEPT).not_of_the_outage().delete()
        lost, was_lost = _is_lost(sync), before is not None and _is_lost(before)
        told = {"registry": sync.registry, "problem": sync.problem}
        if lost and not was_lost:
            record("registry_lost", by=None, subject=sync, after=told)
        elif was_lost and not lost:
            record("registry_found", by=None, subject=sync, after=told)
    if lost and not was_lost:
        log.error("The registry (%s) cannot be read: %s", sync.registry, sync.problem)
    elif was_lost and not lost:
        log.warning("The registry (%s) can be read again.", sync.registry)
    return sync


def _is_lost(sync: RegistrySync) -> bool:
    return sync.outcome != RegistrySync.Outcome.COMPLETE


def _lock() -> None:
    """Let two looks end one after the other, so that one outage is told once; SQLite lets one write at a time."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _storable(sentence: str) -> str:
    """What any database can keep of a sentence that others wrote."""
    return sentence.encode("utf-8", "replace").decode().replace("\0", "")[:2000]
