"""The files of a registered version come whole and proven, or nothing of them is to be seen."""

import os
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import Settings

from audit.models import Event
from mlops.contracts import VersionState
from mlops.exceptions import Denied, InvalidTransition, NoRoom, RegistryError, VersionNotFound
from mlops.models import Denial, ModelVersion
from mlops.runtime.bundle import FILES, read
from mlops.services import registry
from mlops.services.fetching import fetch
from mlops.services.lifecycle import move
from mlops.services.registry import register_bundle
from mlops.services.serving import bundle_path
from mlops.services.syncing import sync
from tests.bundles import reseal, write_tiny_bundle

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def model_dir(settings: Settings, tmp_path: Path) -> Path:
    settings.MODEL_DIR = tmp_path / "models"
    settings.REGISTRY_DIR = tmp_path / "registry"
    settings.REGISTRY_MODEL = "tiny"
    return tmp_path / "models"


def registered(tmp_path: Path, version: str = "1") -> ModelVersion:
    """A tiny bundle, in the registry and known here."""
    register_bundle(write_tiny_bundle(tmp_path / f"bundle-{version}", version=version), by=None)
    sync()
    return ModelVersion.objects.get(version=version)


def in_registry(tmp_path: Path, version: str = "1") -> Path:
    return tmp_path / "registry" / "tiny" / version / "bundle"


def test_a_version_is_fetched_with_what_its_bundle_says_of_itself(tmp_path: Path, model_dir: Path) -> None:
    version = fetch(registered(tmp_path))

    assert version.state == VersionState.FETCHED
    assert version.manifest["calibration"] == {"method": "platt", "scale": 1.0, "offset": 0.0}
    assert version.card.startswith("# tiny")
    assert version.bytes == sum((in_registry(tmp_path) / name).stat().st_size for name in FILES)
    assert read(bundle_path(version.digest), expected_digest=version.digest)
    assert list(model_dir.iterdir()) == [bundle_path(version.digest)]
    assert Event.objects.get(action="version_fetched").after["version"] == "tiny:1"
