"""A version that its registry lists no more goes no further here, and what it had become stays to be seen."""

import shutil
from collections.abc import Callable
from functools import partial

import pytest
from django.test import Client
from django.urls import reverse

from audit.models import Event
from components.models import User
from mlops import tasks
from mlops.contracts import VersionState
from mlops.exceptions import InvalidTransition, RegistryUnavailable
from mlops.models import Evaluation, ModelVersion, Ranking, RegistrySync, Verification
from mlops.services import fetching, lifecycle, ranking, registry
from mlops.services.advancing import due
from mlops.services.deployment import deploy_champion
from mlops.services.fetching import fetch
from mlops.services.mirroring import mirror, withdraw_others
from mlops.services.serving import bundle_path
from mlops.services.syncing import sync
from tests.at_once import at_once
from tests.mlops.measured import add_plain_set
from tests.mlops.pretended import Pretended
from tests.mlops.shelved import Shelf, brought_to
from tests.mlops.versions import measured

pytestmark = pytest.mark.django_db
GONE = "The registry does not list it any more."


def take_out(shelf: Shelf, version: str = "1") -> None:
    """Archive it in the registry, and look."""
    (shelf.registry / "tiny" / version / "archived").touch()
    sync()


def put_back(shelf: Shelf, version: str = "1") -> None:
    (shelf.registry / "tiny" / version / "archived").unlink()
    sync()


def awaiting() -> list[tuple[str, str]]:
    return [(step.work.value, str(version)) for step, version in due()]


def archived(shelf: Shelf) -> None:
    (shelf.registry / "tiny" / "1" / "archived").touch()


def deleted(shelf: Shelf) -> None:
    shutil.rmtree(shelf.registry / "tiny" / "1")


def unreadable(shelf: Shelf) -> None:
    (shelf.registry / "tiny" / "1" / "metadata.json").write_text("{}")


def another(shelf: Shelf) -> None:
    shelf.claim("1", digest="sha256:" + "f" * 64)


@pytest.mark.parametrize("taken_out", [archived, deleted, unreadable, another])
def test_what_is_not_listed_any_more_is_not_fetched(shelf: Shelf, taken_out: Callable[[Shelf], None]) -> None:
    version = shelf.put()
    assert awaiting() == [("fetch", "tiny:1")]

    taken_out(shelf)
    sync()

    assert awaiting() == []
    with pytest.raises(InvalidTransition, match="The registry does not list tiny:1 any more: it is fetched when it"):
        fetch(version)
    assert shelf.visible() == []


def test_it_is_told_once_by_whom_it_was_noticed_and_once_that_it_is_back(shelf: Shelf, admin: User) -> None:
    shelf.put("1")
    shelf.put("2")
    archived(shelf)
    sync(by=admin)
    sync()
    put_back(shelf)

    told = Event.objects.filter(action="version_claims_changed").order_by("position")
    assert [(event.before, event.after) for event in told] == [
        ({"listed": True}, {"listed": False}),
        ({"listed": False}, {"listed": True}),
    ]
    assert [event.actor_name for event in told] == ["admin", ""]
    assert awaiting() == [("fetch", "tiny:1"), ("fetch", "tiny:2")]


