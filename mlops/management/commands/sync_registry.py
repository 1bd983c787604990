"""Look at the registry now, in the foreground."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from mlops.exceptions import ModelError
from mlops.models import ModelVersion, Ranking, RegistrySync
from mlops.services import evaluation, ranking, syncing
from mlops.services.advancing import due


class Command(BaseCommand):
    help = (
        "Make known what the registry holds; with --and-fetch, fetch, verify, measure and rank it as the worker does."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--and-fetch", action="store_true", help="bring each version as far as it comes by itself")

    def handle(self, *args: Any, and_fetch: bool, **options: Any) -> None:
        looked = syncing.sync()
        if looked.outcome != RegistrySync.Outcome.COMPLETE:
            raise CommandError(f"The registry ({looked.registry}) cannot be read: {looked.problem}")
        self.stdout.write(
            f"The registry ({looked.registry}) lists {looked.seen} versions; {looked.added} are new here."
        )
        for sentence in looked.unreadable:
            self.stdout.write(f"  not a version: {sentence}")
        stuck = self._bring_on() if and_fetch else 0
        for version in ModelVersion.objects.order_by("pk").without_documents():
            withdrawn = "  not listed any more" if version.is_withdrawn else ""
            self.stdout.write(f"  {version}  {version.state}  {version.digest[:19]}{withdrawn}")
        if stuck:
            raise CommandError(f"{stuck} could not go on; what is the matter stands above.")

    def _bring_on(self) -> int:
        """Take every version through the steps that await it; how many could not be taken."""
        stuck = 0
        for step, version in due():
            try:
                step.take(version)
            except ModelError as error:
                stuck += 1
                self.stderr.write(f"  {version}: {error}")
        stuck += self._tell_unmeasured()
        self._rank()
        return stuck

    def _tell_unmeasured(self) -> int:
        """Say of each version that there is nothing to measure it on; how many there are."""
        unmeasured = list(ModelVersion.objects.without_evaluation_set())
        for version in unmeasured:
            try:
                evaluation.newest_set(version.regulation_code)
            except ModelError as error:
                self.stderr.write(f"  {version}: {error}")
        return len(unmeasured)

    def _rank(self) -> None:
        """Decide for each regulation, and say what was decided."""
        try:
            ranking.rank()
        except ModelError as error:
            self.stdout.write(str(error))
        for decided in Ranking.objects.standing().select_related("candidate").order_by("regulation_code"):
            what = "no change." if decided.candidate is None else f"{decided.candidate} is the candidate."
            self.stdout.write(f"{decided.regulation_code}: {what}")
