"""How components are routed until an admin says otherwise, and the reasons officers may give."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

CODES = {
    "misread-year": "The year was misread",
    "misread-condition": "The condition was misread",
    "misread-material": "The material was misread",
    "negation": "A negation or contrast was missed",
    "other-thing": "It judged another thing than the one described",
    "wording": "Words it does not know",
    "not-in-text": "Known to the officer, but not in the text",
    "other": "Something else: see the note",
}


def enter(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    alias = schema_editor.connection.alias
    apps.get_model("components", "ReviewPolicy").objects.using(alias).create(
        uncertain_from=0.1,
        uncertain_to=0.9,
        audit_share=0.05,
        blind_share=0.3,
        second_share=0.02,
        reason="The policy that the application comes with.",
    )
    reason_codes = apps.get_model("components", "ReasonCode").objects.using(alias)
    reason_codes.bulk_create(reason_codes.model(code=code, title=title) for code, title in CODES.items())


def remove(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    alias = schema_editor.connection.alias
    apps.get_model("components", "ReviewPolicy").objects.using(alias).filter(set_by=None).delete()
    apps.get_model("components", "ReasonCode").objects.using(alias).filter(code__in=CODES).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("components", "0007_reviews_and_decisions"),
    ]

    operations = [migrations.RunPython(enter, remove)]
