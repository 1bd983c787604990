"""The model directory is bounded: what is not needed makes room, what may be asked again never goes."""

from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from audit.models import Event
from mlops.contracts import Label, Role, VersionState
from mlops.exceptions import NoRoom
from mlops.models import Deployment, ModelVersion, Prediction
from mlops.services import cache
from mlops.services.cache import make_room, used_bytes
from mlops.services.fetching import awaiting_fetch, fetch
from mlops.services.installing import install
from mlops.services.serving import bundle_path
from tests.bundles import write_tiny_bundle
from tests.mlops.measured import add_plain_set
from tests.mlops.shelved import Shelf, brought_to
from tests.mlops.versions import measured

pytestmark = pytest.mark.django_db

VERIFIED, CANDIDATE = VersionState.VERIFIED, VersionState.CANDIDATE
REJECTED, ARCHIVED = VersionState.REJECTED, VersionState.ARCHIVED


def fetched(shelf: Shelf, number: int, *states: VersionState) -> ModelVersion:
    return brought_to(fetch(shelf.put(str(number))), *states)


def here() -> list[str]:
    """The versions whose files are here, in the order of their numbers."""
    versions = ModelVersion.objects.order_by("version")
    return [version.version for version in versions if bundle_path(version.digest).exists()]


def test_what_goes_first_is_rejected_then_archived_then_verified_and_the_oldest_of_each(
    shelf: Shelf, settings: Settings
) -> None:
    states = [VERIFIED, VERIFIED, ARCHIVED, REJECTED, ARCHIVED, REJECTED]
    for number, state in enumerate(states, start=1):
        fetched(shelf, number, state)
    left = []

    for _ in states:
        settings.MODEL_DIR_BYTES = used_bytes(shelf.models) + 100
        make_room(101)
        left.append("".join(here()))

    assert left == ["12356", "1235", "125", "12", "2", ""]
    assert shelf.visible() == []


def test_no_more_goes_than_must(shelf: Shelf, settings: Settings) -> None:
    for number in (1, 2, 3):
        fetched(shelf, number, REJECTED)
    settings.MODEL_DIR_BYTES = used_bytes(shelf.models)

    make_room(0)
    assert here() == ["1", "2", "3"]

    make_room(1)
    assert here() == ["2", "3"]


def test_a_verified_version_that_made_room_is_registered_again_and_can_be_fetched(
    shelf: Shelf, settings: Settings
) -> None:
    version = fetched(shelf, 1, VERIFIED)
    settings.MODEL_DIR_BYTES = used_bytes(shelf.models)

    make_room(1)

    version.refresh_from_db()
    assert version.state == VersionState.REGISTERED
    assert Event.objects.get(action="version_evicted").after["reason"] == "Its files made room for others."
    assert fetch(version).state == VersionState.FETCHED


def test_what_waits_to_be_measured_stays_until_it_is(shelf: Shelf, settings: Settings) -> None:
    add_plain_set()
    version = fetched(shelf, 1, VERIFIED)
    settings.MODEL_DIR_BYTES = used_bytes(shelf.models)

    with pytest.raises(NoRoom, match="what else it holds is needed"):
        make_room(1)
    assert here() == ["1"]

    measured(version, wrong=4)
    make_room(1)
    assert here() == []
    assert awaiting_fetch() == []


def test_what_could_not_be_measured_makes_room_and_is_fetched_again_once_it_can_be(
    shelf: Shelf, settings: Settings
) -> None:
    version = fetched(shelf, 1, VERIFIED)
    settings.MODEL_DIR_BYTES = used_bytes(shelf.models)
    make_room(1)
    assert (here(), awaiting_fetch()) == ([], [])

    add_plain_set()

    assert awaiting_fetch() == [version]


def test_what_is_needed_stays_even_where_there_is_no_room_then(
    shelf: Shelf, settings: Settings, tmp_path: Path
) -> None:
    fetched(shelf, 1, VERIFIED, CANDIDATE)
    Deployment.objects.create(model_version=fetched(shelf, 2, VERIFIED), role=Role.CHAMPION.value)
    decided = fetched(shelf, 3, VERIFIED)
    brought_to(decided, ARCHIVED)
    Prediction.objects.create(
        model_version=decided,
        text="iron",
        text_seen="iron",
        truncated=False,
        label=Label.COMPLIANT.value,
        score=0.1,
        threshold=0.5,
        latency_ms=1.0,
    )
    fetched(shelf, 4)
    install(write_tiny_bundle(tmp_path / "in no registry", version="5"))
    settings.MODEL_DIR_BYTES = used_bytes(shelf.models)

    with pytest.raises(NoRoom, match=r"lacks 7 bytes .* archive versions, allow it more \(MODEL_DIR_BYTES\)"):
        make_room(7)

    assert here() == ["1", "2", "3", "4", "5"]
    assert not Event.objects.filter(action="version_evicted").exists()


@pytest.mark.parametrize("count", [1, 3])
def test_what_may_go_is_asked_once_a_state_however_many_versions_there_are(
    shelf: Shelf, settings: Settings, django_assert_num_queries: Any, count: int
) -> None:
    for number in range(count):
        fetched(shelf, number + 1, VERIFIED)
    settings.MODEL_DIR_BYTES = 2 * used_bytes(shelf.models)
    wanted = settings.MODEL_DIR_BYTES

    with django_assert_num_queries(1 + len(cache.GOES_FIRST)):
        assert len(list(cache._evictable())) == count

    make_room(wanted)
    assert here() == []


def test_one_that_became_candidate_meanwhile_does_not_make_room(
    shelf: Shelf, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = fetched(shelf, 1, VERIFIED)
    settings.MODEL_DIR_BYTES = used_bytes(shelf.models)
    evict = cache._evict

    def evict_too_late(chosen: ModelVersion) -> None:
        brought_to(version, CANDIDATE)
        evict(chosen)

    monkeypatch.setattr(cache, "_evict", evict_too_late)
    with pytest.raises(NoRoom, match="filled up"):
        make_room(1)

    assert here() == ["1"]
    version.refresh_from_db()
    assert version.state == CANDIDATE


def test_a_bundle_that_could_never_fit_evicts_nothing(shelf: Shelf, settings: Settings) -> None:
    fetched(shelf, 1, REJECTED)
    settings.MODEL_DIR_BYTES = used_bytes(shelf.models)

    with pytest.raises(NoRoom):
        make_room(settings.MODEL_DIR_BYTES + 1)

    assert here() == ["1"]


def test_a_disk_that_is_nearly_full_counts_as_well(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    fetched(shelf, 1, REJECTED)
    monkeypatch.setattr(cache, "RESERVE_BYTES", 1 << 60)

    with pytest.raises(NoRoom, match="give its disk more room"):
        make_room(1)

    assert here() == ["1"]


def test_a_fetch_makes_its_own_room(shelf: Shelf, settings: Settings) -> None:
    fetched(shelf, 1, REJECTED)
    settings.MODEL_DIR_BYTES = used_bytes(shelf.models) + 100

    fetched(shelf, 2)

    assert here() == ["2"]
