"""Versions that were installed before there were states had been found sound, as those still are that are installed."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

REASON = "Installed here from a directory, and found sound."


def state_what_was_found(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    versions = apps.get_model("mlops", "ModelVersion")
    transitions = apps.get_model("mlops", "Transition")
    for version in versions.objects.order_by("pk"):
        manifest = version.manifest
        version.state = "verified"
        version.regulation_code = manifest.get("regulation", "")
        version.bytes = sum(entry["bytes"] for entry in manifest.get("files", {}).values())
        version.lineage = manifest.get("lineage", {})
        version.save(update_fields=["state", "regulation_code", "bytes", "lineage"])
        if not transitions.objects.filter(model_version=version).exists():
            transitions.objects.create(model_version=version, from_state="", to_state="verified", reason=REASON)


class Migration(migrations.Migration):
    dependencies = [("mlops", "0006_versions_from_a_registry")]

    operations = [migrations.RunPython(state_what_was_found, migrations.RunPython.noop)]
