"""What people look at, why, and what they decided."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("components", "0006_first_descriptions"),
        ("mlops", "0004_explanations"),
    ]

    operations = [
        migrations.CreateModel(
            name="ReasonCode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=40, unique=True)),
                ("title", models.CharField(max_length=100)),
                (
                    "retired_at",
                    models.DateTimeField(blank=True, help_text="From when on nobody may choose it.", null=True),
                ),
            ],
            options={
                "ordering": ("title",),
            },
        ),
        migrations.CreateModel(
            name="Review",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "to be reviewed"),
                            ("asked", "with the technician"),
                            ("decided", "decided"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="open",
                        max_length=16,
                    ),
                ),
                ("blind", models.BooleanField(help_text="Whether the model's answer stays hidden until the decision.")),
                ("escalated", models.BooleanField(default=False, help_text="Whether an officer could not decide it.")),
                ("risk", models.PositiveSmallIntegerField(help_text="What a wrong label could cost, 0 to 3.")),
                (
                    "uncertainty",
                    models.PositiveSmallIntegerField(help_text="How close the score is to the threshold, 0 to 10."),
                ),
                ("opened_at", models.DateTimeField(auto_now_add=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("lease", models.UUIDField(blank=True, null=True, unique=True)),
                ("leased_until", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ("id",),
                "permissions": (
                    ("decide_review", "Can decide reviews"),
                    ("replay_decision", "Can replay decisions"),
                    ("export_audit", "Can export audit packs"),
                ),
                "default_permissions": ("view",),
            },
        ),
        migrations.CreateModel(
            name="ReviewPolicy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uncertain_from", models.FloatField(help_text="Scores from here …")),
                (
                    "uncertain_to",
                    models.FloatField(help_text="… up to here, both included, are too uncertain to stand alone."),
                ),
                (
                    "audit_share",
                    models.FloatField(
                        help_text="How many of all others a person sees, drawn at random. A share, 0 to 1."
                    ),
                ),
                (
                    "blind_share",
                    models.FloatField(
                        help_text="In how many reviews the model's answer stays hidden. A share, 0 to 1."
                    ),
                ),
                (
                    "second_share",
                    models.FloatField(
                        help_text="How many decided components get a second, independent decision, always blind. A share, 0 to 1."
                    ),
                ),
                ("reason", models.CharField(help_text="Why the policy was set so.", max_length=500)),
                ("set_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "verbose_name_plural": "review policies",
                "ordering": ("-id",),
            },
        ),
        migrations.CreateModel(
            name="Route",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("uncertain", "uncertain score"),
                            ("audit", "random audit"),
                            ("stopped", "automatic labelling was stopped"),
                            ("question", "a technician asks"),
                            ("second", "second opinion"),
                        ],
                        max_length=16,
                    ),
                ),
                ("score", models.FloatField(blank=True, null=True)),
                ("threshold", models.FloatField(blank=True, null=True)),
                (
                    "probability",
                    models.FloatField(
                        blank=True,
                        help_text="With which probability a person was to look, fixed before the draw.",
                        null=True,
                    ),
                ),
                ("note", models.CharField(blank=True, help_text="What was asked.", max_length=2000)),
                ("at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "ordering": ("id",),
            },
        ),
        migrations.CreateModel(
            name="StopSwitch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("stopped", models.BooleanField()),
                ("reason", models.CharField(max_length=500)),
                ("set_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "verbose_name_plural": "stop switch",
                "ordering": ("-id",),
            },
        ),
        migrations.AlterField(
            model_name="label",
            name="description",
            field=models.ForeignKey(
                help_text="The text that was labelled.",
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="components.description",
            ),
        ),
        migrations.CreateModel(
            name="Claim",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("lease", models.UUIDField(unique=True)),
                ("claimed_at", models.DateTimeField(auto_now_add=True)),
                (
                    "officer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
            },
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("confirm", "confirmed"),
                            ("override", "overrode"),
                            ("label", "labelled"),
                            ("escalate", "could not decide"),
                            ("ask", "asked the technician"),
                            ("undo", "undid the decision"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "value",
                    models.CharField(
                        blank=True,
                        choices=[("compliant", "compliant"), ("non-compliant", "non-compliant")],
                        help_text="The label given; empty where none was.",
                        max_length=16,
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=2000)),
                ("role", models.CharField(help_text="The officer's roles when deciding.", max_length=200)),
                ("blind", models.BooleanField(help_text="Whether the model's answer was hidden until the decision.")),
                ("seconds", models.FloatField(help_text="How long the officer had it before the eyes.")),
                ("decided_at", models.DateTimeField(auto_now_add=True)),
                (
                    "component",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="decisions", to="components.component"
                    ),
                ),
                (
                    "description",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="components.description"
                    ),
                ),
                (
                    "feedback",
                    models.OneToOneField(
                        blank=True,
                        help_text="The truth it gave to the prediction under review, or took back.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="mlops.feedback",
                    ),
                ),
                (
                    "officer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "regulation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="components.regulation"
                    ),
                ),
                (
                    "undoes",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="undone_by",
                        to="components.decision",
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
            },
        ),
        migrations.CreateModel(
            name="Answer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.CharField(max_length=2000)),
                ("answered_at", models.DateTimeField(auto_now_add=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "question",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="answer", to="components.decision"
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
            },
        ),
        migrations.AddField(
            model_name="label",
            name="decision",
            field=models.ForeignKey(
                blank=True,
                help_text="The officer's decision that gave it, or that brought it back.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="components.decision",
            ),
        ),
        migrations.AddConstraint(
            model_name="label",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("source", "officer"), _negated=True), ("decision__isnull", False), _connector="OR"
                ),
                name="label_of_an_officer_has_its_decision",
            ),
        ),
        migrations.AddField(
            model_name="decision",
            name="reason_code",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="components.reasoncode",
            ),
        ),
        migrations.AddField(
            model_name="review",
            name="component",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="reviews", to="components.component"
            ),
        ),
        migrations.AddField(
            model_name="review",
            name="description",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="components.description"
            ),
        ),
        migrations.AddField(
            model_name="review",
            name="holder",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="review",
            name="prediction",
            field=models.ForeignKey(
                blank=True,
                help_text="The prediction under review; empty where no model was asked.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="mlops.prediction",
            ),
        ),
        migrations.AddField(
            model_name="decision",
            name="review",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="decisions", to="components.review"
            ),
        ),
        migrations.AddField(
            model_name="claim",
            name="review",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="claims", to="components.review"
            ),
        ),
        migrations.AddField(
            model_name="reviewpolicy",
            name="set_by",
            field=models.ForeignKey(
                blank=True,
                help_text="Empty for the policy that the application came with.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="route",
            name="by",
            field=models.ForeignKey(
                blank=True,
                help_text="Who asked; empty where the rule decided.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="route",
            name="policy",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="components.reviewpolicy",
            ),
        ),
        migrations.AddField(
            model_name="route",
            name="review",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="routes", to="components.review"
            ),
        ),
        migrations.AddField(
            model_name="stopswitch",
            name="set_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddIndex(
            model_name="review",
            index=models.Index(
                condition=models.Q(("state", "open")),
                fields=["-escalated", "-risk", "-uncertainty", "id"],
                name="review_queue",
            ),
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ("open", "asked"))), fields=("component",), name="review_one_at_a_time"
            ),
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("holder", None), ("lease", None), ("leased_until", None)),
                    models.Q(("holder__isnull", False), ("lease__isnull", False), ("leased_until__isnull", False)),
                    _connector="OR",
                ),
                name="review_lease_is_whole",
            ),
        ),
        migrations.AddIndex(
            model_name="decision",
            index=models.Index(fields=["officer", "-decided_at"], name="decision_by_officer"),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("outcome__in", ("confirm", "override", "label")), ("value__in", ["compliant", "non-compliant"])
                    ),
                    models.Q(("outcome__in", ("escalate", "ask", "undo")), ("value", "")),
                    _connector="OR",
                ),
                name="decision_value_follows_from_outcome",
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("outcome", "undo"), ("undoes__isnull", False)),
                    models.Q(models.Q(("outcome", "undo"), _negated=True), ("undoes", None)),
                    _connector="OR",
                ),
                name="decision_undo_names_what_it_undoes",
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewpolicy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("uncertain_from__gte", 0),
                    ("uncertain_from__lte", models.F("uncertain_to")),
                    ("uncertain_to__lte", 1),
                ),
                name="policy_band_within_0_and_1",
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewpolicy",
            constraint=models.CheckConstraint(
                condition=models.Q(("audit_share__gte", 0), ("audit_share__lte", 1)),
                name="policy_audit_share_between_0_and_1",
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewpolicy",
            constraint=models.CheckConstraint(
                condition=models.Q(("blind_share__gte", 0), ("blind_share__lte", 1)),
                name="policy_blind_share_between_0_and_1",
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewpolicy",
            constraint=models.CheckConstraint(
                condition=models.Q(("second_share__gte", 0), ("second_share__lte", 1)),
                name="policy_second_share_between_0_and_1",
            ),
        ),
    ]
