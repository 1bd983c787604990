"""Generated descriptions as a CSV file, the form in which data sets are registered."""

import csv
from pathlib import Path

from mlops.training.dataset.examples import generate


def write_csv(path: Path, *, size: int, seed: int) -> None:
    """Write `size` examples in the columns text, label and kind; the same size and seed give the same bytes.

    Raises OSError; FileExistsError where something is at `path` already.
    """
    with path.open("x", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(("text", "label", "kind"))
        rows.writerows((example.text, example.label, example.kind) for example in generate(size, seed=seed))
