"""What tests of the runtime are given."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.runtime.staged import Stage


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    stage = Stage(tmp_path)
    yield stage
    assert stage.watcher.stop(timeout=10)
