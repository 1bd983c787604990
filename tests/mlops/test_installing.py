"""A bundle from a directory becomes a model version whole, or not at all."""

import os
import shutil
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from pytest_django import Settings

from audit.models import Event
from components.models import User
from mlops.contracts import VersionState
from mlops.exceptions import ArtifactCorrupt, Denied, InvalidTransition
from mlops.models import Denial, ModelVersion
from mlops.runtime.bundle import read
from mlops.runtime.incoming import ABANDONED_SECONDS, INCOMING
from mlops.services import installing
from mlops.services.fetching import fetch
from mlops.services.installing import bring_files, install
from mlops.services.lifecycle import move
from mlops.services.serving import bundle_path
from tests.at_once import at_once
from tests.bundles import reseal, write_tiny_bundle
from tests.mlops.shelved import Shelf, brought_to

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def model_dir(settings: Settings, tmp_path: Path) -> Path:
    settings.MODEL_DIR = tmp_path / "models"
    return tmp_path / "models"


def test_the_version_is_kept_with_its_manifest_and_card_and_the_bundle_is_copied(tmp_path: Path) -> None:
    source = write_tiny_bundle(tmp_path / "tiny", version="7")

    version = install(source)

    version.refresh_from_db()
    assert (str(version), version.digest) == ("tiny:7", read(source).digest)
    assert version.manifest["regulation"] == "TREY-2019-1"
    assert version.card.startswith("# tiny")
    assert version.bytes == sum(file.stat().st_size for file in source.iterdir())
    shutil.rmtree(source)
    assert read(bundle_path(version.digest), expected_digest=version.digest).model_version == "tiny:7"


@pytest.mark.parametrize("harmless", ["C:\\u0000", "\\ud800", "\\\\u0000 \U0001f697"])
def test_a_backslash_in_the_manifest_is_kept_as_it_is(tmp_path: Path, harmless: str) -> None:
    source = write_tiny_bundle(tmp_path / "tiny")
    reseal(source, {"lineage": {"directory": harmless, harmless: [harmless]}})

    version = install(source)

    version.refresh_from_db()
    assert version.manifest["lineage"] == {"directory": harmless, harmless: [harmless]}


@pytest.mark.parametrize(("unstorable", "told"), [("a\0b", "NUL"), ("\ud800", "half a character")])
@pytest.mark.parametrize("place", ["value", "name", "list"])
def test_what_no_database_takes_is_refused_wherever_it_stands(
    tmp_path: Path, unstorable: str, told: str, place: str
) -> None:
    source = write_tiny_bundle(tmp_path / "tiny")
    lineage = {"value": {"a": unstorable}, "name": {unstorable: 1}, "list": {"a": [[unstorable]]}}[place]
    reseal(source, {"lineage": lineage})

    with pytest.raises(ArtifactCorrupt, match=told):
        install(source)

    assert not ModelVersion.objects.exists()


def test_installing_again_changes_nothing(tmp_path: Path) -> None:
    source = write_tiny_bundle(tmp_path / "tiny")

    assert install(source) == install(source)

    assert ModelVersion.objects.count() == 1


def lose(copy: Path) -> None:
    shutil.rmtree(copy)


def truncate(copy: Path) -> None:
    (copy / "model.onnx").write_bytes(b"half")


def add_to(copy: Path) -> None:
    (copy / "more").mkdir()


def empty(copy: Path) -> None:
    lose(copy)
    copy.mkdir()


def make_a_file_of(copy: Path) -> None:
    lose(copy)
    copy.touch()


def lead_nowhere(copy: Path) -> None:
    lose(copy)
    copy.symlink_to("nowhere")


DAMAGES = [lose, truncate, add_to, empty, make_a_file_of, lead_nowhere]


@pytest.mark.parametrize("damage", DAMAGES)
def test_installing_again_heals_the_copy(tmp_path: Path, model_dir: Path, damage: Callable[[Path], None]) -> None:
    source = write_tiny_bundle(tmp_path / "tiny")
    version = install(source)
    copy = bundle_path(version.digest)
    damage(copy)

    install(source)

    assert read(copy, expected_digest=version.digest)
    assert list(model_dir.iterdir()) == [copy]


@pytest.mark.parametrize("damage", DAMAGES)
def test_those_who_heal_one_copy_at_once_all_end_well(
    tmp_path: Path, model_dir: Path, damage: Callable[[Path], None]
) -> None:
    source = write_tiny_bundle(tmp_path / "tiny")
    digest = install(source).digest
    copy = bundle_path(digest)
    for _ in range(4):
        damage(copy)
        at_once(*[partial(bring_files, source, digest)] * 4)
        assert read(copy, expected_digest=digest)
        assert list(model_dir.iterdir()) == [copy]


@pytest.mark.parametrize("calls_before", range(9))
def test_a_disk_that_fails_leaves_no_copy_that_is_not_whole(
    tmp_path: Path, model_dir: Path, monkeypatch: pytest.MonkeyPatch, calls_before: int
) -> None:
    source = write_tiny_bundle(tmp_path / "tiny")
    flush, calls = os.fsync, iter(range(100))

    def full(descriptor: int) -> None:
        if next(calls) >= calls_before:
            raise OSError(28, "No space left on device")
        flush(descriptor)

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        install(source)

    assert not ModelVersion.objects.exists()
    assert [read(path).model_version for path in model_dir.iterdir()] in ([], ["tiny:1"])


