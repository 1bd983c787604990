"""Each request that the blobs of a datastore are read and written by is let in by each thing that opens a datastore.

What the registry makes of the answers is the same for all of them, and is in tests/azure/test_conformance.py.
"""

from pathlib import Path

import pytest

from mlops.exceptions import RegistryDenied
from mlops.registries.base import DatasetListing
from tests.azure.conftest import Place
from tests.azure.front import Fault
from tests.registries.conformance import MODEL, bundle, content, content_at, described


@pytest.fixture(params=["Sas", "None"])
def opened_by(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_a_version_is_registered_once_listed_and_handed_out(place: Place, path: Path) -> None:
    registered = place.registry(MODEL).register(path)
    again = place.registry(MODEL).register(path)

    registry = place.registry(MODEL)
    assert again == registered
    assert registry.versions().versions == (registered,)
    assert content(registry, registered) == content_at(path)


def test_a_large_file_goes_up_in_blocks_and_comes_down_in_pieces(place: Place, path: Path, in_blocks: None) -> None:
    registered = place.registry(MODEL).register(path)

    assert {"comp=block", "comp=blocklist"} <= {
        f"comp={call.query['comp']}" for call in place.cloud.front.calls if "comp" in call.query
    }
    assert content(place.registry(MODEL), registered) == content_at(path)


def test_a_bundle_whose_upload_broke_off_is_registered_by_doing_it_again(place: Place, path: Path) -> None:
    with place.cloud.front.spoiling(Fault("PUT .*manifest.json", 403)), pytest.raises(RegistryDenied):
        place.registry(MODEL).register(path)

    registered = place.registry(MODEL).register(path)

    assert place.registry(MODEL).versions().versions == (registered,)


def test_a_data_set_is_registered_and_listed(place: Place, tmp_path: Path) -> None:
    file = tmp_path / "data.csv"
    file.write_text("text,label\nsteel,0\n", "utf-8")

    registered = place.registry(MODEL).register_dataset(file, described(file))

    assert place.registry(MODEL).datasets() == DatasetListing((registered,))


def test_a_refusal_says_that_we_may_not(place: Place, path: Path) -> None:
    registered = place.registry(MODEL).register(path)

    with place.cloud.front.spoiling(Fault("blob.core.windows.net", 403)):
        for ask in (
            lambda: place.registry(MODEL).register(bundle(path.parent / "new", version="2")),
            lambda: content(place.registry(MODEL), registered),
            lambda: place.registry(MODEL).versions(),
        ):
            with pytest.raises(RegistryDenied, match=r"[.]$"):
                ask()
