"""Put a data set for training into the registry that the settings name."""

import argparse
import tempfile
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from mlops.exceptions import ModelError
from mlops.services.datasets import register_dataset

MOST_ROWS = 10_000_000


class Command(BaseCommand):
    help = (
        "Register a CSV file of the columns text and label (0 compliant, 1 non-compliant), or generated texts, as a "
        "version of a data set. A model that is trained on the very file points at it by its digest. Changes nothing "
        "when run again."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("name", help="such as workshop-notes")
        parser.add_argument("version", help="such as 1, or 2026-11")
        parser.add_argument("--regulation", required=True, help="the code of the regulation that its labels go by")
        source = parser.add_mutually_exclusive_group(required=True)
        source.add_argument("--csv", type=Path, metavar="FILE", help="the file to register")
        source.add_argument("--generate", type=_rows, metavar="ROWS", help="generate so many texts, half of each label")
        parser.add_argument("--seed", type=int, default=2019, help="of the generated texts; the same gives the same")
        parser.add_argument("--out", type=Path, metavar="FILE", help="keep the generated file here too")

    def handle(
        self,
        *args: object,
        name: str,
        version: str,
        regulation: str,
        csv: Path | None,
        generate: int | None,
        seed: int,
        out: Path | None,
        **options: object,
    ) -> None:
        if csv and out:
            raise CommandError("--out is where generated texts are kept: leave it out with --csv.")
        try:
            with tempfile.TemporaryDirectory() as scratch:
                file = csv or out or Path(scratch) / "data.csv"
                recipe: dict[str, object] = {}
                if generate is not None:
                    recipe = {"rows": generate, "seed": seed}
                    _generate(file, size=generate, seed=seed)
                dataset = register_dataset(
                    file, name=name, version=version, regulation=regulation, recipe=recipe, by=None
                )
        except (ModelError, OSError) as error:
            raise CommandError(f"The data set is not registered. {error}") from error
        self.stdout.write(f"{dataset} {dataset.digest}\n{dataset.rows} rows, at {dataset.source}")


def _generate(file: Path, *, size: int, seed: int) -> None:
    from mlops.training.dataset.files import write_csv

    write_csv(file, size=size, seed=seed)


def _rows(text: str) -> int:
    rows = int(text)
    if not 1 <= rows <= MOST_ROWS:
        raise argparse.ArgumentTypeError(f"a data set has 1 to {MOST_ROWS:,} generated rows")
    return rows
