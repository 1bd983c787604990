"""An evaluation set says from when its regulation applies, so that a newer regulation is told from an older one."""

from django.apps.registry import Apps
from django.core.management.base import CommandError
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

FORGOTTEN = (
    "Going back would take the day from {count} evaluation sets, whose rows the audit has proof of as they are. Nothing "
    "was changed. To go back to an older release, restore the backup of the database that was made before this one."
)


def refuse_to_forget(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if count := apps.get_model("mlops", "EvaluationSet").objects.exclude(effective_on=None).count():
        raise CommandError(FORGOTTEN.format(count=count))


class Migration(migrations.Migration):
    dependencies = [("mlops", "0009_whether_a_registry_lists_it")]

    operations = [
        migrations.AddField(
            model_name="evaluationset",
            name="effective_on",
            field=models.DateField(
                null=True,
                blank=True,
                help_text="The day from which the regulation applies: which one is newer follows from it. "
                "Empty: not said.",
            ),
        ),
        migrations.RunPython(migrations.RunPython.noop, refuse_to_forget),
    ]
