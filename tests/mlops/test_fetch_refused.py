"""Whatever a registry hands out that is not the bundle it lists: the version is rejected, with a reason to read."""

import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from itertools import count
from pathlib import Path

import pytest
from pytest_django import Settings

from audit.models import Event
from mlops.contracts import VersionState
from mlops.exceptions import KeyUnusable, RegistryUnavailable, UnsupportedFormat
from mlops.models import ModelVersion, Transition
from mlops.registries.base import RegisteredVersion, RemoteFile
from mlops.runtime.bundle import FILES, LARGEST
from mlops.services import registry
from mlops.services.fetching import fetch
from tests import tampering
from tests.bundles import reseal
from tests.mlops.pretended import Pretended
from tests.mlops.shelved import Shelf
from tests.mlops.signers import new_keys

pytestmark = pytest.mark.django_db


def require_rejected(shelf: Shelf, version: ModelVersion, reason: str) -> None:
    """Fetch it, and see that nothing is left but the reason."""
    assert fetch(version).state == VersionState.REJECTED
    transition = Transition.objects.filter(model_version=version).first()
    assert transition is not None
    assert reason in transition.reason
    assert transition.reason.endswith("Have it packed anew, and register it under a version of its own.")
    assert Event.objects.get(action="version_rejected").after["reason"] == transition.reason
    assert shelf.visible() == []


@pytest.mark.parametrize(
    ("tamper", "reason"),
    [
        (tampering.truncate, "model.onnx has"),
        (tampering.lengthen, "model.onnx has"),
        (tampering.exchange_a_byte, "model.onnx is not the file of the manifest: its SHA-256 differs"),
        (tampering.change_the_manifest, "was expected"),
        (tampering.exchange, "was expected"),
        (tampering.forget_the_digest, "DIGEST is not one line"),
        (tampering.lose, "tokenizer.json is missing"),
        (tampering.add, "'run.py' does not belong in a bundle"),
        (tampering.add_a_folder, "'more' of tiny:1 is not a regular file"),
        (tampering.write_in_capitals, "'CARD.md' is the name of a bundle's file in another case"),
        (tampering.lead_elsewhere, "'card.md' of tiny:1 is not a regular file"),
        (tampering.swell, "card.md has 8388609 bytes, more than the 8388608 it may have"),
    ],
)
def test_what_was_tampered_with_in_the_registry_is_rejected(
    shelf: Shelf, tamper: Callable[[Path], None], reason: str
) -> None:
    version = shelf.put()
    tamper(shelf.files())
    require_rejected(shelf, version, reason)


def test_a_bundle_for_another_regulation_than_the_registry_says_is_rejected(shelf: Shelf) -> None:
    version = shelf.put()
    ModelVersion.objects.update(regulation_code="TREY-2030-1")
    require_rejected(
        shelf,
        version,
        "The registry says that it is tiny:1 for TREY-2030-1, its manifest says tiny:1 for TREY-2019-1.",
    )


def test_a_bundle_of_another_version_than_the_registry_says_is_rejected(shelf: Shelf) -> None:
    version = shelf.put()
    shutil.copytree(shelf.files().parent, shelf.files("2").parent)
    ModelVersion.objects.update(version="2", registry_version="1")
    require_rejected(shelf, version, "its manifest says tiny:1")


@contextmanager
def pieces_of(*pieces: bytes) -> Iterator[Iterator[bytes]]:
    yield iter(pieces)


class Lying(Pretended):
    """Hands out the files of a real bundle, and others as it is told."""

    def __init__(self, bundle: Path, *lies: RemoteFile) -> None:
        super().__init__()
        self._bundle = bundle
        self._lies = {lie.path: lie for lie in lies}
        self.doubled: Iterable[RemoteFile] = ()

    def files(self, version: RegisteredVersion) -> Iterator[RemoteFile]:
        for name in FILES:
            content = (self._bundle / name).read_bytes()
            yield self._lies.pop(name, RemoteFile(name, len(content), partial(pieces_of, content)))
        yield from self._lies.values()
        yield from self.doubled


@pytest.mark.parametrize(
    "path",
    ["/etc/cron.d/job", "../../DIGEST", "..", ".", "", "bundle/DIGEST", "./DIGEST", "DIGEST/", "a\\DIGEST", "C:DIGEST",
     "DIGEST ", "digest", "DIGEST\0", "DIGEST\n", ".incoming-1"],
)  # fmt: skip
def test_a_name_that_is_none_of_the_seven_is_rejected_before_a_byte_of_it_is_read(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, path: str
) -> None:
    version = shelf.put()

    def never() -> Iterator[bytes]:
        raise AssertionError("It was opened.")

    lying = Lying(shelf.files(), RemoteFile(path, 1, contextmanager(never)))
    monkeypatch.setattr(registry, "current", lambda: lying)
    before = sorted(tmp_path.rglob("*"))

    require_rejected(shelf, version, repr(path))

    assert [new for new in sorted(tmp_path.rglob("*")) if new not in before] in ([], [shelf.models])


