"""A version that its registry lists no more is told from one that it lists."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def list_what_was_listed(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    # Until the next look knows better: what had been taken out of the registry was not told from the rest.
    apps.get_model("mlops", "ModelVersion").objects.exclude(registry="").update(listed=True)


class Migration(migrations.Migration):
    dependencies = [("mlops", "0008_versions_ledgers_are_append_only")]

    operations = [
        migrations.AddField(
            model_name="modelversion",
            name="listed",
            field=models.BooleanField(
                default=False, help_text="Whether the registry listed it at the newest look that could read it."
            ),
        ),
        migrations.RunPython(list_what_was_listed, migrations.RunPython.noop),
    ]
