"""From here on every ledger's rows are named by an event, and the database refuses to change them."""

from django.db import migrations

from audit.operations import AdoptRows, AppendOnly

LEDGERS = ("Description", "Label", "ReviewPolicy", "Route", "Claim", "Decision", "Answer", "StopSwitch")


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0001_the_chain_of_events"),
        ("components", "0008_first_policy_and_reason_codes"),
    ]

    operations = [
        *(AdoptRows(name) for name in LEDGERS),
        *(AppendOnly(name) for name in LEDGERS),
    ]
