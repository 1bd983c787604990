"""Say whether a bundle would be let in, without registering it."""

import argparse
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from mlops.exceptions import CannotExamine, ModelError
from mlops.runtime import bundle as bundles
from mlops.runtime.examiner import Examination, examine
from mlops.services.fetching import require_trusted
from mlops.services.verification import limits

UNDECIDED = 2


class Command(BaseCommand):
    help = (
        "Open a bundle in a process of its own and make every check that a version from the registry must pass. "
        "Changes nothing; ends with status 1 at the first check that fails, with 2 where this machine cannot tell."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("directory", type=Path, help="a bundle's directory")
        parser.add_argument(
            "--signature", default="", help="its signature, to be one of a signer in BUNDLE_SIGNERS; base64"
        )

    def handle(self, *args: object, directory: Path, signature: str, **options: object) -> None:
        try:
            bundle = bundles.check(directory)
            if signature and not settings.BUNDLE_SIGNERS:
                raise CommandError("A signature proves nothing without signers: set BUNDLE_SIGNERS.")
            require_trusted(bundle.digest, signature)
            examination = examine(directory, bundle.digest, limits=limits())
        except CannotExamine as error:
            raise CommandError(str(error), returncode=UNDECIDED) from error
        except ModelError as error:
            raise CommandError(f"{directory} is refused: {error}") from error
        except OSError as error:
            raise CommandError(f"{directory} cannot be read: {error.strerror or error}.") from error
        self._show(examination)
        if not examination.passed:
            raise CommandError(f"{bundle.model_version} is refused. {examination.problem}")
        self.stdout.write(
            f"{bundle.model_version} ({bundle.digest}) passed: {examination.seconds:.1f} s, "
            f"{examination.peak_bytes / 1024**2:.0f} MiB at most."
        )

    def _show(self, examination: Examination) -> None:
        for check in examination.checks:
            self.stdout.write(f"{'passed' if check.passed else 'FAILED'}  {check.name}: {check.detail}")
