"""What was predicted, and what people said of it, is never changed."""

from django.db import migrations

from audit.operations import AdoptRows, AppendOnly


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0001_the_chain_of_events"),
        ("mlops", "0004_explanations"),
    ]

    operations = [
        AdoptRows("Prediction"),
        AdoptRows("Feedback"),
        AppendOnly("Prediction"),
        AppendOnly("Feedback"),
    ]
