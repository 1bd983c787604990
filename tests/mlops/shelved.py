"""Bundles in a real registry of this installation, a directory, and the versions they are here."""

import json
from pathlib import Path

from pytest_django import Settings

from mlops.contracts import VersionState
from mlops.models import ModelVersion
from mlops.services.lifecycle import move
from mlops.services.registry import register_bundle
from mlops.services.syncing import sync
from tests.bundles import write_tiny_bundle


class Shelf:
    """The registry's directory, and the model directory that its versions are fetched to."""

    def __init__(self, root: Path) -> None:
        self.registry = root / "registry"
        self.models = root / "models"
        self._bundles = root / "bundles"
        self._bundles.mkdir()

    def put(self, version: str = "1", *, sign_with: Path | None = None, **parts: object) -> ModelVersion:
        """A tiny bundle of these parts, registered and known here."""
        bundle = write_tiny_bundle(self._bundles / version, version=version, **parts)
        register_bundle(bundle, sign_with=sign_with, by=None)
        sync()
        return ModelVersion.objects.get(name="tiny", version=version)

    def files(self, version: str = "1") -> Path:
        """Where the registry keeps the bundle's files."""
        return self.registry / "tiny" / version / "bundle"

    def claim(self, version: str = "1", **changes: object) -> None:
        """Have the registry say something else of the version."""
        metadata = self.registry / "tiny" / version / "metadata.json"
        metadata.write_text(json.dumps({**json.loads(metadata.read_bytes()), **changes}))

    def visible(self) -> list[str]:
        """What is to be seen in the model directory."""
        return sorted(path.name for path in self.models.iterdir()) if self.models.exists() else []


def shelf_of(settings: Settings, tmp_path: Path) -> Shelf:
    """A registry of this test, which the settings name."""
    shelf = Shelf(tmp_path)
    settings.MODEL_DIR, settings.REGISTRY_DIR = shelf.models, shelf.registry
    settings.REGISTRY, settings.REGISTRY_MODEL = "local", "tiny"
    return shelf


def brought_to(version: ModelVersion, *states: VersionState) -> ModelVersion:
    """The version, moved through these states without their work."""
    for state in states:
        version = move(version, state, reason="For a test.", by=None)
    return version
