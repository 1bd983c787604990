"""Rows that are older than their ledger."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.db import models, transaction

from audit.ledgers import row_digest
from audit.models import Event
from audit.services import append

BATCH = 1000


def adopt(model: type[models.Model]) -> None:
    """Name every row of a table in events of their own, unless an event has named one of them before."""
    label = model._meta.label_lower
    if Event.objects.filter(rows__has_key=label).exists():
        return
    rows = model._default_manager.order_by("pk").iterator(chunk_size=BATCH)
    while named := _digests(rows):
        with transaction.atomic():
            append("rows_adopted", by=None, subject_type=label, subject_id="", before={}, after={}, rows={label: named})


def _digests(rows: Iterator[Any]) -> list[list[object]]:
    return [[row.pk, row_digest(row)] for row in islice(rows, BATCH)]