@pytest.mark.parametrize("name", ["DIGEST", "manifest.json", "model.onnx"])
def test_a_file_that_is_listed_twice_is_rejected(shelf: Shelf, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    version = shelf.put()
    lying = Lying(shelf.files())
    content = (shelf.files() / name).read_bytes()
    lying.doubled = (RemoteFile(name, len(content), partial(pieces_of, content)),)
    monkeypatch.setattr(registry, "current", lambda: lying)
    require_rejected(shelf, version, f"{name} is listed twice")


def test_a_listing_without_end_is_not_read_to_it(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    version = shelf.put()
    lying = Lying(shelf.files())
    lying.doubled = (RemoteFile(f"more-{number}", 1, partial(pieces_of, b"1")) for number in count())
    monkeypatch.setattr(registry, "current", lambda: lying)
    require_rejected(shelf, version, "'more-0' does not belong in a bundle")


def test_a_bundle_of_a_newer_format_waits_for_a_release_that_reads_it(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = shelf.put()
    reseal(shelf.files(), {"format": 2})
    (shelf.files() / "weights.bin").write_bytes(b"of another time")
    digest = (shelf.files() / "DIGEST").read_text().strip()
    ModelVersion.objects.update(digest=digest)

    with pytest.raises(UnsupportedFormat, match="of format 2 and this release reads format 1: upgrade"):
        fetch(version)

    version.refresh_from_db()
    assert version.state == VersionState.REGISTERED
    assert shelf.visible() == []


@pytest.mark.parametrize("size", [-1, LARGEST["model.onnx"] + 1, 10**18, 5])
def test_a_size_that_no_bundle_has_is_rejected(shelf: Shelf, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    version = shelf.put()
    lying = Lying(shelf.files(), RemoteFile("model.onnx", size, partial(pieces_of, b"")))
    monkeypatch.setattr(registry, "current", lambda: lying)
    require_rejected(shelf, version, f"model.onnx has {size} bytes")


def test_a_file_that_goes_on_after_its_end_is_stopped_there(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    version = shelf.put()
    size, read = (shelf.files() / "card.md").stat().st_size, []

    @contextmanager
    def endless() -> Iterator[Iterator[bytes]]:
        yield (read.append(1) or bytes(size) for _ in range(10**9))

    lying = Lying(shelf.files(), RemoteFile("card.md", size, endless))
    monkeypatch.setattr(registry, "current", lambda: lying)

    require_rejected(shelf, version, f"card.md goes on after the {size} bytes that the registry said it has")

    assert len(read) == 2


def cut() -> Iterator[Iterator[bytes]]:
    def pieces() -> Iterator[bytes]:
        yield b"# tiny"
        raise RegistryUnavailable("The connection was cut off.")

    yield pieces()


@pytest.mark.parametrize(
    ("opener", "problem"),
    [
        (contextmanager(cut), "cut off"),
        (partial(pieces_of, b"# tiny"), r"card.md ended after 6 of \d+ bytes"),
    ],
    ids=["it says so", "it does not say so"],
)
def test_a_download_that_is_cut_off_is_nobodys_fault_and_is_fetched_again(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch, opener: Callable[[], object], problem: str
) -> None:
    version = shelf.put()
    whole = RemoteFile("card.md", (shelf.files() / "card.md").stat().st_size, partial(pieces_of, b""))
    with monkeypatch.context() as patched:
        patched.setattr(registry, "current", lambda: Lying(shelf.files(), replace(whole, open=opener)))
        with pytest.raises(RegistryUnavailable, match=problem):
            fetch(version)
        assert shelf.visible() == []

    assert fetch(version).state == VersionState.FETCHED


@pytest.fixture
def keys(tmp_path: Path) -> Callable[[str], Path]:
    """`keys(name)` is the file of a new private key, with its public half beside it, name.pub."""
    return partial(new_keys, tmp_path)


def test_a_bundle_that_one_of_the_signers_signed_is_fetched(
    shelf: Shelf, settings: Settings, keys: Callable[[str], Path]
) -> None:
    ours = keys("ours")
    settings.BUNDLE_SIGNERS = str(ours.with_suffix(".pub"))
    assert fetch(shelf.put(sign_with=ours)).state == VersionState.FETCHED


def test_a_bundle_that_is_not_signed_is_rejected_where_signatures_are_asked_for(
    shelf: Shelf, settings: Settings, keys: Callable[[str], Path]
) -> None:
    settings.BUNDLE_SIGNERS = str(keys("ours").with_suffix(".pub"))
    require_rejected(shelf, shelf.put(), "is not signed, and BUNDLE_SIGNERS asks for it")


def test_a_bundle_that_another_signed_is_rejected(
    shelf: Shelf, settings: Settings, keys: Callable[[str], Path]
) -> None:
    settings.BUNDLE_SIGNERS = str(keys("ours").with_suffix(".pub"))
    require_rejected(shelf, shelf.put(sign_with=keys("another's")), "None of the 1 signers in BUNDLE_SIGNERS signed")


def test_a_signature_of_another_bundle_is_none(shelf: Shelf, settings: Settings, keys: Callable[[str], Path]) -> None:
    ours = keys("ours")
    settings.BUNDLE_SIGNERS = str(ours.with_suffix(".pub"))
    signed, version = shelf.put("1", sign_with=ours), shelf.put("2")
    ModelVersion.objects.filter(pk=version.pk).update(signature=signed.signature)
    require_rejected(shelf, version, "None of the 1 signers in BUNDLE_SIGNERS signed")


def test_signers_that_cannot_be_read_blame_no_bundle(shelf: Shelf, settings: Settings, tmp_path: Path) -> None:
    settings.BUNDLE_SIGNERS = str(tmp_path / "nowhere.pub")
    version = shelf.put()
    with pytest.raises(KeyUnusable):
        fetch(version)
    version.refresh_from_db()
    assert version.state == VersionState.REGISTERED
