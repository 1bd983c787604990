"""What `migrate` must not undo: the database would say something else of model versions when it came forward again."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from django.core.management.base import CommandError
from django.db.migrations import Migration

from mlops.models import Denial, EvaluationSet, ModelVersion


def _not_installed_and_sound() -> int:
    """Rows that say more than a release that knows no states: it takes each version for one that serves or may."""
    return ModelVersion.objects.exclude(registry="", state="verified").count() + Denial.objects.count()


def _withdrawn() -> int:
    return ModelVersion.objects.withdrawn().count()


def _with_their_day() -> int:
    return EvaluationSet.objects.exclude(effective_on=None).count()


_FORGETS: Final[Mapping[str, tuple[Callable[[], int], str]]] = {
    "0006_versions_from_a_registry": (
        _not_installed_and_sound,
        "what {} model versions or denials have become, and what was rejected could serve after coming forward again",
    ),
    "0009_whether_a_registry_lists_it": (
        _withdrawn,
        "that {} model versions are not listed any more, and they could be chosen once it came forward again",
    ),
    "0010_from_when_a_regulation_applies": (
        _with_their_day,
        "what {} evaluation sets say of their regulation, and the audit has proof of these rows as they are",
    ),
}
"""From how many rows each migration, undone, would take something, and what that is."""


def refuse_to_forget(plan: Iterable[tuple[Migration, bool]], **about: Any) -> None:
    """Raise CommandError where the plan of migrations undoes what is needed to know how versions stand here.

    It is asked before the first of them, so that nothing has been undone then.
    """
    for migration, backwards in plan:
        if migration.app_label != "mlops" or not backwards or migration.name not in _FORGETS:
            continue
        count, what = _FORGETS[migration.name]
        if rows := count():
            raise CommandError(
                f"Going back behind {migration} would forget {what.format(rows)}. Nothing was changed. To run an older "
                "release, restore the backup of the database that was made before this one was installed."
            )
