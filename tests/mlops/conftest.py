"""What tests of the model platform may ask for besides."""

from pathlib import Path

import pytest
from pytest_django import Settings

from tests.mlops.shelved import Shelf, shelf_of


@pytest.fixture
def shelf(settings: Settings, tmp_path: Path) -> Shelf:
    """A real registry in a directory, which is this installation's, and its model directory."""
    return shelf_of(settings, tmp_path)
