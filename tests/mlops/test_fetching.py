"""The files of a registered version come whole and proven, or nothing of them is to be seen."""

import os
import shutil
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from pytest_django import Settings

from audit.models import Event
from mlops.contracts import VersionState
from mlops.exceptions import Denied, InvalidTransition, NoRoom, RegistryError, VersionNotFound
from mlops.models import Denial, ModelVersion, Transition
from mlops.registries.base import RemoteFile
from mlops.runtime.bundle import FILES, read
from mlops.runtime.incoming import ABANDONED_SECONDS, INCOMING, remove_abandoned
from mlops.services import fetching
from mlops.services.fetching import fetch
from mlops.services.serving import bundle_path
from tests.at_once import at_once
from tests.mlops.shelved import Shelf, brought_to

pytestmark = pytest.mark.django_db


def test_a_version_is_fetched_with_what_its_bundle_says_of_itself(shelf: Shelf, admin: object) -> None:
    version = fetch(shelf.put(), by=admin)

    assert version.state == VersionState.FETCHED
    assert version.manifest["calibration"] == {"method": "platt", "scale": 1.0, "offset": 0.0}
    assert version.card.startswith("# tiny")
    assert version.bytes == sum((shelf.files() / name).stat().st_size for name in FILES)
    assert read(bundle_path(version.digest), expected_digest=version.digest)
    assert shelf.visible() == [version.digest.removeprefix("sha256:")]
    event = Event.objects.get(action="version_fetched")
    assert (event.actor_name, event.after["version"]) == ("admin", "tiny:1")


@pytest.mark.parametrize("state", [None, VersionState.VERIFIED], ids=["fetched", "verified"])
def test_fetching_again_changes_nothing(shelf: Shelf, state: VersionState | None) -> None:
    version = fetch(shelf.put())
    version = brought_to(version, state) if state else version
    before = (bundle_path(version.digest) / "model.onnx").stat()
    shutil.rmtree(shelf.files())

    assert fetch(version).state == version.state

    after = (bundle_path(version.digest) / "model.onnx").stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert Event.objects.filter(action="version_fetched").count() == 1


def test_files_that_a_killed_fetch_had_brought_whole_are_used(shelf: Shelf) -> None:
    version = shelf.put()
    shutil.copytree(shelf.files(), bundle_path(version.digest))
    shutil.rmtree(shelf.files())

    assert fetch(version).state == VersionState.FETCHED


def test_what_a_killed_fetch_left_is_never_seen_and_goes_with_the_next_one(shelf: Shelf) -> None:
    version = shelf.put()
    left = shelf.models / f"{INCOMING}killed"
    shutil.copytree(shelf.files(), left / "bundle")
    (left / "bundle" / "model.onnx").write_bytes(b"half")
    os.utime(left, times=(time.time() - ABANDONED_SECONDS - 60,) * 2)

    assert fetch(version).state == VersionState.FETCHED

    assert shelf.visible() == [version.digest.removeprefix("sha256:")]


