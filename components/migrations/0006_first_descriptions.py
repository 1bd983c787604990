"""What components are described as becomes their first description, and that of their labels."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import OuterRef, Subquery

BATCH = 1000


def fill(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    alias = schema_editor.connection.alias
    component, description, label = (
        apps.get_model("components", name) for name in ("Component", "Description", "Label")
    )
    kept = []
    for row in component.objects.using(alias).order_by("pk").iterator(chunk_size=BATCH):
        first = description(component_id=row.pk, number=1, text=row.description, written_by_id=row.entered_by_id)
        first.entered_at = row.entered_at
        kept.append(first)
        if len(kept) == BATCH:
            _write(description, kept, alias)
            kept = []
    _write(description, kept, alias)
    own = description.objects.filter(component=OuterRef("component")).values("pk")[:1]
    label.objects.using(alias).filter(description=None).update(description=Subquery(own))


def _write(description, kept, alias) -> None:
    description.objects.using(alias).bulk_create(kept)
    for row in kept:
        row.written_at = row.entered_at
    description.objects.using(alias).bulk_update(kept, ["written_at"])


def empty(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    alias = schema_editor.connection.alias
    apps.get_model("components", "Label").objects.using(alias).update(description=None)
    apps.get_model("components", "Description").objects.using(alias).all().delete()


class Migration(migrations.Migration):
    dependencies = [
        ("components", "0005_descriptions_are_kept"),
    ]

    operations = [migrations.RunPython(fill, empty)]
