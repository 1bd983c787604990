"""Look at the registry now, in the foreground."""

from collections import defaultdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from mlops.exceptions import ModelError
from mlops.management.decisions import decide
from mlops.models import ModelVersion, RegistrySync
from mlops.services import evaluation, syncing
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
        problems = self._bring_on() if and_fetch else []
        for version in ModelVersion.objects.order_by("pk").without_documents():
            withdrawn = "  not listed any more" if version.is_withdrawn else ""
            self.stdout.write(f"  {version}  {version.state}  {version.digest[:19]}{withdrawn}")
        if problems:
            raise CommandError(" ".join(problems))

    def _bring_on(self) -> list[str]:
        """Take every version through the steps that await it, then decide; a sentence on what could not be done."""
        stuck = 0
        for step, version in due():
            try:
                step.take(version)
            except ModelError as error:
                stuck += 1
                self.stderr.write(f"  {version}: {error}")
        stuck += self._tell_unmeasured()
        problems = [f"{stuck} could not go on; what is the matter stands above."] if stuck else []
        try:
            decide(self.stdout)
        except CommandError as error:
            problems.append(str(error))
        return problems

    def _tell_unmeasured(self) -> int:
        """Say for which regulations there is nothing to measure versions on; how many versions that concerns."""
        unmeasured = defaultdict[str, list[str]](list)
        for version in ModelVersion.objects.without_evaluation_set():
            unmeasured[version.regulation_code].append(str(version))
        for regulation, versions in unmeasured.items():
            try:
                evaluation.newest_set(regulation)
            except ModelError as error:
                self.stderr.write(f"  {', '.join(versions)}: {error}")
        return sum(map(len, unmeasured.values()))