def test_a_fetch_that_takes_hours_is_not_taken_for_an_abandoned_one(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = shelf.put()
    monkeypatch.setattr(fetching, "KEEP_ALIVE_SECONDS", 0.0)
    looks = []

    def an_hour_later(path: Path) -> None:
        looks.append(path)
        remove_abandoned(shelf.models)
        for incoming in shelf.models.glob(f"{INCOMING}*"):
            os.utime(incoming, times=(time.time() - ABANDONED_SECONDS - 60,) * 2)

    download = fetching.download

    def slowly(files: Iterable[RemoteFile], into: Path, *, progress: Callable[[], None]) -> None:
        for file in files:
            download([file], into, progress=progress)
            an_hour_later(into)
            progress()

    monkeypatch.setattr(fetching, "download", slowly)

    assert fetch(version).state == VersionState.FETCHED
    assert len(looks) == len(FILES)


def test_files_that_are_damaged_here_do_not_stand_in_the_way(shelf: Shelf) -> None:
    version = shelf.put()
    shutil.copytree(shelf.files(), bundle_path(version.digest))
    (bundle_path(version.digest) / "golden.json").unlink()

    assert fetch(version).state == VersionState.FETCHED

    assert read(bundle_path(version.digest), expected_digest=version.digest)
    assert shelf.visible() == [version.digest.removeprefix("sha256:")]


@pytest.mark.django_db(transaction=True)
def test_those_who_fetch_one_version_at_once_end_with_one_sound_bundle(shelf: Shelf) -> None:
    version = shelf.put()

    fetched = at_once(*[lambda: fetch(version)] * 4)

    assert {one.state for one in fetched if isinstance(one, ModelVersion)} == {VersionState.FETCHED}
    assert read(bundle_path(version.digest), expected_digest=version.digest)
    assert shelf.visible() == [version.digest.removeprefix("sha256:")]
    assert Event.objects.filter(action="version_fetched").count() == 1


def test_a_version_that_the_registry_does_not_have_any_more_stays_registered(shelf: Shelf) -> None:
    version = shelf.put()
    shutil.rmtree(shelf.files())

    with pytest.raises(VersionNotFound):
        fetch(version)

    version.refresh_from_db()
    assert version.state == VersionState.REGISTERED
    assert shelf.visible() == []


def test_a_version_of_another_registry_than_this_one_stays_registered(shelf: Shelf) -> None:
    version = shelf.put()
    ModelVersion.objects.update(registry="mlflow")

    with pytest.raises(RegistryError, match="tiny:1 is of the registry mlflow, and REGISTRY is local"):
        fetch(version)


@pytest.mark.parametrize("pattern", ["digest", "name"])
def test_a_denied_version_is_not_fetched(shelf: Shelf, pattern: str) -> None:
    version = shelf.put()
    Denial.objects.create(
        pattern=version.digest if pattern == "digest" else "tiny:1", reason="It was trained on tests."
    )

    with pytest.raises(Denied, match=r"tiny:1 stands on the deny-list .* It was trained on tests"):
        fetch(version)

    assert shelf.visible() == []


@pytest.mark.parametrize("state", [VersionState.REJECTED, VersionState.ARCHIVED])
def test_what_was_put_away_is_never_fetched_again(shelf: Shelf, state: VersionState) -> None:
    version = brought_to(shelf.put(), state)

    with pytest.raises(InvalidTransition, match=f"tiny:1 is {state}: it is never fetched again"):
        fetch(version)

    assert shelf.visible() == []


def test_a_bundle_that_is_larger_than_all_that_may_be_kept_stays_registered(shelf: Shelf, settings: Settings) -> None:
    version = shelf.put()
    settings.MODEL_DIR_BYTES = 2_000

    with pytest.raises(NoRoom, match="MODEL_DIR_BYTES is 2,000"):
        fetch(version)

    version.refresh_from_db()
    assert version.state == VersionState.REGISTERED
    assert shelf.visible() == []


@pytest.mark.parametrize("calls_before", range(9))
def test_a_full_disk_leaves_nothing_behind_and_the_next_fetch_succeeds(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch, calls_before: int
) -> None:
    version = shelf.put()
    calls = iter(range(100))

    def full(descriptor: int) -> None:
        if next(calls) == calls_before:
            raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(NoRoom, match="cannot take the bundle: No space left"):
            fetch(version)

    version.refresh_from_db()
    assert version.state == VersionState.REGISTERED
    # What was renamed before the disk failed is whole.
    assert [read(shelf.models / name).digest for name in shelf.visible()] in ([], [version.digest])
    assert fetch(version).state == VersionState.FETCHED


def test_a_bundle_says_whose_it_is_and_the_path_of_nobody_else(shelf: Shelf, tmp_path: Path) -> None:
    version = shelf.put()
    (shelf.files() / "golden.json").write_bytes(b"{}")

    rejected = fetch(version)

    reason = Transition.objects.filter(model_version=rejected).first()
    assert reason is not None
    assert str(tmp_path) not in reason.reason
