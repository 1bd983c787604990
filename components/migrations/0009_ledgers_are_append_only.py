"""From here on every ledger's rows are named by an event, and the database refuses to change them."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.apps.registry import Apps
from django.db import migrations, transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from audit.ledgers import row_digest
from audit.models import Event
from audit.operations import AppendOnly
from audit.services import append

LEDGERS = ("Description", "Label", "ReviewPolicy", "Route", "Claim", "Decision", "Answer", "StopSwitch")
BATCH = 1000
ADOPTED = "rows_adopted"


def adopt(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Rows that are older than the chain are named by events of their own; once, however often this is applied."""
    alias = schema_editor.connection.alias
    if Event.objects.using(alias).filter(action=ADOPTED).exists():
        return
    for name in LEDGERS:
        model = apps.get_model("components", name)
        rows = model.objects.using(alias).order_by("pk").iterator(chunk_size=BATCH)
        while digests := _digests(rows):
            with transaction.atomic(using=alias):
                append(
                    ADOPTED,
                    by=None,
                    subject_type="",
                    subject_id="",
                    before={},
                    after={},
                    rows={model._meta.label_lower: digests},
                )


def _digests(rows: Iterator[Any]) -> list[list[object]]:
    return [[row.pk, row_digest(row)] for row in islice(rows, BATCH)]


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0001_the_chain_of_events"),
        ("components", "0008_first_policy_and_reason_codes"),
    ]

    operations = [
        migrations.RunPython(adopt, migrations.RunPython.noop),
        *(AppendOnly(name) for name in LEDGERS),
    ]
