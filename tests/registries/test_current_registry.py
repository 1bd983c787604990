"""The settings name one registry, which is made once, and says what is missing to make it."""

import subprocess
import sys
from pathlib import Path

import pytest
from pytest_django import Settings

from mlops.exceptions import RegistryError
from mlops.registries.local import LocalRegistry
from mlops.services import registry
from tests.at_once import at_once
from tests.bundles import write_tiny_bundle
from tests.services import ROOT


def test_it_is_the_one_of_the_settings(registry_dir: Path, tmp_path: Path) -> None:
    found = registry.current()

    found.register(write_tiny_bundle(tmp_path / "bundle"))
    assert isinstance(found, LocalRegistry)
    assert (registry_dir / "tiny" / "1").is_dir()


def test_it_is_made_once_while_the_settings_are_the_same(registry_dir: Path, settings: Settings) -> None:
    first = registry.current()

    assert registry.current() is first
    settings.REGISTRY_MODEL = "another"
    assert registry.current() is not first


def test_threads_that_ask_at_once_get_the_same(registry_dir: Path) -> None:
    registry.forget()

    found = at_once(*[registry.current] * 8)

    assert len({id(one) for one in found}) == 1


def test_it_is_made_anew_once_forgotten(registry_dir: Path) -> None:
    first = registry.current()

    registry.forget()

    assert registry.current() is not first


@pytest.mark.parametrize(("kind", "setting"), [("azureml", "AZURE_SUBSCRIPTION_ID"), ("mlflow", "MLFLOW_TRACKING_URI")])
def test_a_registry_whose_settings_are_empty_says_which(settings: Settings, kind: str, setting: str) -> None:
    settings.REGISTRY = kind

    with pytest.raises(RegistryError, match=rf"{setting}.*[.]$"):
        registry.current()


def test_the_service_loads_no_client_library_of_a_cloud() -> None:
    program = """
import django, os, sys
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "trey_compliance.settings")
django.setup()
from mlops.services import datasets, registry
registry.current().versions()
print([name for name in ("azure", "mlflow", "torch", "mlops.training") if name in sys.modules])
"""
    run = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)

    assert run.stdout == "[]\n"
