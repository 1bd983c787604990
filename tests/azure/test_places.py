"""A workspace, datastore or container that is missing or not what it should be: named, with what to do."""

import sys
from pathlib import Path

import pytest

from mlops.exceptions import RegistryError, VersionNotFound
from mlops.registries.base import RegisteredVersion
from tests.azure.conftest import Filled, Place
from tests.azure.front import Fault
from tests.registries.conformance import MODEL, bundle, described

CONTROL = "management.azure.com"
BLOBS = "blob.core.windows.net"


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


def test_a_datastore_of_ours_that_is_gone_is_no_list_of_nothing(place: Place, registered: RegisteredVersion) -> None:
    del place.workspace.datastores["workspaceblobstore"]

    with pytest.raises(RegistryError, match="open the datastore workspaceblobstore"):
        place.registry(MODEL).versions()


def test_a_container_that_is_gone_is_no_list_of_nothing(place: Place, registered: RegisteredVersion) -> None:
    place.container.delete_container()

    with pytest.raises(RegistryError, match=r"ContainerNotFound.*see that the container of the datastore is there"):
        place.registry(MODEL).versions()


@pytest.mark.parametrize("status", [302, 400, 404, 409])
def test_what_answers_in_the_place_of_the_blobs_is_no_list_of_nothing(filled: Filled, status: int) -> None:
    with (
        filled.place.cloud.front.spoiling(Fault(BLOBS, status)),
        pytest.raises(RegistryError, match=r"[.]$") as told,
    ):
        filled.place.registry(MODEL).versions()

    assert not isinstance(told.value, VersionNotFound)


def test_a_container_that_is_gone_is_no_list_of_no_data_sets(place: Place, tmp_path: Path) -> None:
    file = tmp_path / "data.csv"
    file.write_text("text,label\nsteel,0\n", "utf-8")
    place.registry(MODEL).register_dataset(file, described(file))
    place.container.delete_container()

    with pytest.raises(RegistryError, match="ContainerNotFound"):
        place.registry(MODEL).datasets()


def test_a_registration_that_is_gone_hides_no_other_version(
    place: Place, registered: RegisteredVersion, tmp_path: Path
) -> None:
    place.registry(MODEL).register(bundle(tmp_path / "2", version="2"))
    place.container.delete_blob("models/m/registrations/2.json")

    listing = place.registry(MODEL).versions()

    assert listing.versions == (registered,)
    assert "registrations/2.json" in listing.unreadable[0]


def test_a_missing_setting_is_named(place: Place) -> None:
    with pytest.raises(RegistryError, match="needs AZURE_ML_DATASTORE"):
        place.registry(MODEL, datastore="")


def test_missing_client_libraries_are_told_with_what_to_install(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "mlops.registries.azureml.workspace", raising=False)
    monkeypatch.setitem(sys.modules, "azure.ai.ml", None)

    with pytest.raises(RegistryError, match=r"install requirements/azure.txt[.]$"):
        place.registry(MODEL)


def test_a_data_set_of_a_longer_version_than_azure_allows_is_refused(place: Place, tmp_path: Path) -> None:
    file = tmp_path / "data.csv"
    file.write_text("text,label\nsteel,0\n", "utf-8")

    with pytest.raises(RegistryError, match="30 characters"):
        place.registry(MODEL).register_dataset(file, described(file, version="1" * 31))
