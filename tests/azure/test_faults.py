"""Azure slow, denying, throttling, breaking off, losing answers: what is said, and that nothing half-written shows."""

import json
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from mlops.exceptions import (
    AlreadyRegistered,
    ArtifactCorrupt,
    RegistryDenied,
    RegistryError,
    RegistryUnavailable,
)
from mlops.registries.base import RegisteredVersion
from tests.azure.conftest import PATIENCE, Filled, Place
from tests.azure.front import Fault
from tests.registries.conformance import MODEL, bundle, content, content_at

CONTROL = "management.azure.com"
BLOBS = "blob.core.windows.net"


@pytest.mark.parametrize(
    ("how", "error"),
    [
        (401, RegistryDenied),
        (403, RegistryDenied),
        (400, RegistryError),
        (409, RegistryError),
        (408, RegistryUnavailable),
        (429, RegistryUnavailable),
        (500, RegistryUnavailable),
        (503, RegistryUnavailable),
        ("lost", RegistryUnavailable),
        ("cut", RegistryError),
        ("odd", RegistryError),
        ("html", RegistryError),
    ],
)
@pytest.mark.parametrize("where", [CONTROL, BLOBS])
def test_each_fault_is_one_error_with_a_sentence(
    filled: Filled, where: str, how: int | str, error: type[RegistryError]
) -> None:
    registry = filled.place.registry(MODEL)

    with filled.place.cloud.front.spoiling(Fault(where, how)), pytest.raises(error, match=r"[.]$") as told:
        content(registry, filled.registered)

    assert type(told.value) is error


@pytest.mark.parametrize("how", [408, 429, 500, 503, "lost"])
@pytest.mark.parametrize("where", [CONTROL, BLOBS])
def test_a_fault_that_passes_is_not_noticed(filled: Filled, where: str, how: int | str) -> None:
    with filled.place.cloud.front.spoiling(Fault(f"GET .*{where}", how, times=2)):
        assert content(filled.place.registry(MODEL), filled.registered) == content_at(filled.path)


def test_no_answer_in_time_is_unavailable_and_not_for_ever(filled: Filled) -> None:
    impatient = replace(PATIENCE, retries=1, read=0.3)
    with (
        filled.place.cloud.front.spoiling(Fault(BLOBS, "slow", seconds=0.6)),
        pytest.raises(RegistryUnavailable, match=r"did not answer .* it is tried again[.]$"),
    ):
        content(filled.place.registry(MODEL, patience=impatient), filled.registered)


def test_a_pause_longer_than_our_patience_is_left_to_the_task(place: Place) -> None:
    with (
        place.cloud.front.spoiling(Fault(CONTROL, 429, headers=(("Retry-After", "3600"),))),
        pytest.raises(RegistryUnavailable),
    ):
        place.registry(MODEL).versions()

    assert sum(CONTROL in str(call) for call in place.cloud.front.calls) == 1


def test_a_download_that_is_cut_goes_on(filled: Filled, in_blocks: None) -> None:
    fault = Fault(f"GET .*{BLOBS}.*model.onnx", "cut", times=2)

    with filled.place.cloud.front.spoiling(fault):
        assert content(filled.place.registry(MODEL), filled.registered) == content_at(filled.path)

    assert fault.met == 2


def test_a_file_that_changes_while_it_is_read_is_not_mixed(
    place: Place, registered: RegisteredVersion, in_blocks: None
) -> None:
    (file,) = [file for file in place.registry(MODEL).files(registered) if file.path == "model.onnx"]
    name = f"models/m/{registered.digest.removeprefix('sha256:')}/model.onnx"

    with file.open() as pieces:
        next(pieces)
        place.container.upload_blob(name, bytes(file.bytes), overwrite=True)
        with pytest.raises(RegistryUnavailable, match="was changed while it was read"):
            next(pieces)


