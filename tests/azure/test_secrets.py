"""No key, signature or token is told: not by errors, which are stored and shown, and not by logs."""

import logging
import traceback
from collections.abc import Iterator

import pytest

from mlops.exceptions import RegistryDenied, RegistryError
from mlops.registries.base import RegisteredVersion
from tests.azure import azurite
from tests.azure.conftest import Place
from tests.azure.front import Fault
from tests.registries.conformance import MODEL, content

BLOBS = "blob.core.windows.net"


@pytest.fixture(params=["AccountKey", "Sas", "None"])
def opened_by(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def secrets(place: Place) -> Iterator[str]:
    """All that opens the datastore, or was sent to do so since the last look."""
    yield azurite.KEY
    if token := place.workspace.datastores["workspaceblobstore"][1].get("sasToken"):
        yield str(token).rpartition("sig=")[2]
    for call in place.cloud.front.calls:
        if sent := call.headers.get("authorization"):
            yield sent.split(" ")[-1].rpartition(":")[2]


@pytest.mark.parametrize("how", ["lost", 403, "echo"])
def test_no_error_tells_a_secret(place: Place, registered: RegisteredVersion, how: int | str) -> None:
    place.cloud.front.forget()

    with place.cloud.front.spoiling(Fault(BLOBS, how)), pytest.raises(RegistryError) as told:
        content(place.registry(MODEL), registered)

    written = "".join(traceback.format_exception(told.value))
    assert len(list(secrets(place))) > 1
    assert not [secret for secret in secrets(place) if secret in written]


def test_a_page_that_quotes_the_request_is_still_quoted_without_its_secrets(place: Place) -> None:
    with (
        place.cloud.front.spoiling(Fault("management", "echo")),
        pytest.raises(RegistryDenied, match=r"Denied: GET management[.]azure[.]com/subscriptions") as told,
    ):
        place.registry(MODEL).versions()

    assert "eyJ" not in str(told.value)


def test_no_log_tells_a_secret_even_where_all_is_logged(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        place.registry(MODEL, datastore="workspaceblobstore").datasets()
        place.container.exists()
        written = caplog.text

    assert not [secret for secret in secrets(place) if secret in written]


def test_an_address_with_a_signature_that_others_registered_is_not_shown(
    place: Place, registered: RegisteredVersion
) -> None:
    """A model may lie anywhere for whom registers it by other means; the sentence is stored and shown on a page."""
    made = place.workspace.models[MODEL]["1"]
    made["properties"] = {
        **made["properties"],  # type: ignore[dict-item]
        "modelUri": "https://a.blob.core.windows.net/c/m?sig=aB3x9Qd0Zk1L",
        "properties": {},
    }

    (sentence,) = place.registry(MODEL).versions().unreadable

    assert "lies at 'https://a.blob.core.windows.net/c/m?sig=…'" in sentence


def test_the_clients_leave_our_log_alone(place: Place) -> None:
    """azure-ai-ml gives its loggers handlers of their own, and tells of each call at INFO."""
    place.registry(MODEL)
    client = logging.getLogger("azure.ai.ml")

    assert (client.handlers, client.propagate, client.getEffectiveLevel()) == ([], True, logging.WARNING)
    assert not logging.getLogger("azure.core.pipeline.policies.http_logging_policy").isEnabledFor(logging.INFO)
    assert not logging.getLogger("azure.ai.ml._telemetry.calls").isEnabledFor(logging.INFO)
