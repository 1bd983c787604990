"""Train a model and pack it as a bundle."""

import argparse
import importlib.util
from dataclasses import replace
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from mlops.exceptions import ModelError

NEEDED = ("torch", "transformers", "sklearn", "onnx")


class Command(BaseCommand):
    help = (
        "Train a model as a configuration says, and pack it as a bundle with its card, golden samples and reference "
        "distributions. The same configuration goes on where an interrupted run left off."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--config", type=Path, help="a JSON configuration; else that of the starter model")
        parser.add_argument(
            "--out", type=Path, default=Path("var/trained"), help="the bundle's directory, not there yet"
        )
        parser.add_argument("--seed", type=int, help="instead of the configuration's seed")
        parser.add_argument("--quick", action="store_true", help="a tiny model in under a minute, to try the way")

    def handle(
        self, *args: object, config: Path | None, out: Path, seed: int | None, quick: bool, **options: object
    ) -> None:
        if missing := [name for name in NEEDED if importlib.util.find_spec(name) is None]:
            raise CommandError(f"Training needs {', '.join(missing)}: run `make train-setup` first.")
        if config and quick:
            raise CommandError("Give either --config or --quick: --quick has a configuration of its own.")
        # Importing PyTorch takes seconds: not before it is certain to be needed.
        from mlops.training import pipeline
        from mlops.training.config import QUICK, STARTER, TrainingConfig

        try:
            chosen = TrainingConfig.load(config or (QUICK if quick else STARTER))
            if seed is not None:
                chosen = replace(chosen, seed=seed)
            bundle = pipeline.train(chosen, out, self.stdout.write)
        except (ModelError, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Packed {bundle.model_version} at {out} ({bundle.digest}).")
