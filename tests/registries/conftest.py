from pathlib import Path

import pytest
from pytest_django import Settings


@pytest.fixture
def registry_dir(settings: Settings, tmp_path: Path) -> Path:
    """The directory of the registry that the settings name, of versions of `tiny`; it is not there yet."""
    settings.REGISTRY, settings.REGISTRY_MODEL = "local", "tiny"
    settings.REGISTRY_DIR = tmp_path / "registry"
    return tmp_path / "registry"