@pytest.mark.parametrize(
    "lost",
    ["registrations", "model.onnx", "manifest.json", "models/m/versions/1"],
    ids=lambda lost: lost.split("/")[-1],
)
def test_an_answer_lost_after_the_write_changes_nothing(place: Place, path: Path, lost: str) -> None:
    fault = Fault(f"PUT .*{lost}", "lost", times=1)

    with place.cloud.front.spoiling(fault):
        registered = place.registry(MODEL).register(path)

    assert fault.met == 1
    assert place.registry(MODEL).versions().versions == (registered,)
    assert registered.registry_version == "1"
    assert content(place.registry(MODEL), registered) == content_at(path)


@pytest.mark.parametrize("lost", ["comp=block&", "comp=blocklist"])
def test_an_answer_lost_after_a_block_changes_nothing(place: Place, path: Path, lost: str, in_blocks: None) -> None:
    fault = Fault(f"PUT .*model.onnx.*{lost}", "lost", times=1)

    with place.cloud.front.spoiling(fault):
        registered = place.registry(MODEL).register(path)

    assert fault.met == 1
    assert content(place.registry(MODEL), registered) == content_at(path)


@pytest.mark.parametrize(
    "breaks_at",
    ["PUT .*registrations", "PUT .*golden", "PUT .*manifest.json", "GET .*models/m[?]", "PUT .*models/m/versions/1"],
)
def test_a_registration_that_breaks_off_is_not_seen_and_can_be_done_again(
    place: Place, path: Path, breaks_at: str
) -> None:
    with place.cloud.front.spoiling(Fault(breaks_at, 503)), pytest.raises(RegistryUnavailable):
        place.registry(MODEL).register(path)
    assert place.registry(MODEL).versions().versions == ()

    registered = place.registry(MODEL).register(path)

    assert place.registry(MODEL).versions().versions == (registered,)
    assert content(place.registry(MODEL), registered) == content_at(path)


def test_a_blob_that_others_wrote_in_our_place_is_never_taken_for_ours(
    place: Place, path: Path, registered: RegisteredVersion, tmp_path: Path
) -> None:
    new = bundle(tmp_path / "new", version="2")
    digest = (new / "DIGEST").read_text().strip().removeprefix("sha256:")
    place.container.upload_blob(f"models/m/{digest}/model.onnx", b"not the model")

    with pytest.raises(AlreadyRegistered, match=r"model.onnx holds something else"):
        place.registry(MODEL).register(new)

    assert place.registry(MODEL).versions().versions == (registered,)


def test_a_version_that_claims_the_digest_under_another_name_keeps_its_bundle_out_of_nothing(
    place: Place, path: Path
) -> None:
    """Whoever may write there could list our digest, with a registration of theirs, before we register."""
    told = place.registry(MODEL).register(path)
    theirs = json.loads(place.container.download_blob("models/m/registrations/1.json").readall()) | {"version": "9"}
    written = json.dumps(theirs).encode()
    place.container.upload_blob("models/m/registrations/9.json", written)
    place.workspace.models[MODEL]["1"]["properties"]["properties"] |= {  # type: ignore[index]
        "trey.version": "9",
        "trey.registration": sha256(written).hexdigest(),
    }

    registered = place.registry(MODEL).register(path)

    assert (registered.version, registered.registry_version, registered.digest) == ("1", "2", told.digest)
    listing = place.registry(MODEL).versions()
    assert {version.version for version in listing.versions} == {"1", "9"}
    assert listing.unreadable == ()


def test_a_bundle_that_changes_while_it_is_uploaded_is_not_registered(
    place: Place, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(place.cloud.front, "fault_of", _tampering_with(path / "tokenizer.json", place))

    with pytest.raises(ArtifactCorrupt, match=r"tokenizer.json was changed while it was uploaded"):
        place.registry(MODEL).register(path)

    assert place.registry(MODEL).versions().versions == ()


def _tampering_with(file: Path, place: Place) -> Callable[[object], None]:
    def tamper(request: object) -> None:
        if "registrations" in str(request):
            file.write_bytes(b"{}")

    return tamper