def left_by_a_kill(model_dir: Path, *, seconds_ago: float) -> Path:
    """What an installation that was killed so long ago has left."""
    left = model_dir / f"{INCOMING}{seconds_ago:.0f}"
    (left / "bundle").mkdir(parents=True)
    (left / "bundle" / "model.onnx").write_bytes(b"half")
    os.utime(left, times=(time.time() - seconds_ago,) * 2)
    return left


def test_the_next_installation_removes_what_a_killed_one_left_and_nothing_that_is_under_way(
    tmp_path: Path, model_dir: Path
) -> None:
    abandoned = left_by_a_kill(model_dir, seconds_ago=ABANDONED_SECONDS + 60)
    under_way = left_by_a_kill(model_dir, seconds_ago=ABANDONED_SECONDS - 60)

    copy = bundle_path(install(write_tiny_bundle(tmp_path / "tiny")).digest)

    assert not abandoned.exists()
    assert set(model_dir.iterdir()) == {under_way, copy}


def test_what_leads_elsewhere_is_not_followed(tmp_path: Path, model_dir: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    model_dir.mkdir()
    (model_dir / f"{INCOMING}link").symlink_to(elsewhere)
    os.utime(model_dir / f"{INCOMING}link", times=(0, 0), follow_symlinks=False)

    install(write_tiny_bundle(tmp_path / "tiny"))

    assert elsewhere.is_dir()


def test_a_tampered_bundle_leaves_nothing_behind(tmp_path: Path, model_dir: Path) -> None:
    source = write_tiny_bundle(tmp_path / "tiny")
    (source / "golden.json").write_bytes(b"{}")

    with pytest.raises(ArtifactCorrupt, match=r"golden\.json"):
        install(source)

    assert not ModelVersion.objects.exists()
    assert not model_dir.exists()


def test_one_name_and_version_stands_for_one_bundle(tmp_path: Path) -> None:
    install(write_tiny_bundle(tmp_path / "one"))
    other = write_tiny_bundle(tmp_path / "other")
    reseal(other, {"threshold": 0.6})

    with pytest.raises(ArtifactCorrupt, match="its own version"):
        install(other)

    assert ModelVersion.objects.count() == 1


@pytest.mark.parametrize("done", [0, 1], ids=["registered", "fetched"])
def test_a_bundle_that_a_registry_listed_first_is_verified_by_its_installation(
    shelf: Shelf, admin: User, done: int
) -> None:
    version = shelf.put()
    for _ in range(done):
        fetch(version)

    installed = install(shelf.files(), by=admin)

    assert (installed, installed.state) == (version, VersionState.VERIFIED)
    assert installed.manifest["regulation"] == "TREY-2019-1"
    assert installed.card.startswith("# tiny")
    assert installed.bytes == sum(file.stat().st_size for file in shelf.files().iterdir())
    assert read(bundle_path(installed.digest)).digest == installed.digest
    newest = installed.transitions.first()
    assert newest is not None
    assert (newest.reason, newest.by) == ("Installed here from a directory, and found sound.", admin)
    assert Event.objects.filter(action="version_verified").count() == 1


@pytest.mark.parametrize("state", [VersionState.REJECTED, VersionState.ARCHIVED])
def test_what_was_put_away_here_is_not_installed(shelf: Shelf, state: VersionState) -> None:
    version = brought_to(shelf.put(), state)

    with pytest.raises(InvalidTransition, match=f"tiny:1 is {state} here, for good: install another version"):
        install(shelf.files())

    version.refresh_from_db()
    assert (version.state, shelf.visible()) == (state, [])


@pytest.mark.parametrize("known", [True, False], ids=["known", "new"])
@pytest.mark.parametrize("pattern", ["digest", "name"])
def test_what_is_denied_is_not_installed(shelf: Shelf, tmp_path: Path, pattern: str, known: bool) -> None:
    source = shelf.files() if known and shelf.put() else write_tiny_bundle(tmp_path / "tiny")
    Denial.objects.create(pattern=read(source).digest if pattern == "digest" else "tiny:1", reason="Recalled.")

    with pytest.raises(Denied, match=r"tiny:1 stands on the deny-list .* Recalled"):
        install(source)

    assert ModelVersion.objects.in_state(VersionState.VERIFIED).count() == 0
    assert shelf.visible() == []


def archive(version: ModelVersion) -> None:
    move(version, VersionState.ARCHIVED, reason="Not wanted.", by=None)


def deny(version: ModelVersion) -> None:
    Denial.objects.create(pattern=version.digest, reason="Recalled.")


@pytest.mark.parametrize(
    ("put_away", "refusal"), [(archive, InvalidTransition), (deny, Denied)], ids=["archived", "denied"]
)
def test_what_is_put_away_while_its_files_are_copied_is_not_verified(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch, put_away: Callable[[ModelVersion], None], refusal: type[Exception]
) -> None:
    version = shelf.put()

    def copied_meanwhile(source: Path, digest: str) -> None:
        bring_files(source, digest)
        put_away(version)

    monkeypatch.setattr(installing, "bring_files", copied_meanwhile)

    with pytest.raises(refusal):
        install(shelf.files())

    assert ModelVersion.objects.in_state(VersionState.VERIFIED).count() == 0
