"""Rows that are older than their ledger, or than their being watched."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.apps import apps as installed
from django.apps.registry import Apps
from django.db import models, transaction

from audit.chunks import keys_in_chunks
from audit.following import ADOPTED
from audit.ledgers import row_digest
from audit.models import Event
from audit.services import append
from audit.watched import Watched
from audit.watching import watched_tables

BATCH = 1000
WATCHED_BATCH = 200


def adopt(model: type[models.Model]) -> None:
    """Name every row of a table in events of their own, unless an event has named one of them before."""
    label = model._meta.label_lower
    if Event.objects.filter(rows__has_key=label).exists():
        return
    rows = model._default_manager.order_by("pk").iterator(chunk_size=BATCH)
    while named := _digests(rows):
        with transaction.atomic():
            append("rows_adopted", by=None, subject_type=label, subject_id="", before={}, after={}, rows={label: named})


def adopt_watched(apps: Apps = installed) -> None:
    """Tell of every row of the watched tables, for each column once: when it begins to be watched.

    What an event tells since is what counts: a row that slips in later is not adopted by the next migration. Tables
    and columns that `apps`, the state of the migrations, does not have are left for when it does.
    """
    if not apps.is_installed("audit") or "event" not in apps.all_models["audit"]:
        return
    for watched in watched_tables().values():
        columns = _there(watched, apps) - _adopted(watched)
        if columns:
            with transaction.atomic():
                _tell(watched, sorted(columns))


def _there(watched: Watched, apps: Apps) -> set[str]:
    try:
        model = apps.get_model(watched.label)
    except LookupError:
        return set()
    there = {field.attname for field in model._meta.concrete_fields} | {f.name for f in model._meta.many_to_many}
    told = {*watched.columns, *watched.relations}
    # A row is read whole, so that its columns are told once all are there.
    return told if told <= there else set()


def _adopted(watched: Watched) -> set[str]:
    events = Event.objects.filter(action=ADOPTED, subject_type=watched.label).exclude(after={})
    return {str(column) for columns in events.values_list("after__columns", flat=True) for column in columns or ()}


def _tell(watched: Watched, columns: list[str]) -> None:
    told = False
    for keys in keys_in_chunks(watched.model, WATCHED_BATCH):
        found = watched.rows(keys[0], keys[-1])
        _append(watched, columns, {key: {name: row[name] for name in columns} for key, row in found})
        told = True
    if not told:
        _append(watched, columns, {})


def _append(watched: Watched, columns: list[str], rows: dict[str, dict[str, Any]]) -> None:
    after = {"columns": columns, "rows": rows}
    append("rows_adopted", by=None, subject_type=watched.label, subject_id="", before={}, after=after, rows={})


def _digests(rows: Iterator[Any]) -> list[list[object]]:
    return [[row.pk, row_digest(row)] for row in islice(rows, BATCH)]
