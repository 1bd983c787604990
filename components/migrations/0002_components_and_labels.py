"""Components and their labels."""

import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

import components.validators


class Migration(migrations.Migration):
    dependencies = [
        ("components", "0001_people_and_regulations"),
        ("mlops", "0001_versions_deployments_predictions"),
    ]

    operations = [
        migrations.CreateModel(
            name="Component",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "external_id",
                    models.CharField(
                        blank=True,
                        help_text="Its number in your own inventory, if it has one.",
                        max_length=100,
                        validators=[components.validators.refuse_unseen],
                        verbose_name="external id",
                    ),
                ),
                (
                    "description",
                    models.TextField(
                        error_messages={"blank": "Describe the component in words: this text is blank."},
                        validators=[components.validators.refuse_unclassifiable],
                    ),
                ),
                ("entered_at", models.DateTimeField(auto_now_add=True)),
                (
                    "search_text",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.functions.text.Lower(
                            django.db.models.functions.text.Concat(
                                models.F("external_id"),
                                models.Value(" "),
                                models.F("description"),
                                output_field=models.TextField(),
                            )
                        ),
                        output_field=models.TextField(),
                    ),
                ),
                (
                    "entered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
            },
        ),
        migrations.CreateModel(
            name="Label",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "value",
                    models.CharField(
                        choices=[("compliant", "compliant"), ("non-compliant", "non-compliant")], max_length=16
                    ),
                ),
                ("source", models.CharField(choices=[("model", "model"), ("officer", "officer")], max_length=16)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "component",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="labels", to="components.component"
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
            },
        ),
        migrations.AddField(
            model_name="label",
            name="prediction",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="mlops.prediction",
            ),
        ),
        migrations.AddField(
            model_name="component",
            name="label",
            field=models.OneToOneField(
                blank=True,
                help_text="The label that counts now; empty until the component has been labelled.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="components.label",
            ),
        ),
        migrations.AddField(
            model_name="label",
            name="regulation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="components.regulation"
            ),
        ),
        migrations.AddConstraint(
            model_name="component",
            constraint=models.UniqueConstraint(
                condition=models.Q(("external_id", ""), _negated=True),
                fields=("external_id",),
                name="component_external_id_unique",
                violation_error_message="Another component already has this external id.",
            ),
        ),
        migrations.AddConstraint(
            model_name="label",
            constraint=models.CheckConstraint(
                condition=models.Q(("value__in", ["compliant", "non-compliant"])), name="label_value_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="label",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("source", "model"), _negated=True), ("prediction__isnull", False), _connector="OR"
                ),
                name="label_of_a_model_has_its_prediction",
            ),
        ),
    ]
