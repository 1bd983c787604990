"""Model versions, their deployments and what they predicted."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ModelVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=64)),
                ("version", models.CharField(max_length=32)),
                (
                    "digest",
                    models.CharField(
                        help_text="sha256: and the digest of the bundle's manifest.", max_length=71, unique=True
                    ),
                ),
                (
                    "manifest",
                    models.JSONField(
                        help_text="The bundle's manifest: metrics, lineage, threshold, files.",
                    ),
                ),
                ("card", models.TextField(blank=True, help_text="The model card, in Markdown.")),
                ("registered_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "ordering": ("-registered_at", "-id"),
                "constraints": [
                    models.UniqueConstraint(fields=("name", "version"), name="model_version_name_version_unique")
                ],
            },
        ),
        migrations.CreateModel(
            name="Deployment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.CharField(choices=[("champion", "champion"), ("challenger", "challenger")], max_length=16),
                ),
                ("started_at", models.DateTimeField(auto_now_add=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "started_by",
                    models.ForeignKey(
                        blank=True,
                        help_text="Empty where the installation itself did it.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "model_version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="deployments", to="mlops.modelversion"
                    ),
                ),
            ],
            options={
                "ordering": ("-started_at", "-id"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None), ("role", "champion")),
                        fields=("role",),
                        name="deployment_one_active_champion",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("role__in", ["champion", "challenger"])), name="deployment_role_known"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Prediction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField(help_text="The text as it was given.")),
                (
                    "text_seen",
                    models.TextField(help_text="The text as the model read it: normalised, cut to its limit."),
                ),
                ("truncated", models.BooleanField(help_text="Whether the text was longer than the model's limit.")),
                (
                    "label",
                    models.CharField(
                        choices=[("compliant", "compliant"), ("non-compliant", "non-compliant")], max_length=16
                    ),
                ),
                ("score", models.FloatField(help_text="Probability of non-compliant, 0 to 1.")),
                ("threshold", models.FloatField(help_text="The label is non-compliant from this score upwards.")),
                ("latency_ms", models.FloatField(help_text="Milliseconds the model took for this text.")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "model_version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="predictions", to="mlops.modelversion"
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("score__gte", 0), ("score__lte", 1)),
                        name="prediction_score_between_0_and_1",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("label__in", ["compliant", "non-compliant"])), name="prediction_label_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("label", "non-compliant"), ("score__gte", models.F("threshold"))),
                            models.Q(("label", "compliant"), ("score__lt", models.F("threshold"))),
                            _connector="OR",
                        ),
                        name="prediction_label_follows_from_score",
                    ),
                ],
            },
        ),
    ]
