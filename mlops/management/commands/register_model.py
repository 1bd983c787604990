"""Put a bundle into the registry that the settings name."""

import argparse
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from mlops.exceptions import ModelError
from mlops.services.registry import register_bundle


class Command(BaseCommand):
    help = (
        "Register a bundle as a version of REGISTRY_MODEL in the registry that the settings name. Changes nothing when "
        "run again. Nothing is fetched, verified or deployed by it."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("bundle", type=Path, help="a bundle's directory")
        parser.add_argument(
            "--tag", dest="tags", action="append", type=_tag, default=[], metavar="KEY=VALUE", help="may be repeated"
        )
        parser.add_argument("--sign-with", type=Path, metavar="KEY", help="a file with an Ed25519 private key in PEM")

    def handle(
        self, *args: object, bundle: Path, tags: list[tuple[str, str]], sign_with: Path | None, **options: object
    ) -> None:
        if len(dict(tags)) < len(tags):
            raise CommandError("Each tag may be given once: leave one of the two out.")
        try:
            registered = register_bundle(bundle, tags=dict(tags), sign_with=sign_with, by=None)
        except (ModelError, OSError) as error:
            raise CommandError(f"The bundle is not registered. {error}") from error
        if dict(registered.tags) != dict(tags) or bool(sign_with) > bool(registered.signature):
            self.stderr.write(f"{registered} was registered before; its tags and its signature stay as they were.")
        self.stdout.write(f"{registered} {registered.digest}")


def _tag(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not equals:
        raise argparse.ArgumentTypeError(f"{text!r} is no tag: write it as KEY=VALUE")
    return key, value
