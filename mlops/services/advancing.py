"""What a version goes through by itself, in order: it is fetched, verified, measured. All are ranked after that."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from mlops.models import ModelVersion
from mlops.services import evaluation, fetching, verification
from mlops.services.asking import Work
from mlops.services.evaluation_sets import ensure_evaluation_sets


@dataclass(frozen=True, slots=True)
class Step:
    """Who awaits the work without being asked, and the service that does it."""

    work: Work
    awaiting: Callable[[], Iterable[ModelVersion]]
    take: Callable[[ModelVersion], object]


CHAIN: Final = (
    Step(Work.FETCH, fetching.awaiting_fetch, fetching.fetch),
    Step(Work.VERIFY, ModelVersion.objects.awaiting_verification, verification.verify),
    Step(Work.EVALUATE, ModelVersion.objects.awaiting_evaluation, evaluation.evaluate),
)


def due(*, registry_answers: bool = True) -> Iterator[tuple[Step, ModelVersion]]:
    """Every version with the step that it awaits; nothing is to be fetched of a registry that does not answer.

    A step's versions are looked up after those of the step before were handed out: who takes each at once brings every
    version as far as it comes, and one that was withdrawn or denied meanwhile is passed over. The evaluation sets that
    ship are added first.
    """
    ensure_evaluation_sets()
    for step in CHAIN:
        if registry_answers or step.work is not Work.FETCH:
            for version in list(step.awaiting()):
                # Who takes each at once may have needed hours for those before it.
                if ModelVersion.objects.eligible().filter(pk=version.pk).exists():
                    yield step, version
