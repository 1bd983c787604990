"""Decisions are asked for by their time, and by being a question."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("components", "0009_ledgers_are_append_only"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="decision",
            index=models.Index(fields=["decided_at"], name="decision_by_time"),
        ),
        migrations.AddIndex(
            model_name="decision",
            index=models.Index(fields=["outcome"], name="decision_by_outcome"),
        ),
    ]
