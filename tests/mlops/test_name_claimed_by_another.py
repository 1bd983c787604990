"""A claim that nobody has proven keeps the bundle of that name out only until its manifest is seen."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from unittest.mock import Mock

import pytest

from audit.models import Event
from audit.verification import verify
from components.models import User
from mlops.contracts import VersionState
from mlops.exceptions import Denied, RegistryUnavailable
from mlops.models import Denial, ModelVersion
from mlops.registries.base import RegisteredVersion, RemoteFile
from mlops.runtime.bundle import read
from mlops.services import fetching, naming, registry
from mlops.services.fetching import fetch
from mlops.services.first_champion import ensure_champion
from mlops.services.installing import install
from mlops.services.lifecycle import move
from mlops.services.registry import register_bundle
from mlops.services.syncing import sync
from tests.at_once import at_once
from tests.bundles import write_tiny_bundle
from tests.mlops.pretended import Pretended, entry
from tests.mlops.shelved import Shelf

pytestmark = pytest.mark.django_db
WRONG = "sha256:" + "f" * 64


@pytest.fixture
def digest_of(shelf: Shelf, tmp_path: Path) -> Callable[[str], str]:
    """The digest of the bundle of a version, which is in the registry, and at tmp_path under its number."""

    def register(version: str) -> str:
        return register_bundle(write_tiny_bundle(tmp_path / version, version=version), by=None).digest

    return register


def known() -> list[tuple[str, str, str, bool]]:
    versions = ModelVersion.objects.order_by("version")
    return [(str(version), version.digest, version.state, version.listed) for version in versions]


def looked() -> list[str]:
    return list(sync().unreadable)


def claim_in_order(shelf: Shelf, *digests: str) -> None:
    """The registry says these digests of the versions 1, 2, …"""
    for number, digest in enumerate(digests, 1):
        shelf.claim(str(number), digest=digest)


@pytest.mark.parametrize("ended", [None, VersionState.REJECTED, VersionState.ARCHIVED])
def test_a_digest_that_the_registry_puts_right_is_followed(
    shelf: Shelf, digest_of: Callable[[str], str], admin: User, ended: VersionState | None, tmp_path: Path
) -> None:
    digest = digest_of("1")
    shelf.claim("1", digest=WRONG)
    sync()
    assert known() == [("tiny:1", WRONG, "registered", True)]
    if ended:
        move(ModelVersion.objects.get(), ended, reason="It has no files.", by=None)

    shelf.claim("1", digest=digest)
    sentences = list(sync(by=admin).unreadable)

    assert (known(), sentences) == ([("tiny:1", digest, "registered", True)], [])
    event = Event.objects.filter(action="version_registered").latest("position")
    assert (event.actor_name, event.after["digest"]) == ("admin", digest)
    assert event.before == {"version": "tiny:1", "state": ended or "registered", "digest": WRONG}
    assert verify(tmp_path / "anchors.jsonl").findings == []
    assert fetch(ModelVersion.objects.get()).state == VersionState.FETCHED


def test_two_whose_digests_were_exchanged_get_their_own(
    shelf: Shelf, digest_of: Callable[[str], str], tmp_path: Path
) -> None:
    one, two = digest_of("1"), digest_of("2")
    claim_in_order(shelf, two, one)
    sync()
    for version in ModelVersion.objects.all():
        assert fetch(version).state == VersionState.REJECTED

    claim_in_order(shelf, one, two)

    assert looked() == []
    assert known() == [("tiny:1", one, "registered", True), ("tiny:2", two, "registered", True)]
    assert verify(tmp_path / "anchors.jsonl").findings == []
    assert [fetch(version).state for version in ModelVersion.objects.all()] == [VersionState.FETCHED] * 2


def test_three_whose_digests_went_round_get_their_own(shelf: Shelf, digest_of: Callable[[str], str]) -> None:
    own = {version: digest_of(version) for version in "123"}
    for version, claimed in zip("123", "231", strict=True):
        shelf.claim(version, digest=own[claimed])
    sync()

    for version in "123":
        shelf.claim(version, digest=own[version])

    assert looked() == []
    assert known() == [(f"tiny:{version}", own[version], "registered", True) for version in "123"]


@pytest.mark.django_db(transaction=True)
def test_those_who_put_digests_right_at_once_all_end_well(
    shelf: Shelf, digest_of: Callable[[str], str], tmp_path: Path
) -> None:
    one, two = digest_of("1"), digest_of("2")
    claim_in_order(shelf, two, one)
    sync()
    claim_in_order(shelf, one, two)

    at_once(sync, partial(install, tmp_path / "2"), sync, sync)

    assert looked() == []
    assert known() == [("tiny:1", one, "registered", True), ("tiny:2", two, "verified", True)]


def test_a_name_whose_manifest_was_seen_is_kept(shelf: Shelf, digest_of: Callable[[str], str], tmp_path: Path) -> None:
    install(write_tiny_bundle(tmp_path / "other", threshold=0.6))
    proven, digest = ModelVersion.objects.get().digest, digest_of("1")
    assert proven != digest

    assert looked() == [
        (
            f"tiny:1 is known here with the digest {proven}, and the registry says {digest}: "
            "give this bundle a version of its own."
        )
    ]
    assert known() == [("tiny:1", proven, "verified", False)]


class Claimed(Pretended):
    """Lists one name, or one digest, more than once, and has the manifests of the bundles that it was given."""

    def __init__(self, *versions: RegisteredVersion, bundles: Sequence[Path] = ()) -> None:
        super().__init__(*versions)
        self._manifests = {read(bundle).digest: bundle / "manifest.json" for bundle in bundles}
        self.asked: list[str] = []

    def files(self, version: RegisteredVersion) -> Iterator[RemoteFile]:
        self.asked.append(version.registry_version)
        path = self._manifests.get(version.digest)
        return iter([] if path is None else [RemoteFile(path.name, path.stat().st_size, partial(opened, path))])


@contextmanager
def opened(path: Path) -> Iterator[Iterator[bytes]]:
    yield iter([path.read_bytes()])


@pytest.fixture
def two(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Claimed:
    """Two bundles that both say that they are tiny:1."""
    bundles = [write_tiny_bundle(tmp_path / "a"), write_tiny_bundle(tmp_path / "b", threshold=0.6)]
    listed = (entry(n, version="1", digest=read(bundle).digest) for n, bundle in enumerate(bundles, start=1))
    claimed = Claimed(*listed, bundles=bundles)
    monkeypatch.setattr(registry, "current", lambda: claimed)
    return claimed


def test_of_two_bundles_with_one_name_the_first_keeps_it_at_every_look(two: Claimed) -> None:
    first, second = (entry.digest for entry in two.listed)

    for _ in range(3):
        assert looked() == [
            (
                f"tiny:1 is known here with the digest {first}, and the registry says {second}: "
                "give this bundle a version of its own."
            )
        ]
        assert known() == [("tiny:1", first, "registered", True)]
    assert two.asked == ["2", "1"]


def test_the_second_has_the_name_once_the_first_is_taken_out(two: Claimed) -> None:
    sync()
    del two.listed[0]

    # At this look the first still counts as listed: the look ends with that it is not.
    assert len(looked()) == 1
    assert looked() == []
    assert known() == [("tiny:1", two.listed[0].digest, "registered", True)]


def test_while_it_cannot_be_told_whose_the_name_is_that_is_said_and_the_next_look_tells(
    shelf: Shelf, digest_of: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    digest = digest_of("1")
    shelf.claim("1", digest=WRONG)
    sync()
    shelf.claim("1", digest=digest)

    with pytest.MonkeyPatch.context() as patched:
        # Between the listing and the reading of a file no real registry can be made to fail.
        patched.setattr(naming, "read_manifest", Mock(side_effect=RegistryUnavailable("It does not answer.")))
        sentences = looked()

    told = f"tiny:1 is here with {WRONG}, and which of them it is cannot be told now: It does not answer."
    assert (sentences, ModelVersion.objects.get().digest) == ([told], WRONG)
    assert looked() == []
    assert ModelVersion.objects.get().digest == digest


def test_a_fetch_of_the_wrong_digest_that_ends_after_it_was_put_right_rejects_nothing(
    shelf: Shelf, digest_of: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    digest = digest_of("1")
    shelf.claim("1", digest=WRONG)
    sync()
    bring = fetching._bring

    def put_right_meanwhile(version: ModelVersion) -> object:
        shelf.claim("1", digest=digest)
        sync()
        return bring(version)

    monkeypatch.setattr(fetching, "_bring", put_right_meanwhile)

    fetch(ModelVersion.objects.get())

    assert known() == [("tiny:1", digest, "registered", True)]


def test_a_claim_that_was_refuted_is_not_asked_again_at_every_look(monkeypatch: pytest.MonkeyPatch) -> None:
    claimed = Claimed(entry(1), *(entry(number, digest=entry(1).digest) for number in range(2, 12)))
    monkeypatch.setattr(registry, "current", lambda: claimed)
    assert len(looked()) == 10
    assert len(claimed.asked) == 10

    assert len(looked()) == 10
    assert len(claimed.asked) == 10

    monkeypatch.setattr(naming, "REMEMBERED_SECONDS", 0.0)
    assert len(looked()) == 10
    assert len(claimed.asked) == 20


def test_installing_the_bundle_itself_takes_its_name_back(
    shelf: Shelf, digest_of: Callable[[str], str], tmp_path: Path
) -> None:
    digest = digest_of("1")
    shelf.claim("1", digest=WRONG)
    sync()
    move(ModelVersion.objects.get(), VersionState.REJECTED, reason="It has no files.", by=None)

    version = install(tmp_path / "1")

    assert known() == [("tiny:1", digest, "verified", False)]
    assert (version.registry, version.lineage) == ("", version.manifest["lineage"])
    assert verify(tmp_path / "anchors.jsonl").findings == []
    assert len(looked()) == 1
    assert known() == [("tiny:1", digest, "verified", False)]


def test_installing_one_of_two_whose_digests_were_exchanged_sets_both_right(
    shelf: Shelf, digest_of: Callable[[str], str], tmp_path: Path
) -> None:
    one, two = digest_of("1"), digest_of("2")
    claim_in_order(shelf, two, one)
    sync()

    install(tmp_path / "1")

    assert known() == [("tiny:1", one, "verified", False), ("tiny:2", two, "registered", False)]


def test_what_is_denied_takes_no_name_back(shelf: Shelf, digest_of: Callable[[str], str], tmp_path: Path) -> None:
    digest = digest_of("1")
    shelf.claim("1", digest=WRONG)
    sync()
    Denial.objects.create(pattern=digest, reason="Recalled.")

    with pytest.raises(Denied, match="Recalled"):
        install(tmp_path / "1")

    assert known() == [("tiny:1", WRONG, "registered", True)]


def test_an_entry_with_the_name_of_the_first_champion_does_not_keep_it_out(
    shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, no_champion: None
) -> None:
    monkeypatch.setattr(registry, "current", lambda: Pretended(entry(7, version="1")))
    sync()

    champion = ensure_champion(write_tiny_bundle(tmp_path / "first"))

    assert (str(champion), champion.state) == ("tiny:1", "verified")
    assert ModelVersion.objects.get() == champion
