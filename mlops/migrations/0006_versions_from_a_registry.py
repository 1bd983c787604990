"""What is known of versions in a registry, how far each has come, and what was measured of them here."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("mlops", "0005_ledgers_are_append_only"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Dataset",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=64)),
                ("version", models.CharField(max_length=32)),
                ("digest", models.CharField(help_text="sha256: of the CSV file.", max_length=71, unique=True)),
                ("regulation_code", models.CharField(blank=True, max_length=64)),
                ("rows", models.PositiveIntegerField()),
                ("counts", models.JSONField(help_text="Rows by label.")),
                (
                    "recipe",
                    models.JSONField(
                        blank=True, default=dict, help_text="What the generator was told; empty: uploaded."
                    ),
                ),
                ("registry", models.CharField(help_text="local, azureml or mlflow.", max_length=16)),
                ("source", models.TextField(help_text="Where the file lies, in the registry's words.")),
                ("registered_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "ordering": ("-id",),
            },
        ),
        migrations.CreateModel(
            name="Denial",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "pattern",
                    models.CharField(
                        help_text="A bundle's digest (sha256:…), or name:version as it is registered.",
                        max_length=160,
                        unique=True,
                    ),
                ),
                ("reason", models.TextField(help_text="Why, for those who come after.")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "ordering": ("pattern",),
            },
        ),
        migrations.CreateModel(
            name="Evaluation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "results",
                    models.JSONField(
                        help_text="Accuracy, recall of non-compliant, calibration error, latency, each with its 95 % interval; bytes."
                    ),
                ),
                (
                    "labels",
                    models.TextField(help_text="A digit a text, in the set's order: the label that the version gave."),
                ),
                (
                    "leaks",
                    models.JSONField(
                        default=dict,
                        help_text="How it was looked for texts of the set in what it was trained on, and how many stood there.",
                    ),
                ),
                ("seconds", models.FloatField()),
                ("at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "ordering": ("-id",),
            },
        ),
        migrations.CreateModel(
            name="EvaluationSet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("regulation_code", models.CharField(max_length=64)),
                (
                    "version",
                    models.PositiveIntegerField(help_text="Counts up for each regulation; the highest is measured on."),
                ),
                (
                    "digest",
                    models.CharField(help_text="sha256: of the samples in canonical form.", max_length=71, unique=True),
                ),
                (
                    "samples",
                    models.JSONField(
                        help_text="A list of [text, label, kind]; the label is 0 compliant, 1 non-compliant."
                    ),
                ),
                ("rows", models.PositiveIntegerField()),
                ("counts", models.JSONField(help_text="Rows by label and by kind.")),
                ("origin", models.TextField(help_text="Where the texts come from, in a sentence.")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "ordering": ("regulation_code", "-version"),
            },
        ),
        migrations.CreateModel(
            name="Ranking",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("regulation_code", models.CharField(max_length=64)),
                ("policy", models.JSONField(help_text="The floors and margins that were applied.")),
                (
                    "verdicts",
                    models.JSONField(
                        help_text='A list of {"version", "digest", "verdict", "reasons"}, best first: why each was or was not chosen.'
                    ),
                ),
                ("at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "ordering": ("-id",),
            },
        ),
        migrations.CreateModel(
            name="RegistrySync",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("registry", models.CharField(max_length=16)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("complete", "Complete"),
                            ("denied", "Denied"),
                            ("unavailable", "Unavailable"),
                            ("failed", "Failed"),
                        ],
                        max_length=16,
                    ),
                ),
                ("problem", models.TextField(blank=True, help_text="The sentence of the failure.")),
                ("seen", models.PositiveIntegerField(default=0, help_text="Versions that the registry listed.")),
                ("added", models.PositiveIntegerField(default=0, help_text="Versions that were new here.")),
                (
                    "unreadable",
                    models.JSONField(
                        blank=True, default=list, help_text="A sentence for each entry that is none of ours."
                    ),
                ),
                ("started_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField()),
            ],
            options={
                "ordering": ("-id",),
            },
        ),
        migrations.CreateModel(
            name="Transition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "from_state",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("registered", "registered"),
                            ("fetched", "fetched"),
                            ("verified", "verified"),
                            ("candidate", "candidate"),
                            ("rejected", "rejected"),
                            ("archived", "archived"),
                        ],
                        help_text="Empty: it became known.",
                        max_length=16,
                    ),
                ),
                (
                    "to_state",
                    models.CharField(
                        choices=[
                            ("registered", "registered"),
                            ("fetched", "fetched"),
                            ("verified", "verified"),
                            ("candidate", "candidate"),
                            ("rejected", "rejected"),
                            ("archived", "archived"),
                        ],
                        max_length=16,
                    ),
                ),
                ("reason", models.TextField(help_text="A sentence.")),
                ("at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "ordering": ("-id",),
            },
        ),
        migrations.CreateModel(
            name="Verification",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("passed", models.BooleanField()),
                (
                    "checks",
                    models.JSONField(
                        help_text='A list of {"name", "passed", "detail"} in the order they were made; the first failure ends it.'
                    ),
                ),
                ("seconds", models.FloatField(help_text="Wall time of the process.")),
                (
                    "peak_bytes",
                    models.BigIntegerField(help_text="The most memory the process had, 0 where it could not be told."),
                ),
                ("at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "ordering": ("-id",),
            },
        ),
        migrations.AlterModelOptions(
            name="modelversion",
            options={
                "ordering": ("-registered_at", "-id"),
                "permissions": (
                    ("sync_registry", "Can bring the list of model versions up to date"),
                    ("fetch_modelversion", "Can fetch a model version's files"),
                    ("verify_modelversion", "Can have a model version verified"),
                    ("evaluate_modelversion", "Can have model versions measured and ranked"),
                    ("reject_modelversion", "Can reject a model version"),
                    ("archive_modelversion", "Can archive a model version"),
                ),
            },
        ),
        migrations.AddField(
            model_name="modelversion",
            name="bytes",
            field=models.BigIntegerField(blank=True, help_text="Size of all its files.", null=True),
        ),
        migrations.AddField(
            model_name="modelversion",
            name="created_at",
            field=models.DateTimeField(blank=True, help_text="When it was registered, by the registry.", null=True),
        ),
        migrations.AddField(
            model_name="modelversion",
            name="lineage",
            field=models.JSONField(
                blank=True,
                default=dict,
                help_text="Data digest and counts, code commit, configuration, by the registry.",
            ),
        ),
        migrations.AddField(
            model_name="modelversion",
            name="metrics",
            field=models.JSONField(
                blank=True, default=dict, help_text="The figures that stand in the registry: claims."
            ),
        ),
        migrations.AddField(
            model_name="modelversion",
            name="registry",
            field=models.CharField(
                blank=True, help_text="local, azureml or mlflow. Empty: installed here from a directory.", max_length=16
            ),
        ),
        migrations.AddField(
            model_name="modelversion",
            name="registry_version",
            field=models.CharField(blank=True, help_text="The number the registry gave it.", max_length=64),
        ),
        migrations.AddField(
            model_name="modelversion",
            name="regulation_code",
            field=models.CharField(blank=True, help_text="The regulation it was trained for.", max_length=64),
        ),
        migrations.AddField(
            model_name="modelversion",
            name="signature",
            field=models.TextField(blank=True, help_text="Its signature, where the registry has one."),
        ),
        migrations.AddField(
            model_name="modelversion",
            name="source",
            field=models.TextField(blank=True, help_text="Where its files lie, in the registry's words."),
        ),
        migrations.AddField(
            model_name="modelversion",
            name="state",
            field=models.CharField(
                choices=[
                    ("registered", "registered"),
                    ("fetched", "fetched"),
                    ("verified", "verified"),
                    ("candidate", "candidate"),
                    ("rejected", "rejected"),
                    ("archived", "archived"),
                ],
                default="registered",
                max_length=16,
            ),
        ),
        migrations.AddField(
            model_name="modelversion",
            name="tags",
            field=models.JSONField(blank=True, default=dict, help_text="The tags that stand in the registry."),
        ),
        migrations.AlterField(
            model_name="modelversion",
            name="manifest",
            field=models.JSONField(
                blank=True, default=dict, help_text="The bundle's manifest: metrics, lineage, threshold, files."
            ),
        ),
        migrations.AlterField(
            model_name="modelversion",
            name="registered_at",
            field=models.DateTimeField(auto_now_add=True, help_text="When it became known here."),
        ),
        migrations.AddConstraint(
            model_name="modelversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["registered", "fetched", "verified", "candidate", "rejected", "archived"])
                ),
                name="model_version_state_known",
            ),
        ),
        migrations.AddField(
            model_name="dataset",
            name="registered_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="evaluation",
            name="model_version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="evaluations", to="mlops.modelversion"
            ),
        ),
        migrations.AddConstraint(
            model_name="evaluationset",
            constraint=models.UniqueConstraint(
                fields=("regulation_code", "version"), name="evaluation_set_version_unique"
            ),
        ),
        migrations.AddField(
            model_name="evaluation",
            name="evaluation_set",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="evaluations", to="mlops.evaluationset"
            ),
        ),
        migrations.AddField(
            model_name="ranking",
            name="by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="ranking",
            name="candidate",
            field=models.ForeignKey(
                blank=True,
                help_text="Empty: no change.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="mlops.modelversion",
            ),
        ),
        migrations.AddField(
            model_name="ranking",
            name="champion",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="mlops.modelversion",
            ),
        ),
        migrations.AddField(
            model_name="registrysync",
            name="by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="transition",
            name="by",
            field=models.ForeignKey(
                blank=True,
                help_text="Empty where the application did it by its rules.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="transition",
            name="model_version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="transitions", to="mlops.modelversion"
            ),
        ),
        migrations.AddField(
            model_name="verification",
            name="model_version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="verifications", to="mlops.modelversion"
            ),
        ),
        migrations.AddConstraint(
            model_name="dataset",
            constraint=models.UniqueConstraint(fields=("name", "version"), name="dataset_name_version_unique"),
        ),
    ]
