"""With which probability a person reviews a prediction, fixed when it is recorded."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("mlops", "0001_versions_deployments_predictions"),
    ]

    operations = [
        migrations.AddField(
            model_name="prediction",
            name="inclusion_probability",
            field=models.FloatField(
                blank=True,
                help_text="The probability, fixed before anyone looked, that a person reviews this prediction. "
                "Empty: never to be sampled.",
                null=True,
            ),
        ),
        migrations.AddConstraint(
            model_name="prediction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("inclusion_probability", None),
                    models.Q(("inclusion_probability__gt", 0), ("inclusion_probability__lte", 1)),
                    _connector="OR",
                ),
                name="prediction_inclusion_above_0_to_1",
            ),
        ),
    ]
