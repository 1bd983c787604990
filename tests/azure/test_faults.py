"""Azure slow, denying, throttling, breaking off, losing answers: what is said, and that nothing half-written shows."""

import logging
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

import pytest

from mlops.exceptions import (
    AlreadyRegistered,
    ArtifactCorrupt,
    RegistryDenied,
    RegistryError,
    RegistryUnavailable,
    VersionNotFound,
)
from mlops.registries.azureml import blobs
from mlops.registries.base import RegisteredVersion
from tests.azure.conftest import Place
from tests.azure.front import Fault
from tests.registries.conformance import bundle, content, content_at, described

MODEL = "m"
CONTROL = "management.azure.com"
BLOBS = "blob.core.windows.net"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return bundle(tmp_path / "bundle")


@pytest.fixture
def registered(place: Place, path: Path) -> RegisteredVersion:
    return place.registry(MODEL).register(path)


@pytest.fixture
def in_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tiny files go up in several blocks and come down in several pieces, as large ones do."""
    monkeypatch.setattr(blobs, "BLOCK", 300)
    monkeypatch.setattr(blobs, "PIECE", 300)


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
    place: Place, registered: RegisteredVersion, where: str, how: int | str, error: type[RegistryError]
) -> None:
    registry = place.registry(MODEL)

    with place.cloud.front.spoiling(Fault(where, how)), pytest.raises(error, match=r"[.]$") as told:
        content(registry, registered)

    assert type(told.value) is error


@pytest.mark.parametrize("how", [408, 429, 500, 503, "lost"])
@pytest.mark.parametrize("where", [CONTROL, BLOBS])
def test_a_fault_that_passes_is_not_noticed(
    place: Place, registered: RegisteredVersion, path: Path, where: str, how: int | str
) -> None:
    with place.cloud.front.spoiling(Fault(f"GET .*{where}", how, times=2)):
        assert content(place.registry(MODEL), registered) == content_at(path)


def test_no_answer_in_time_is_unavailable_and_not_for_ever(place: Place, registered: RegisteredVersion) -> None:
    with (
        place.cloud.front.spoiling(Fault(BLOBS, "slow", seconds=1.5)),
        pytest.raises(RegistryUnavailable, match=r"did not answer .* it is tried again[.]$"),
    ):
        content(place.registry(MODEL), registered)


def test_a_pause_longer_than_our_patience_is_left_to_the_task(place: Place) -> None:
    with (
        place.cloud.front.spoiling(Fault(CONTROL, 429, headers=(("Retry-After", "3600"),))),
        pytest.raises(RegistryUnavailable),
    ):
        place.registry(MODEL).versions()

    assert sum(CONTROL in str(call) for call in place.cloud.front.calls) == 1


def test_a_download_that_is_cut_goes_on(
    place: Place, registered: RegisteredVersion, path: Path, in_blocks: None
) -> None:
    fault = Fault(f"GET .*{BLOBS}.*model.onnx", "cut", times=2)

    with place.cloud.front.spoiling(fault):
        assert content(place.registry(MODEL), registered) == content_at(path)

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


def test_a_workspace_that_there_is_not_is_named(place: Place) -> None:
    del place.cloud.control.workspaces[place.workspace.name]

    with pytest.raises(RegistryError, match=f"find the workspace {place.workspace.name}, of AZURE_ML_WORKSPACE"):
        place.registry(MODEL).versions()


def test_a_datastore_that_there_is_not_is_named(place: Place, path: Path) -> None:
    with pytest.raises(RegistryError, match="open the datastore nowhere") as told:
        place.registry(MODEL, datastore="nowhere").register(path)

    assert not isinstance(told.value, VersionNotFound)


def test_a_container_that_there_is_not_is_told(place: Place, path: Path) -> None:
    place.container.delete_container()

    with pytest.raises(RegistryError, match="ContainerNotFound"):
        place.registry(MODEL).register(path)


def test_a_datastore_of_another_type_is_refused_with_what_to_do(place: Place, path: Path) -> None:
    properties, _ = place.workspace.datastores["workspaceblobstore"]
    properties |= {"datastoreType": "AzureFile", "fileShareName": "share"}

    with pytest.raises(RegistryError, match="name one of type azure_blob in AZURE_ML_DATASTORE"):
        place.registry(MODEL).register(path)


@pytest.mark.parametrize(
    "elsewhere",
    [{"endpoint": "core.example"}, {"protocol": "http"}, {"accountName": "a.b"}, {"accountName": "server.example/x?"}],
    ids=str,
)
@pytest.mark.parametrize("opened_by", ["None"], indirect=True)
def test_our_token_is_not_sent_to_any_server_that_a_datastore_names(
    place: Place, path: Path, elsewhere: dict[str, str]
) -> None:
    properties, _ = place.workspace.datastores["workspaceblobstore"]
    properties |= elsewhere

    with pytest.raises(RegistryError, match="is no storage account"):
        place.registry(MODEL).register(path)

    assert all(CONTROL in str(call) for call in place.cloud.front.calls)


def test_a_version_in_a_datastore_that_is_gone_hides_no_other(
    place: Place, registered: RegisteredVersion, tmp_path: Path
) -> None:
    place.workspace.datastores["old"] = place.workspace.datastores["workspaceblobstore"]
    place.registry(MODEL, datastore="old").register(bundle(tmp_path / "old", version="0"))
    del place.workspace.datastores["old"]

    listing = place.registry(MODEL).versions()

    assert listing.versions == (registered,)
    assert "open the datastore old" in listing.unreadable[0]


def test_a_missing_setting_is_named(place: Place) -> None:
    with pytest.raises(RegistryError, match="needs AZURE_ML_DATASTORE"):
        place.registry(MODEL, datastore="")


def test_missing_client_libraries_are_told_with_what_to_install(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "mlops.registries.azureml.workspace", raising=False)
    monkeypatch.setitem(sys.modules, "azure.ai.ml", None)

    with pytest.raises(RegistryError, match=r"install requirements/azure.txt[.]$"):
        place.registry(MODEL)


def test_the_clients_leave_our_log_alone(place: Place, registered: RegisteredVersion) -> None:
    """azure-ai-ml gives its loggers handlers of their own, and tells of each call at INFO."""
    client = logging.getLogger("azure.ai.ml")

    assert (client.handlers, client.propagate, client.getEffectiveLevel()) == ([], True, logging.WARNING)
    assert not logging.getLogger("azure.core.pipeline.policies.http_logging_policy").isEnabledFor(logging.INFO)
    assert not logging.getLogger("azure.ai.ml._telemetry.calls").isEnabledFor(logging.INFO)


def test_a_data_set_of_a_longer_version_than_azure_allows_is_refused(place: Place, tmp_path: Path) -> None:
    file = tmp_path / "data.csv"
    file.write_text("text,label\nsteel,0\n", "utf-8")

    with pytest.raises(RegistryError, match="30 characters"):
        place.registry(MODEL).register_dataset(file, described(file, version="1" * 31))


@pytest.mark.parametrize("opened_by", ["Sas"], indirect=True)
@pytest.mark.parametrize("how", ["lost", 403])
def test_a_shared_access_signature_is_told_to_nobody(
    place: Place, registered: RegisteredVersion, how: int | str
) -> None:
    token = str(place.workspace.datastores["workspaceblobstore"][1]["sasToken"])
    secret = token.rpartition("sig=")[2]

    with place.cloud.front.spoiling(Fault(BLOBS, how)), pytest.raises(RegistryError) as told:
        content(place.registry(MODEL), registered)

    assert secret not in "".join(traceback.format_exception(told.value))
