"""Give an installation without a champion the model that ships with it."""

import argparse
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from mlops.exceptions import ChampionDamaged, ModelError
from mlops.models import Deployment
from mlops.services.evaluation_sets import ensure_evaluation_sets
from mlops.services.first_champion import ensure_champion
from mlops.services.installing import STARTER_BUNDLE

CHAMPION_DAMAGED = 3
"""The exit status that tells a supervisor: a champion is deployed, but its files are not sound here."""


class Command(BaseCommand):
    help = (
        "Register a bundle and make it the champion where none is deployed; where one is, see that its files are "
        "sound, and bring them back if they are those of the bundle. Add the evaluation sets that ship. Changes "
        "nothing when run again."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "bundle", nargs="?", type=Path, default=STARTER_BUNDLE, help="a bundle's directory; else the starter model"
        )

    def handle(self, *args: object, bundle: Path, **options: object) -> None:
        deployed = Deployment.objects.champion().exists()
        ensure_evaluation_sets()
        try:
            version = ensure_champion(bundle)
        except ChampionDamaged as error:
            raise CommandError(str(error), returncode=CHAMPION_DAMAGED) from error
        except (ModelError, OSError) as error:
            raise CommandError(f"The model cannot be installed: {error}") from error
        self.stdout.write(f"The champion is {version}." if deployed else f"{version} is now the champion.")
