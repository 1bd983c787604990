"""What was found out about the words of a prediction's text, kept for whoever asks next."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("mlops", "0003_feedback"),
    ]

    operations = [
        migrations.CreateModel(
            name="Explanation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "score",
                    models.FloatField(help_text="The score of the whole text, in the run that the weights come from."),
                ),
                (
                    "read_to",
                    models.PositiveIntegerField(help_text="How many characters of the text the model read."),
                ),
                (
                    "words",
                    models.JSONField(
                        help_text="A list of [start, stop, weight, log odds]: characters of the text, and what they did."
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "prediction",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="explanation",
                        to="mlops.prediction",
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
            },
        ),
    ]
