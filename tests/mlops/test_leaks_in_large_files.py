"""A data set larger than memory is looked through as well: no more than a row of it is held at once."""

import tracemalloc
from pathlib import Path

import pytest

from mlops.services.datasets import register_dataset
from mlops.services.leaks import search
from tests.mlops.measured import REGULATION, add_plain_set, install, plain_texts
from tests.mlops.shelved import Shelf

pytestmark = pytest.mark.usefixtures("no_champion")

ROWS, CHARACTERS = 4_000, 4_000
MIB = 1024**2


def test_a_file_is_looked_through_a_row_at_a_time(shelf: Shelf, tmp_path: Path) -> None:
    file, stolen = tmp_path / "training.csv", plain_texts()[0][0]
    rows = (f'"{number}: {"x" * CHARACTERS}",0\n' for number in range(ROWS))
    file.write_text("".join(["text,label\n", *rows, f'"{stolen}",1\n']))
    assert file.stat().st_size > 15 * MIB
    dataset = register_dataset(file, name="large", version="1", regulation=REGULATION, by=None)
    version, plain_set = install(tmp_path, "1", lineage={"data_digest": dataset.digest}), add_plain_set()

    tracemalloc.start()
    try:
        found = search(version, plain_set)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert (found.texts, found.found) == (ROWS + 1, 1)
    assert peak < 5 * MIB