def test_a_look_that_fails_withdraws_nothing(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf.put()
    pretended = Pretended()
    pretended.failure = RegistryUnavailable("It does not answer.")
    monkeypatch.setattr(registry, "current", lambda: pretended)

    sync()

    assert ModelVersion.objects.get().listed


@pytest.mark.django_db(transaction=True)
def test_of_two_looks_at_once_each_tells_what_it_changed_and_the_next_look_knows_better(shelf: Shelf) -> None:
    version = shelf.put()
    (entry,) = registry.current().versions().versions

    at_once(partial(mirror, entry, registry="local", by=None), partial(withdraw_others, [], by=None))

    version.refresh_from_db()
    told = Event.objects.filter(action="version_claims_changed").order_by("position")
    listed = [True, *(event.after["listed"] for event in told)]
    assert [event.before["listed"] for event in told] == listed[:-1]
    assert version.listed == listed[-1]
    sync()
    version.refresh_from_db()
    assert version.listed


def test_another_registry_in_the_settings_lists_none_of_the_first(shelf: Shelf, settings) -> None:
    shelf.put()
    settings.REGISTRY_MODEL = "other"

    sync()

    assert awaiting() == []


@pytest.mark.parametrize("state", [VersionState.FETCHED, VersionState.VERIFIED])
def test_what_is_here_already_keeps_its_state_and_goes_no_further(shelf: Shelf, state: VersionState) -> None:
    add_plain_set()
    version = fetch(shelf.put())
    version = brought_to(version, state) if state != version.state else version

    take_out(shelf)

    version.refresh_from_db()
    assert version.state == state
    assert awaiting() == []
    put_back(shelf)
    assert awaiting() == [("verify" if state is VersionState.FETCHED else "evaluate", "tiny:1")]


def test_what_is_withdrawn_while_it_is_fetched_goes_no_further(
    shelf: Shelf, plain_set: None, eager: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    version, real = shelf.put(), fetching.download

    def download(*words: object, **options: object) -> None:
        real(*words, **options)
        take_out(shelf)

    monkeypatch.setattr(fetching, "download", download)
    tasks.fetch_version.delay(version.pk)

    version.refresh_from_db()
    assert (version.state, version.listed) == (VersionState.FETCHED, False)
    assert not Verification.objects.exists()


@pytest.mark.parametrize("name", ["verify_version", "evaluate_version"])
def test_what_is_withdrawn_while_its_work_waits_is_left_unless_a_person_asked(
    shelf: Shelf, plain_set: None, asked: list[object], admin: User, name: str
) -> None:
    version = fetch(shelf.put())
    if name == "evaluate_version":
        tasks.verify_version.run(version.pk)
    take_out(shelf)
    before = (Verification.objects.count(), Evaluation.objects.count())
    asked.clear()

    getattr(tasks, name).run(version.pk)

    assert (Verification.objects.count(), Evaluation.objects.count()) == before
    assert asked == []

    getattr(tasks, name).run(version.pk, by=admin.pk)

    assert Verification.objects.count() + Evaluation.objects.count() == sum(before) + 1


def test_what_is_withdrawn_while_those_before_it_are_worked_on_is_passed_over(shelf: Shelf) -> None:
    for version in "123":
        shelf.put(version)
    steps = due()
    assert str(next(steps)[1]) == "tiny:1"

    take_out(shelf, "2")

    assert [str(version) for _, version in steps] == ["tiny:3"]


def test_a_candidate_ceases_to_be_one_and_is_one_again_when_it_is_back(shelf: Shelf) -> None:
    add_plain_set()
    version = brought_to(fetch(shelf.put()), VersionState.VERIFIED)
    measured(version, wrong=4)
    ranking.rank()
    version.refresh_from_db()
    assert version.state == VersionState.CANDIDATE

    take_out(shelf)
    decided = ranking.rank()

    version.refresh_from_db()
    assert (decided.candidate, version.state) == (None, VersionState.VERIFIED)
    assert [verdict["reasons"] for verdict in decided.verdicts] == [[GONE]]
    put_back(shelf)
    assert ranking.rank().candidate == version


def test_one_that_serves_serves_on_and_gets_lost_files_back(shelf: Shelf) -> None:
    version = brought_to(fetch(shelf.put()), VersionState.VERIFIED)
    deploy_champion(version, by=None)
    take_out(shelf)
    shutil.rmtree(bundle_path(version.digest))

    assert fetching.awaiting_fetch() == []
    assert fetch(version).state == VersionState.VERIFIED

    assert bundle_path(version.digest).is_dir()


def test_the_administration_says_so(shelf: Shelf, admin: User, client: Client) -> None:
    version = shelf.put()
    client.force_login(admin)
    pages = [
        reverse("admin:mlops_modelversion_changelist"),
        reverse("admin:mlops_modelversion_change", args=[version.pk]),
    ]
    assert ["not listed" in client.get(page).text for page in pages] == [False, False]

    take_out(shelf)

    assert ["not listed" in client.get(page).text for page in pages] == [True, True]
    assert not Ranking.objects.exists()


def test_a_registry_that_holds_nothing_any_more_is_not_believed(shelf: Shelf) -> None:
    shelf.put("1")
    shelf.put("2")
    shelf.registry.rename(shelf.registry.with_name("not mounted"))

    looked = sync()

    assert looked.outcome == RegistrySync.Outcome.FAILED
    assert looked.problem.startswith("The registry lists nothing, where it listed 2 model versions: see that its disk")
    assert sorted(awaiting()) == [("fetch", "tiny:1"), ("fetch", "tiny:2")]


def test_a_registry_that_was_emptied_on_purpose_is_believed_once_they_are_archived_here(shelf: Shelf) -> None:
    first, second = shelf.put("1"), shelf.put("2")
    shutil.rmtree(shelf.registry / "tiny")
    for version in (first, second):
        lifecycle.move(version, VersionState.ARCHIVED, reason="It is not needed any more.", by=None)

    assert sync().outcome == RegistrySync.Outcome.COMPLETE
    assert ModelVersion.objects.withdrawn().count() == 2
