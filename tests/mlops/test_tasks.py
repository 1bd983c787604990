"""A registered version comes as far as it can by the tasks alone, and no task does harm by coming twice."""

import logging

import pytest
from celery import Task
from django.conf import settings as configured
from pytest_django import Settings

from audit.models import Event
from components.models import User
from mlops import tasks
from mlops.contracts import VersionState
from mlops.exceptions import RegistryUnavailable
from mlops.models import Denial, Evaluation, ModelVersion, Ranking, RegistrySync, Transition, Verification
from mlops.services import fetching, registry
from mlops.services.lifecycle import move
from mlops.services.serving import bundle_path
from tests.mlops.pretended import Pretended
from tests.mlops.shelved import Shelf, brought_to
from tests.mlops.versions import measured, states
from trey_compliance.celery import app

pytestmark = pytest.mark.django_db
AWAY = RegistryUnavailable("The registry does not answer: it is tried again later.")


def test_what_is_registered_is_fetched_verified_measured_and_ranked_by_itself(
    shelf: Shelf, plain_set: None, eager: None
) -> None:
    shelf.put("1")

    tasks.sync_registry.delay()

    assert states() == {"1": "candidate"}
    reached = Transition.objects.order_by("pk").values_list("to_state", flat=True)
    assert list(reached) == ["registered", "fetched", "verified", "candidate"]
    assert Verification.objects.get().passed
    assert Evaluation.objects.get().results["accuracy"]["value"] == 1.0
    assert Ranking.objects.get().candidate == ModelVersion.objects.get()


def test_a_bad_one_is_rejected_on_the_way_and_ranked_as_such(shelf: Shelf, plain_set: None, eager: None) -> None:
    version = shelf.put("1")
    (shelf.files("1") / "model.onnx").write_bytes(b"tampered with")

    tasks.sync_registry.delay()

    assert states() == {"1": "rejected"}
    (verdict,) = Ranking.objects.get().verdicts
    reason = version.transitions.first().reason
    assert verdict["reasons"] == [f"It is rejected: {reason}"]
    assert not bundle_path(version.digest).exists()


def test_what_was_lost_on_the_way_is_asked_for_by_the_next_look(shelf: Shelf, plain_set: None, eager: None) -> None:
    versions = [shelf.put(number) for number in ("1", "2")]
    for version in versions:
        fetching.fetch(version)
    tasks.verify_version.run(versions[1].pk)

    tasks.sync_registry.delay()

    assert sorted(states().values()) == ["candidate", "verified"]
    assert Evaluation.objects.count() == 2


def test_a_look_asks_for_each_version_what_comes_next(shelf: Shelf, plain_set: None, asked) -> None:
    one, two, three, four = (shelf.put(number) for number in "1234")
    brought_to(two, VersionState.FETCHED)
    brought_to(fetching.fetch(three), VersionState.VERIFIED)
    brought_to(four, VersionState.REJECTED)

    tasks.sync_registry.run()

    assert asked == [
        ("fetch_version", (one.pk,)),
        ("verify_version", (two.pk,)),
        ("evaluate_version", (three.pk,)),
        ("rank_versions", ()),
    ]


def test_what_made_room_or_is_denied_is_not_fetched_again_by_itself(shelf: Shelf, asked) -> None:
    evicted, denied, cut_off = (shelf.put(number) for number in "123")
    brought_to(evicted, VersionState.FETCHED, VersionState.VERIFIED, VersionState.REGISTERED)
    measured(evicted, wrong=4)
    brought_to(cut_off, VersionState.FETCHED, VersionState.REGISTERED)
    Denial.objects.create(pattern="tiny:2", reason="No.")

    tasks.sync_registry.run()

    assert [one for one in asked if one[0] == "fetch_version"] == [("fetch_version", (cut_off.pk,))]
    assert denied.state == "registered"


def test_while_the_registry_is_away_what_is_here_goes_on(shelf: Shelf, asked, monkeypatch, settings: Settings) -> None:
    settings.REGISTRY_SYNC_SECONDS = 10
    one, two = shelf.put("1"), shelf.put("2")
    brought_to(two, VersionState.FETCHED)
    pretended = Pretended()
    pretended.failure = AWAY
    monkeypatch.setattr(registry, "current", lambda: pretended)

    tasks.sync_registry.run()

    assert asked == [("verify_version", (two.pk,)), ("rank_versions", ())]
    assert one.state == "registered"


