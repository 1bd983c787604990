"""An entry that claims the digest of a bundle that is another's keeps that one out only until its manifest is seen."""

import json
import shutil
from pathlib import Path
from unittest.mock import Mock

import pytest
from pytest_django import Settings

from audit.models import Event
from audit.verification import verify
from components.models import User
from mlops.contracts import VersionState
from mlops.exceptions import NoRoom, RegistryUnavailable, UnsupportedFormat
from mlops.models import ModelVersion, Transition
from mlops.services import fetching, naming
from mlops.services.fetching import fetch
from mlops.services.installing import install
from mlops.services.lifecycle import move
from mlops.services.registry import register_bundle
from mlops.services.syncing import sync
from tests.bundles import write_tiny_bundle
from tests.mlops.shelved import Shelf, shelf_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelf(settings: Settings, tmp_path: Path) -> Shelf:
    return shelf_of(settings, tmp_path)


@pytest.fixture
def bundle(shelf: Shelf, tmp_path: Path) -> Path:
    """That of tiny:3, which is in the registry."""
    path = write_tiny_bundle(tmp_path / "3", version="3")
    register_bundle(path, by=None)
    return path


def claim_as(shelf: Shelf, version: str, *, files: bool = False, **fields: object) -> None:
    """Have the registry list what it says of tiny:3 under another version too, and first, with or without its files."""
    entry, other = shelf.registry / "tiny" / "3", shelf.registry / "tiny" / version
    shutil.copytree(entry, other, ignore=None if files else shutil.ignore_patterns("bundle"))
    told = json.loads((other / "metadata.json").read_bytes()) | {"created_at": "2020-01-01T00:00:00+00:00"}
    (other / "metadata.json").write_text(json.dumps(told | {"version": version} | fields), "utf-8")


def known() -> list[tuple[str, str]]:
    return [(str(version), version.state) for version in ModelVersion.objects.order_by("pk")]


def test_whom_the_manifest_names_has_the_digest_at_the_same_look(shelf: Shelf, bundle: Path) -> None:
    claim_as(shelf, "9", files=True)

    looked = sync()

    assert known() == [("tiny:3", "registered")]
    assert (looked.seen, looked.added, looked.unreadable) == (2, 1, [])
    assert sync().unreadable == ["tiny:9 has the digest of tiny:3, another version: register it under its own name."]
    assert fetch(ModelVersion.objects.get()).state == VersionState.FETCHED


def test_it_comes_after_the_other_was_made_known_and_could_not_be_fetched(
    shelf: Shelf, bundle: Path, admin: User
) -> None:
    claim_as(shelf, "9")
    hidden = (shelf.registry / "tiny" / "3").rename(shelf.registry / "later")
    sync()
    hidden.rename(shelf.registry / "tiny" / "3")
    assert known() == [("tiny:9", "registered")]

    sync(by=admin)

    version, event = ModelVersion.objects.get(), Event.objects.filter(action="version_registered").latest("position")
    assert (str(version), version.state, version.listed) == ("tiny:3", "registered", True)
    assert (event.actor_name, event.before) == ("admin", {"version": "tiny:9", "state": "registered"})
    assert event.after["reason"] == "The bundle of this digest says that it is tiny:3. As tiny:9 it was only claimed."
    assert version.source.endswith("/tiny/3")


@pytest.mark.parametrize("put_away", [VersionState.REJECTED, VersionState.ARCHIVED])
def test_what_became_of_it_under_the_other_name_does_not_keep_it_out(
    shelf: Shelf, bundle: Path, put_away: VersionState
) -> None:
    claim_as(shelf, "9")
    hidden = (shelf.registry / "tiny" / "3").rename(shelf.registry / "later")
    sync()
    move(ModelVersion.objects.get(), put_away, reason="It has no files.", by=None)
    hidden.rename(shelf.registry / "tiny" / "3")
    shutil.rmtree(shelf.registry / "tiny" / "9")

    looked = sync()

    assert (known(), looked.unreadable) == ([("tiny:3", "registered")], [])
    newest = Transition.objects.latest("pk")
    assert (newest.from_state, newest.to_state) == (put_away, "registered")
    assert list(ModelVersion.objects.registered_awaiting_fetch()) == [ModelVersion.objects.get()]


@pytest.mark.parametrize(
    "failure",
    [
        RegistryUnavailable("The registry does not answer."),
        NoRoom("The disk is full."),
        UnsupportedFormat("The bundle is of format 9: upgrade the application first."),
        OSError("No space left on device"),
    ],
    ids=lambda failure: type(failure).__name__,
)
def test_while_it_cannot_be_told_whose_the_digest_is_that_is_said_and_the_next_look_tells(
    shelf: Shelf, bundle: Path, failure: Exception
) -> None:
    claim_as(shelf, "9")

    with pytest.MonkeyPatch.context() as patched:
        # Between the listing and the reading of a file no real registry can be made to fail.
        patched.setattr(naming, "read_manifest", Mock(side_effect=failure))
        looked = sync()

    told = f"tiny:3 has the digest of tiny:9, and which of them it is cannot be told now: {failure}"
    assert (known(), looked.unreadable) == ([("tiny:9", "registered")], [told])
    sync()
    assert known() == [("tiny:3", "registered")]


def test_the_audit_tells_of_the_new_name_and_finds_nothing_wrong(shelf: Shelf, bundle: Path, tmp_path: Path) -> None:
    claim_as(shelf, "9", files=True)
    sync()
    assert known() == [("tiny:3", "registered")]

    assert verify(tmp_path / "anchors.jsonl").findings == []


def test_a_version_whose_manifest_was_seen_keeps_its_name_and_state(shelf: Shelf, bundle: Path) -> None:
    sync()
    rejected = move(fetch(ModelVersion.objects.get()), VersionState.REJECTED, reason="It was bad.", by=None)
    claim_as(shelf, "9", files=True)

    looked = sync()

    assert known() == [("tiny:3", "rejected")]
    assert looked.unreadable == ["tiny:9 has the digest of tiny:3, another version: register it under its own name."]
    assert rejected.manifest == ModelVersion.objects.get().manifest


def test_what_is_rejected_under_its_own_name_before_it_is_fetched_stays_so(shelf: Shelf, bundle: Path) -> None:
    sync()
    move(ModelVersion.objects.get(), VersionState.REJECTED, reason="Not wanted.", by=None)
    claim_as(shelf, "9", files=True)

    sync()

    assert known() == [("tiny:3", "rejected")]


def test_a_fetch_under_the_other_name_that_ends_after_it_was_set_right_rejects_nothing(
    shelf: Shelf, bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim_as(shelf, "9", files=True)
    hidden = (shelf.registry / "tiny" / "3").rename(shelf.registry / "later")
    sync()
    bring = fetching._bring

    def set_right_meanwhile(version: ModelVersion) -> object:
        hidden.rename(shelf.registry / "tiny" / "3")
        sync()
        return bring(version)

    monkeypatch.setattr(fetching, "_bring", set_right_meanwhile)

    fetch(ModelVersion.objects.get())

    assert known() == [("tiny:3", "registered")]


def test_installing_the_bundle_itself_sets_the_name_right(shelf: Shelf, bundle: Path) -> None:
    claim_as(shelf, "9")
    shutil.rmtree(shelf.registry / "tiny" / "3")
    sync()
    move(ModelVersion.objects.get(), VersionState.REJECTED, reason="It has no files.", by=None)

    install(bundle)

    assert known() == [("tiny:3", "verified")]
