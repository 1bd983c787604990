"""Write down where the chain of events stands."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from audit import anchors
from audit.exceptions import AnchorNotWritten


class Command(BaseCommand):
    help = "Append the position and digest of the last event to the file of AUDIT_ANCHORS, and print them."

    def handle(self, *args: object, **options: object) -> None:
        try:
            anchor = anchors.take(Path(settings.AUDIT_ANCHORS))
        except AnchorNotWritten as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{anchor.position} {anchor.digest}")
