from pathlib import Path

import pytest
from pytest_django import Settings

from audit.models import Event


@pytest.fixture
def registry_dir(settings: Settings, tmp_path: Path) -> Path:
    """The directory of the registry that the settings name, of versions of `tiny`; it is not there yet."""
    settings.REGISTRY, settings.REGISTRY_MODEL = "local", "tiny"
    settings.REGISTRY_DIR = tmp_path / "registry"
    return tmp_path / "registry"


def dataset_events() -> list[Event]:
    """The events of data sets that became known."""
    return list(Event.objects.filter(action="dataset_registered"))
