"""Every description a component had; room on a label for the one that it belongs to."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("components", "0004_first_regulation"),
    ]

    operations = [
        migrations.AddField(
            model_name="component",
            name="description_number",
            field=models.PositiveIntegerField(
                default=1, help_text="Which of its descriptions it is: 1 as entered, 2 after the first edit …"
            ),
        ),
        migrations.CreateModel(
            name="Description",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(help_text="1 as entered, 2 after the first edit …")),
                ("text", models.TextField()),
                ("written_at", models.DateTimeField(auto_now_add=True)),
                (
                    "component",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="descriptions",
                        to="components.component",
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={"ordering": ("-number",)},
        ),
        migrations.AddConstraint(
            model_name="description",
            constraint=models.UniqueConstraint(fields=("component", "number"), name="description_number_once"),
        ),
        migrations.AddField(
            model_name="label",
            name="description",
            field=models.ForeignKey(
                help_text="The text that was labelled.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="components.description",
            ),
        ),
    ]
