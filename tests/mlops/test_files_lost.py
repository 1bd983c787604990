"""What lost its files here gets them back, and stays what it is until then."""

import shutil

import pytest

from audit.models import Event
from mlops.contracts import VersionState
from mlops.exceptions import ChampionDamaged, InvalidTransition, VersionNotFound
from mlops.models import ModelVersion, Transition
from mlops.runtime.bundle import read
from mlops.services import fetching
from mlops.services.deployment import deploy_champion
from mlops.services.fetching import fetch
from mlops.services.serving import bundle_path
from tests.at_once import at_once
from tests.mlops.shelved import Shelf, brought_to

pytestmark = pytest.mark.django_db

PASSED = pytest.mark.parametrize(
    "states",
    [(VersionState.VERIFIED,), (VersionState.VERIFIED, VersionState.CANDIDATE)],
    ids=["verified", "candidate"],
)


@PASSED
def test_a_version_that_lost_its_files_here_is_registered_again_and_fetched(
    shelf: Shelf, states: tuple[VersionState, ...]
) -> None:
    version = brought_to(fetch(shelf.put()), *states)
    shutil.rmtree(bundle_path(version.digest))

    assert fetch(version).state == VersionState.FETCHED

    reached = Transition.objects.filter(model_version=version).values_list("to_state", flat=True)
    assert list(reached)[:2] == ["fetched", "registered"]
    assert read(bundle_path(version.digest), expected_digest=version.digest)


def test_one_that_was_fetched_and_lost_its_files_is_fetched_still_once_they_are_back(shelf: Shelf) -> None:
    version = fetch(shelf.put())
    shutil.rmtree(bundle_path(version.digest))
    events = Event.objects.count()

    assert fetch(version).state == VersionState.FETCHED

    assert read(bundle_path(version.digest), expected_digest=version.digest)
    assert Event.objects.count() == events


@PASSED
def test_what_lost_its_files_while_the_registry_is_away_stays_as_it_is_and_is_fetched_by_itself_afterwards(
    shelf: Shelf, states: tuple[VersionState, ...]
) -> None:
    version = brought_to(fetch(shelf.put()), *states)
    shutil.rmtree(bundle_path(version.digest))
    away = shelf.registry.rename(shelf.registry.with_name("away"))

    with pytest.raises(VersionNotFound):
        fetch(version)

    version.refresh_from_db()
    assert version.state == states[-1]
    away.rename(shelf.registry)
    assert fetching.awaiting_fetch() == [version]
    assert fetch(version).state == VersionState.FETCHED
    assert fetching.awaiting_fetch() == []


@pytest.mark.django_db(transaction=True)
def test_those_who_bring_back_lost_files_at_once_tell_it_once(shelf: Shelf) -> None:
    version = brought_to(fetch(shelf.put()), VersionState.VERIFIED)
    shutil.rmtree(bundle_path(version.digest))

    at_once(*[lambda: fetch(version)] * 3)

    reached = Transition.objects.filter(model_version=version).order_by("pk").values_list("to_state", flat=True)
    assert list(reached) == ["registered", "fetched", "verified", "registered", "fetched"]


@pytest.mark.parametrize("damage", ["a file lost", "a file changed", "all lost"])
def test_a_version_that_serves_gets_its_files_back_and_serves_on(
    shelf: Shelf, damage: str, caplog: pytest.LogCaptureFixture
) -> None:
    version = serving(shelf)
    files = bundle_path(version.digest)
    match damage:
        case "a file lost":
            (files / "card.md").unlink()
        case "a file changed":
            (files / "model.onnx").write_bytes(b"damaged")
        case _:
            shutil.rmtree(files)
    events = Event.objects.count()

    assert fetch(version).state == VersionState.VERIFIED

    assert read(files, expected_digest=version.digest)
    assert shelf.visible() == [version.digest.removeprefix("sha256:")]
    assert "The files of tiny:1 were lost or damaged here and have been fetched again." in caplog.text
    assert Event.objects.count() == events


def test_what_serves_is_not_put_away_where_the_registry_has_other_files_for_it(shelf: Shelf) -> None:
    version = serving(shelf)
    (bundle_path(version.digest) / "card.md").unlink()
    (shelf.files() / "card.md").write_bytes(b"another")

    with pytest.raises(ChampionDamaged, match=r"tiny:1 serves, its files here were lost or damaged, and the registry"):
        fetch(version)

    version.refresh_from_db()
    assert version.state == VersionState.VERIFIED


def test_what_serves_and_is_in_no_registry_is_left_as_it_is(champion: ModelVersion) -> None:
    (bundle_path(champion.digest) / "card.md").unlink()

    with pytest.raises(InvalidTransition, match="tiny:1 is in no registry: install it from its directory"):
        fetch(champion)

    champion.refresh_from_db()
    assert champion.state == VersionState.VERIFIED


def serving(shelf: Shelf) -> ModelVersion:
    version = brought_to(fetch(shelf.put()), VersionState.VERIFIED)
    deploy_champion(version, by=None)
    return version
