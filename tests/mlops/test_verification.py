"""A fetched version is opened in a process of its own: it is verified, or rejected with the reason, once."""

import shutil
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import Settings

from audit.models import Event
from audit.services import record
from components.models import User
from mlops.contracts import VersionState
from mlops.exceptions import CannotExamine, Denied, InvalidTransition
from mlops.models import Denial, ModelVersion, Transition, Verification
from mlops.runtime import examiner
from mlops.services import verification
from mlops.services.fetching import fetch
from mlops.services.serving import bundle_path
from mlops.services.verification import verify
from tests.at_once import at_once
from tests.bad_bundles import MEMORY
from tests.bundles import tiny_model
from tests.mlops.shelved import Shelf, brought_to
from tests.mlops.signers import new_keys

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("limits")]


def test_a_sound_version_is_verified_and_what_was_found_is_kept(shelf: Shelf, admin: User) -> None:
    version = verify(fetch(shelf.put()), by=admin)

    assert version.state == VersionState.VERIFIED
    kept = Verification.objects.get(model_version=version)
    assert kept.passed
    assert [check["name"] for check in kept.checks][:3] == ["files", "opening", "inputs and outputs"]
    assert all(check["passed"] for check in kept.checks)
    assert kept.seconds > 0
    assert kept.peak_bytes > 30 * 1024**2
    event = Event.objects.get(action="version_verified")
    assert (event.actor_name, event.after["reason"]) == ("admin", "It passed 8 checks in a process of its own.")
    assert {row.split(":")[0] for row in event.rows} == {"mlops.transition", "mlops.verification"}


def test_a_bad_version_is_rejected_with_the_check_it_failed(shelf: Shelf) -> None:
    version = verify(fetch(shelf.put(model=tiny_model(bad=0))))

    assert version.state == VersionState.REJECTED
    kept = Verification.objects.get(model_version=version)
    assert not kept.passed
    assert kept.checks[-1]["name"] == "different answers"
    transition = Transition.objects.filter(model_version=version).first()
    assert transition is not None
    assert transition.reason == (
        f"different answers: {kept.checks[-1]['detail']} "
        "Have it packed anew, and register it under a version of its own."
    )
    assert Event.objects.get(action="version_rejected").after["reason"] == transition.reason
    assert bundle_path(version.digest).is_dir()


@pytest.mark.parametrize("states", [(VersionState.VERIFIED,), (VersionState.VERIFIED, VersionState.CANDIDATE)])
def test_a_version_that_passed_is_not_opened_again(shelf: Shelf, states: tuple[VersionState, ...]) -> None:
    version = brought_to(fetch(shelf.put()), *states)

    assert verify(version).state == states[-1]

    assert not Verification.objects.exists()


@pytest.mark.parametrize("state", [None, VersionState.REJECTED, VersionState.ARCHIVED])
def test_a_version_that_was_not_fetched_cannot_be_verified(shelf: Shelf, state: VersionState | None) -> None:
    version = shelf.put()
    version = brought_to(version, state) if state else version

    with pytest.raises(InvalidTransition, match=f"tiny:1 is {version.state}: only a version that was fetched can be"):
        verify(version)

    assert not Verification.objects.exists()


def test_a_denied_version_is_not_opened(shelf: Shelf) -> None:
    version = fetch(shelf.put())
    Denial.objects.create(pattern="tiny:1", reason="Recalled.")

    with pytest.raises(Denied, match="Recalled"):
        verify(version)

    assert not Verification.objects.exists()


def test_files_that_were_damaged_here_are_nothing_against_the_version(shelf: Shelf) -> None:
    version = fetch(shelf.put())
    (bundle_path(version.digest) / "model.onnx").write_bytes(b"half")

    assert verify(version).state == VersionState.REGISTERED

    transition = Transition.objects.filter(model_version=version).first()
    assert transition is not None
    assert transition.reason == "Its files here were lost or damaged."
    assert verify(fetch(version)).state == VersionState.VERIFIED


def test_files_that_are_damaged_while_they_are_examined_are_nothing_against_it_either(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = fetch(shelf.put())
    examine = verification.examine

    def examine_late(*arguments: object, **options: object) -> object:
        shutil.rmtree(bundle_path(version.digest))
        return examine(*arguments, **options)

    monkeypatch.setattr(verification, "examine", examine_late)

    assert verify(version).state == VersionState.REGISTERED


def test_a_version_that_was_fetched_before_signatures_were_asked_for_needs_one_now(
    shelf: Shelf, settings: Settings, tmp_path: Path
) -> None:
    version = fetch(shelf.put())
    settings.BUNDLE_SIGNERS = str(new_keys(tmp_path, "ours").with_suffix(".pub"))

    assert verify(version).state == VersionState.REJECTED


def test_a_machine_that_cannot_do_it_leaves_the_version_as_it_was(shelf: Shelf, settings: Settings) -> None:
    version = fetch(shelf.put())
    settings.VERIFY_MEMORY_BYTES = 64 * 1024**2

    with pytest.raises(CannotExamine, match="VERIFY_MEMORY_BYTES"):
        verify(version)

    version.refresh_from_db()
    assert version.state == VersionState.FETCHED
    assert not Verification.objects.exists()
    settings.VERIFY_MEMORY_BYTES = MEMORY
    assert verify(version).state == VersionState.VERIFIED


def test_what_cannot_be_recorded_did_not_happen(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    version = fetch(shelf.put())

    def full(action: str, **fields: object) -> object:
        if action == "version_verified":
            raise OSError(28, "No space left on device")
        return record(action, **fields)

    monkeypatch.setattr("mlops.services.lifecycle.record", full)
    with pytest.raises(OSError, match="No space left"):
        verify(version)

    version.refresh_from_db()
    assert version.state == VersionState.FETCHED
    assert not Verification.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_those_who_verify_one_version_at_once_keep_one_verification(shelf: Shelf) -> None:
    version = fetch(shelf.put())

    verified = at_once(*[lambda: verify(version)] * 3)

    assert {one.state for one in verified if isinstance(one, ModelVersion)} == {VersionState.VERIFIED}
    assert Verification.objects.count() == 1
    assert Event.objects.filter(action="version_verified").count() == 1


def test_no_lock_is_held_while_a_version_is_examined(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    version = fetch(shelf.put())
    before, inside = len(connection.savepoint_ids), []
    run = examiner.run

    def watched(*arguments: object, **options: object) -> object:
        inside.append(len(connection.savepoint_ids))
        return run(*arguments, **options)

    monkeypatch.setattr(examiner, "run", watched)
    verify(version)
    assert inside == [before]
