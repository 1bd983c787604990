"""An evaluation set says from when its regulation applies, so that a newer regulation is told from an older one."""

from django.db import migrations, models


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
    ]
