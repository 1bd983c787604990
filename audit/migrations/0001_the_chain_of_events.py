"""The chain of events, append-only from its first row."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from audit.operations import AppendOnly


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Event",
            fields=[
                (
                    "position",
                    models.PositiveBigIntegerField(
                        help_text="1, 2, 3 … without gaps.", primary_key=True, serialize=False
                    ),
                ),
                ("at", models.DateTimeField()),
                ("action", models.CharField(help_text="What was done: a verb phrase in the past.", max_length=80)),
                ("actor_name", models.CharField(blank=True, max_length=150)),
                (
                    "role",
                    models.CharField(blank=True, help_text="The groups of the actor at that time.", max_length=200),
                ),
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("page", "Page"),
                            ("api", "Api"),
                            ("admin", "Admin"),
                            ("task", "Task"),
                            ("command", "Command"),
                            ("shell", "Shell"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "address",
                    models.CharField(
                        blank=True, help_text="IP address, or name of the task or command.", max_length=150
                    ),
                ),
                ("request_id", models.CharField(blank=True, max_length=64)),
                ("subject_type", models.CharField(blank=True, max_length=100)),
                ("subject_id", models.CharField(blank=True, max_length=64)),
                ("before", models.JSONField(blank=True, default=dict)),
                ("after", models.JSONField(blank=True, default=dict)),
                (
                    "rows",
                    models.JSONField(
                        blank=True, default=dict, help_text="Rows of ledgers that it wrote, each with its digest."
                    ),
                ),
                ("payload_digest", models.CharField(max_length=64)),
                ("digest", models.CharField(max_length=64)),
                (
                    "actor",
                    models.ForeignKey(
                        blank=True,
                        help_text="Empty where no person did it.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("position",),
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(fields=["subject_type", "subject_id", "position"], name="event_of_subject"),
                    models.Index(fields=["at"], name="event_at"),
                    models.Index(fields=["action", "position"], name="event_of_action"),
                ],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("position__gte", 1)), name="event_position_from_1"),
                    models.CheckConstraint(
                        condition=models.Q(("origin__in", ["page", "api", "admin", "task", "command", "shell"])),
                        name="event_origin_known",
                    ),
                ],
            },
        ),
        AppendOnly("Event"),
    ]
