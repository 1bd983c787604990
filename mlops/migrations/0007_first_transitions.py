"""Versions that were installed before there were states had been found sound, as those still are that are installed."""

import json
from typing import Any

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

REASON = "Installed here from a directory, and found sound."
DIGEST_BYTES = 72


def state_what_was_found(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    versions = apps.get_model("mlops", "ModelVersion")
    transitions = apps.get_model("mlops", "Transition")
    for version in versions.objects.order_by("pk"):
        newest = transitions.objects.filter(model_version=version).order_by("-pk").first()
        if newest is not None:
            # It was here before: what became of it since is written there.
            version.state = newest.to_state
            version.save(update_fields=["state"])
            continue
        manifest = version.manifest
        version.state = "verified"
        version.regulation_code = manifest.get("regulation", "")
        version.bytes = size_of(manifest)
        version.lineage = manifest.get("lineage", {})
        version.save(update_fields=["state", "regulation_code", "bytes", "lineage"])
        transitions.objects.create(model_version=version, from_state="", to_state="verified", reason=REASON)


def size_of(manifest: dict[str, Any]) -> int:
    """Bytes of the seven files of a bundle: those that the manifest lists, itself as it is packed, and DIGEST."""
    packed = json.dumps(manifest, sort_keys=True, indent=2) + "\n"
    return sum(entry["bytes"] for entry in manifest.get("files", {}).values()) + len(packed.encode()) + DIGEST_BYTES


class Migration(migrations.Migration):
    dependencies = [("mlops", "0006_versions_from_a_registry")]

    operations = [migrations.RunPython(state_what_was_found, migrations.RunPython.noop)]
