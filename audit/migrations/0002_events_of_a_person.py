"""Whoever looks for what a person did asks by that person, the newest first."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0001_the_chain_of_events"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="event",
            index=models.Index(fields=["actor", "position"], name="event_of_actor"),
        ),
    ]