@pytest.mark.parametrize(("every", "tries"), [(600, 1 + tasks.RETRIES), (60, 3), (10, 1)])
def test_a_registry_that_is_away_is_tried_again_until_the_next_look_comes_anyway(
    shelf: Shelf, eager: None, monkeypatch, settings: Settings, caplog, every: int, tries: int
) -> None:
    settings.REGISTRY_SYNC_SECONDS = every
    version = shelf.put("1")
    pretended = Pretended()
    pretended.failure = AWAY
    monkeypatch.setattr(registry, "current", lambda: pretended)

    tasks.fetch_version.delay(version.pk)
    fetches = [record for record in caplog.records if "The next look at the registry tries again." in record.message]
    looks = RegistrySync.objects.count()
    tasks.sync_registry.delay()

    assert len(fetches) == 1
    assert RegistrySync.objects.count() - looks == tries
    assert states() == {"1": "registered"}


def test_retries_wait_longer_each_time(shelf: Shelf, monkeypatch) -> None:
    version, waits = shelf.put("1"), []
    pretended = Pretended()
    pretended.failure = AWAY
    monkeypatch.setattr(registry, "current", lambda: pretended)

    class Asked(Exception): ...

    def retry(self: Task, *, exc: Exception, countdown: int) -> Exception:
        waits.append(countdown)
        return Asked()

    monkeypatch.setattr(Task, "retry", retry)
    for retries in range(tasks.RETRIES):
        tasks.fetch_version.push_request(retries=retries, called_directly=False)
        with pytest.raises(Asked):
            tasks.fetch_version.run(version.pk)
        tasks.fetch_version.pop_request()

    assert waits == [15, 30, 60, 120]


@pytest.mark.parametrize("name", ["fetch_version", "verify_version", "evaluate_version"])
def test_a_version_that_is_gone_or_moved_on_ends_the_task_with_a_line(
    shelf: Shelf, eager: None, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    caplog.set_level(logging.INFO, logger="mlops.tasks")
    version = brought_to(shelf.put("1"), VersionState.REJECTED)
    events = Event.objects.count()

    for pk in (version.pk, version.pk + 1000):
        getattr(tasks, name).delay(pk)

    assert [record.levelname for record in caplog.records if record.name == "mlops.tasks"] == ["INFO", "INFO"]
    assert f"there is no version {version.pk + 1000} that is" in caplog.text
    assert Event.objects.count() == events


def test_a_version_that_is_put_away_meanwhile_is_left_as_it_is(
    shelf: Shelf, eager: None, monkeypatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="mlops.tasks")
    version = shelf.put("1")
    real = fetching.download

    def download(*words: object, **options: object) -> None:
        real(*words, **options)
        move(version, VersionState.ARCHIVED, reason="Not wanted.", by=None)

    monkeypatch.setattr(fetching, "download", download)
    tasks.fetch_version.delay(version.pk)

    assert states() == {"1": "archived"}
    assert not [record for record in caplog.records if record.levelno > logging.WARNING]


def test_who_asked_for_a_measurement_stands_in_the_ranking_even_where_nothing_changed(
    shelf: Shelf, plain_set: None, eager: None, admin: User
) -> None:
    version = shelf.put("1")
    tasks.sync_registry.delay()
    assert Ranking.objects.get().by is None

    tasks.evaluate_version.delay(version.pk, by=admin.pk)

    assert list(Ranking.objects.order_by("pk").values_list("by__username", flat=True)) == [None, "admin"]
    assert Event.objects.filter(action="versions_ranked").last_first()[0].actor_name == "admin"


def test_who_asked_stands_in_the_history(shelf: Shelf, admin: User, asked) -> None:
    version = shelf.put("1")

    tasks.fetch_version.run(version.pk, by=admin.pk)
    tasks.verify_version.run(version.pk)

    by = Transition.objects.order_by("pk").values_list("to_state", "by__username")
    assert list(by) == [("registered", None), ("fetched", "admin"), ("verified", None)]


def test_the_worker_looks_at_the_registry_as_often_as_the_settings_say() -> None:
    planned = app.conf.beat_schedule["sync-registry"]

    assert (planned["task"], planned["schedule"]) == ("mlops.tasks.sync_registry", configured.REGISTRY_SYNC_SECONDS)
    assert planned["options"] == {"expires": configured.REGISTRY_SYNC_SECONDS}


def test_no_task_has_a_limit_that_threads_do_not_keep() -> None:
    app.loader.import_default_modules()

    limits = {name: (task.time_limit, task.soft_time_limit) for name, task in app.tasks.items()}
    assert {name for name, limit in limits.items() if limit != (None, None)} == set()
