"""What `migrate` must not undo: the database would say something else of model versions when it came forward again."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from django.core.management.base import CommandError
from django.db.migrations import Migration

from mlops.models import Denial, ModelVersion


def _not_installed_and_sound() -> int:
    """Rows that say more than a release that knows no states: it takes each version for one that serves or may."""
    return ModelVersion.objects.exclude(registry="", state="verified").count() + Denial.objects.count()


def _withdrawn() -> int:
    return ModelVersion.objects.withdrawn().count()


_FORGETS: Final[Mapping[str, Callable[[], int]]] = {
    "0006_versions_from_a_registry": _not_installed_and_sound,
    "0009_whether_a_registry_lists_it": _withdrawn,
}


def refuse_to_forget(plan: Iterable[tuple[Migration, bool]], **about: Any) -> None:
    """Raise CommandError where the plan of migrations undoes what is needed to know how versions stand here.

    It is asked before the first of them, so that nothing has been undone then.
    """
    for migration, backwards in plan:
        forgets = _FORGETS.get(migration.name) if migration.app_label == "mlops" and backwards else None
        if forgets is not None and (rows := forgets()):
            raise CommandError(
                f"Going back behind {migration} would forget what {rows} model versions or denials have become, and "
                "what was rejected could serve after coming forward again. Nothing was changed. To run an older "
                "release, restore the backup of the database that was made before this one was installed."
            )
