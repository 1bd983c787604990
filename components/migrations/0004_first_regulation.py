"""The rule that the starter model was trained for."""

from datetime import date

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

CODE = "TREY-2019-1"


def enter(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    apps.get_model("components", "Regulation").objects.using(schema_editor.connection.alias).create(
        code=CODE,
        title="Age, condition and material of connected-car components",
        text=(
            "A component is non-compliant if it was made before 1995, or is in fair or poor condition, "
            "or is made of plastic or iron. Otherwise it is compliant."
        ),
        effective_on=date(2019, 1, 1),
    )


def remove(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    apps.get_model("components", "Regulation").objects.using(schema_editor.connection.alias).filter(code=CODE).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("components", "0003_search_index_on_postgresql"),
    ]

    operations = [migrations.RunPython(enter, remove)]
