"""What people say is true of a prediction, and what they took back."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("mlops", "0002_inclusion_probability"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Feedback",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "label",
                    models.CharField(
                        blank=True,
                        choices=[("compliant", "compliant"), ("non-compliant", "non-compliant")],
                        help_text="The truth, by the person's word. Empty in a retraction.",
                        max_length=16,
                    ),
                ),
                (
                    "regulation_code",
                    models.CharField(
                        blank=True,
                        help_text="The regulation that was judged by. Empty in a retraction.",
                        max_length=64,
                    ),
                ),
                (
                    "blind",
                    models.BooleanField(
                        default=False, help_text="Whether the model's answer was hidden until the decision."
                    ),
                ),
                (
                    "inclusion_probability",
                    models.FloatField(
                        blank=True,
                        help_text="The prediction's, where it was looked at because it was sampled. "
                        "Empty: for another reason.",
                        null=True,
                    ),
                ),
                ("given_at", models.DateTimeField(auto_now_add=True)),
                (
                    "given_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "prediction",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="feedback", to="mlops.prediction"
                    ),
                ),
                (
                    "retracts",
                    models.OneToOneField(
                        blank=True,
                        help_text="The feedback that this row takes back.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="retraction",
                        to="mlops.feedback",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "feedback",
                "ordering": ("-id",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                models.Q(("regulation_code", ""), _negated=True),
                                ("label__in", ["compliant", "non-compliant"]),
                                ("retracts", None),
                            ),
                            models.Q(
                                ("blind", False),
                                ("inclusion_probability", None),
                                ("label", ""),
                                ("regulation_code", ""),
                                ("retracts__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="feedback_is_truth_or_retraction",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("inclusion_probability", None),
                            models.Q(("inclusion_probability__gt", 0), ("inclusion_probability__lte", 1)),
                            _connector="OR",
                        ),
                        name="feedback_inclusion_above_0_to_1",
                    ),
                ],
            },
        ),
    ]
