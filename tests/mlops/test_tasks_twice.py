"""Every task there is may come twice, or twice at once, and the database is the same as after once."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from celery import Task
from django.apps import apps

from audit.models import Event
from components.models import User
from mlops import tasks
from mlops.contracts import VersionState
from mlops.models import ModelVersion
from mlops.services.evaluation import evaluate
from mlops.services.evaluation_sets import ensure_evaluation_sets
from mlops.services.fetching import fetch
from mlops.services.registry import register_bundle
from tests.at_once import at_once
from tests.bundles import write_tiny_bundle
from tests.mlops.measured import add_plain_set
from tests.mlops.shelved import Shelf, brought_to
from tests.shown import keep
from trey_compliance.celery import app

pytestmark = pytest.mark.django_db
OURS = ("trey_compliance", "components", "mlops", "audit")
OPERATIONAL = {"mlops.RegistrySync", "sessions.Session"}
"""Not what is known or decided: one row tells of each look at the registry."""

app.loader.import_default_modules()
EVERY = sorted(name for name in app.tasks if name.split(".")[0] in OURS)


class Forgetful(set[object]):
    """What a process knows of the work in another: nothing."""

    def __contains__(self, item: object) -> bool:
        return False


@pytest.fixture
def world(
    shelf: Shelf, champion: ModelVersion, technician: User, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Callable[[str], tuple[object, ...]]:
    """`world(task)` has something to do for that task; what it is called with. Nothing that tasks ask for is done."""
    monkeypatch.setattr(Task, "apply_async", lambda self, *words, **options: None)
    ensure_evaluation_sets()
    add_plain_set()

    def version(*states: VersionState) -> ModelVersion:
        known = shelf.put("7", max_tokens=24)
        return brought_to(fetch(known), *states) if states else known

    def unlisted() -> None:
        for number in "789":
            bundle = write_tiny_bundle(tmp_path / f"unlisted-{number}", version=number, max_tokens=24)
            register_bundle(bundle, by=None)

    made: dict[str, Callable[[], object]] = {
        "components.tasks.label_pending": lambda: keep([f"iron tray {number}" for number in range(30)], by=technician),
        "audit.tasks.anchor": lambda: None,
        "mlops.tasks.sync_registry": unlisted,
        "mlops.tasks.fetch_version": lambda: (version().pk,),
        "mlops.tasks.verify_version": lambda: (fetch(version()).pk,),
        "mlops.tasks.evaluate_version": lambda: (version(VersionState.VERIFIED).pk,),
        "mlops.tasks.rank_versions": lambda: evaluate(version(VersionState.VERIFIED)),
    }
    return lambda name: given if isinstance(given := made[name](), tuple) else ()


def known() -> dict[str, list[str]]:
    """All rows of all tables that say what is known and decided."""
    return {
        model._meta.label: sorted(map(repr, model._base_manager.values_list()))
        for model in apps.get_models()
        if model._meta.label not in OPERATIONAL
    }


def started(name: str, words: tuple[object, ...]) -> None:
    result = app.tasks[name].apply(words)
    assert result.successful(), result.traceback


@pytest.mark.parametrize("name", EVERY)
def test_the_second_time_changes_nothing(world, name: str) -> None:
    words = world(name)
    before = known()
    started(name, words)
    after = known()
    started(name, words)

    assert known() == after
    assert (after != before) == (name != "audit.tasks.anchor")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("name", "processes"),
    # What a process knows of work that goes on in it is known of these alone.
    [(name, "one process") for name in EVERY] + [(name, "two") for name in EVERY if name.startswith("mlops.")],
)
def test_twice_at_once_is_as_once(world, name: str, processes: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if processes == "two":
        monkeypatch.setattr(tasks, "_at_work", Forgetful())
    words = world(name)
    last = Event.objects.count()

    at_once(lambda: started(name, words), lambda: started(name, words))

    after = known()
    told = Counter(Event.objects.filter(position__gt=last).values_list("action", "subject_type", "subject_id"))
    assert {one: count for one, count in told.items() if count > 1 and one[2]} == {}
    started(name, words)
    assert known() == after
