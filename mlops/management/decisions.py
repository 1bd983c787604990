"""The ranking as commands ask for it and tell it."""

from django.core.management.base import CommandError, OutputWrapper

from mlops.exceptions import ModelError
from mlops.models import Ranking
from mlops.services.ranking import rank


def decide(out: OutputWrapper, *, reasons: bool = False) -> None:
    """Rank all versions, and say what counts now for each regulation; of each version why, where `reasons` are wanted.

    Raises CommandError where it cannot be decided, or there is nothing to rank.
    """
    try:
        rank()
    except ModelError as error:
        raise CommandError(str(error)) from error
    for ranking in Ranking.objects.standing().select_related("candidate").order_by("regulation_code"):
        what = "no change." if ranking.candidate is None else f"{ranking.candidate} is the candidate."
        out.write(f"{ranking.regulation_code}: {what}")
        if reasons:
            for one in ranking.verdicts:
                out.write(f"  {one['version']}: {one['verdict']}. {' '.join(one['reasons'])}")
