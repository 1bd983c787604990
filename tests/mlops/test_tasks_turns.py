"""Work of minutes to hours leaves one thread to what people wait for, and none of it is done twice in one process."""

import pytest
from celery import Task
from pytest_django import Settings

from components.models import User
from mlops import tasks
from mlops.models import ModelVersion, Ranking, RegistrySync
from mlops.services import fetching, ranking, registry
from tests.mlops.pretended import Pretended, entry
from tests.mlops.shelved import Shelf
from tests.mlops.versions import states

pytestmark = pytest.mark.django_db


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, tuple, dict]]:
    """What is asked for, with what it is to be called with and when; nothing of it done."""
    sent: list[tuple[str, tuple, dict]] = []

    def apply_async(self: Task, args: tuple = (), kwargs: object = None, **options: object) -> None:
        sent.append((self.name.removeprefix("mlops.tasks."), args, options))

    monkeypatch.setattr(Task, "apply_async", apply_async)
    return sent


@pytest.fixture(autouse=True)
def two_threads(settings: Settings) -> None:
    settings.WORKER_THREADS = 2


def test_a_fetch_waits_while_another_has_the_last_thread_but_one(
    shelf: Shelf, admin: User, monkeypatch: pytest.MonkeyPatch, later
) -> None:
    first, second = shelf.put("1"), shelf.put("2")
    real = fetching.download

    def download(*words: object, **options: object) -> None:
        if not later:
            tasks.fetch_version.run(second.pk, by=admin.pk)
        real(*words, **options)

    monkeypatch.setattr(fetching, "download", download)
    tasks.fetch_version.run(first.pk)
    assert later[0] == ("fetch_version", (second.pk, admin.pk), {"countdown": 5, "expires": None})
    assert states() == {"1": "fetched", "2": "registered"}

    tasks.fetch_version.run(*later[0][1])
    assert states() == {"1": "fetched", "2": "fetched"}
    assert second.transitions.first().by == admin


def test_a_version_that_is_fetched_already_is_not_fetched_beside_it(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch, later
) -> None:
    version, real, begun = shelf.put("1"), fetching.download, []

    def download(*words: object, **options: object) -> None:
        begun.append(words)
        tasks.fetch_version.run(version.pk)
        real(*words, **options)

    monkeypatch.setattr(fetching, "download", download)
    tasks.fetch_version.run(version.pk)

    # The manifest, then the rest.
    assert len(begun) == 2
    assert [name for name, _, _ in later] == ["verify_version"]


def test_a_ranking_leaves_one_thread_as_well_and_comes_later(
    shelf: Shelf, plain_set: None, admin: User, monkeypatch: pytest.MonkeyPatch, later
) -> None:
    version, real = shelf.put("1"), fetching.download

    def download(*words: object, **options: object) -> None:
        if not later:
            tasks.rank_versions.run(by=admin.pk)
        real(*words, **options)

    monkeypatch.setattr(fetching, "download", download)
    tasks.fetch_version.run(version.pk)
    assert later[0] == ("rank_versions", (admin.pk,), {"countdown": 5, "expires": None})
    assert not Ranking.objects.exists()

    tasks.rank_versions.run(*later[0][1])
    assert Ranking.objects.get().by == admin


def test_no_fetch_begins_beside_a_ranking_that_has_the_last_thread_but_one(
    shelf: Shelf, plain_set: None, monkeypatch: pytest.MonkeyPatch, later
) -> None:
    version, real = shelf.put("1"), ranking.rank

    def rank(**options: object) -> Ranking:
        tasks.fetch_version.run(version.pk)
        return real(**options)

    monkeypatch.setattr(ranking, "rank", rank)
    tasks.rank_versions.run()

    assert [name for name, _, _ in later] == ["fetch_version"]
    assert states() == {"1": "registered"}


@pytest.fixture
def looked_at_twice(monkeypatch: pytest.MonkeyPatch, later, admin: User) -> list[tuple[str, tuple, dict]]:
    """What was asked for by a look during which both the schedule and a person asked for another."""
    pretended = Pretended(entry(1))

    def beside() -> None:
        pretended.before = lambda: None
        tasks.sync_registry.run()
        tasks.sync_registry.run(by=admin.pk)

    pretended.before = beside
    monkeypatch.setattr(registry, "current", lambda: pretended)
    tasks.sync_registry.run()
    return later


def test_one_look_at_the_registry_goes_on_at_a_time(looked_at_twice) -> None:
    assert RegistrySync.objects.count() == 1
    assert ModelVersion.objects.count() == 1


def test_who_asks_for_a_look_while_one_goes_on_gets_one_that_begins_after_it(looked_at_twice, admin: User) -> None:
    name, words, options = looked_at_twice[0]
    assert (name, words, options) == ("sync_registry", (admin.pk,), {"countdown": 5, "expires": None})

    tasks.sync_registry.run(*words)

    assert [look.by for look in RegistrySync.objects.order_by("pk")] == [None, admin]


def test_a_look_begins_though_no_other_thread_can_be_spared(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch, later
) -> None:
    version, real = shelf.put("1"), fetching.download

    def download(*words: object, **options: object) -> None:
        if not later:
            tasks.sync_registry.run()
        real(*words, **options)

    monkeypatch.setattr(fetching, "download", download)
    looks = RegistrySync.objects.count()
    tasks.fetch_version.run(version.pk)

    assert RegistrySync.objects.count() == looks + 1
    assert states() == {"1": "fetched"}
