"""How versions came along and what was measured of them is never changed."""

from django.db import migrations

from audit.operations import AdoptRows, AppendOnly


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0001_the_chain_of_events"),
        ("mlops", "0007_first_transitions"),
    ]

    operations = [
        AdoptRows("Transition"),
        AppendOnly("Transition"),
        AppendOnly("Verification"),
        AppendOnly("EvaluationSet"),
        AppendOnly("Evaluation"),
        AppendOnly("Ranking"),
        AppendOnly("Dataset"),
    ]
