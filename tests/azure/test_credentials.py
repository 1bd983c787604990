"""Each kind of credential, real, against stand-ins for what gives out tokens; and what is said where one fails."""

from pathlib import Path

import pytest

from mlops.exceptions import RegistryDenied, RegistryError, RegistryUnavailable
from mlops.registries.base import Listing
from tests.azure import identity
from tests.azure.conftest import Place
from tests.azure.front import Fault


@pytest.fixture
def opened_by() -> str:
    """By our identity, so that both control plane and blobs ask for a token."""
    return "None"


def test_the_identity_of_the_machine_opens_the_registry(place: Place) -> None:
    place.cloud.machine.asked.clear()

    assert place.registry("m").versions() == Listing(())

    assert place.cloud.machine.asked == ["the machine's own"]


def test_a_managed_identity_is_named_by_its_client_id(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AZURE_CLIENT_ID", identity.CLIENT)
    place.cloud.machine.asked.clear()

    assert place.registry("m").versions() == Listing(())

    assert place.cloud.machine.asked == [identity.CLIENT]


def test_a_workload_identity_shows_its_federated_token(
    place: Place, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    federated = tmp_path / "token"
    federated.write_text("the cluster says who I am", "utf-8")
    place.cloud.login.assertions.add("the cluster says who I am")
    monkeypatch.setenv("AZURE_CLIENT_ID", identity.CLIENT)
    monkeypatch.setenv("AZURE_TENANT_ID", identity.TENANT)
    monkeypatch.setenv("AZURE_FEDERATED_TOKEN_FILE", str(federated))

    assert place.registry("m", credential="workload_identity").versions() == Listing(())


def test_a_workload_identity_without_its_token_file_is_told_so(
    place: Place, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("AZURE_CLIENT_ID", identity.CLIENT)
    monkeypatch.setenv("AZURE_TENANT_ID", identity.TENANT)
    monkeypatch.setenv("AZURE_FEDERATED_TOKEN_FILE", str(tmp_path / "nowhere"))

    with pytest.raises(RegistryDenied, match="nowhere is not there; see AZURE_CREDENTIAL"):
        place.registry("m", credential="workload_identity").versions()


def test_a_workload_identity_without_its_settings_is_told_which(place: Place) -> None:
    with pytest.raises(
        RegistryError, match=r"AZURE_CREDENTIAL is workload_identity, which lacks its settings: .*client"
    ):
        place.registry("m", credential="workload_identity")


def test_a_secret_in_the_environment_opens_the_registry(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AZURE_CLIENT_ID", identity.CLIENT)
    monkeypatch.setenv("AZURE_TENANT_ID", identity.TENANT)
    monkeypatch.setenv("AZURE_CLIENT_SECRET", identity.SECRET)

    assert place.registry("m", credential="environment").versions() == Listing(())


def test_a_wrong_secret_is_refused_and_not_repeated(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AZURE_CLIENT_ID", identity.CLIENT)
    monkeypatch.setenv("AZURE_TENANT_ID", identity.TENANT)
    monkeypatch.setenv("AZURE_CLIENT_SECRET", "a guess")

    with pytest.raises(RegistryDenied, match="AADSTS7000215") as refused:
        place.registry("m", credential="environment").versions()

    assert "a guess" not in str(refused.value)


def test_an_environment_without_a_secret_is_told_so(place: Place) -> None:
    with pytest.raises(RegistryDenied, match="AZURE_CREDENTIAL"):
        place.registry("m", credential="environment").versions()


def test_a_login_that_gives_no_answer_is_tried_again_later(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AZURE_CLIENT_ID", identity.CLIENT)
    monkeypatch.setenv("AZURE_TENANT_ID", identity.TENANT)
    monkeypatch.setenv("AZURE_CLIENT_SECRET", identity.SECRET)
    registry = place.registry("m", credential="environment")

    with (
        place.cloud.front.spoiling(Fault(identity.HOST, "lost")),
        pytest.raises(RegistryUnavailable, match=r"it is tried again[.]$"),
    ):
        registry.versions()


def test_whom_a_developer_is_logged_in_as_may_look_too(place: Place) -> None:
    """Here: the machine's own identity, which the chain of credentials comes to."""
    assert place.registry("m", credential="developer").versions() == Listing(())


def test_a_credential_that_there_is_not_is_named(place: Place) -> None:
    with pytest.raises(RegistryError, match="AZURE_CREDENTIAL must be one of managed_identity, workload_identity"):
        place.registry("m", credential="a guess")
