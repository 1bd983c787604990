"""No right and no answer, at each verb."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from mlops.exceptions import (
    RegistryDenied,
    RegistryUnavailable,
)
from mlops.registries.base import RegisteredVersion, Registry
from tests.registries.conformance.place import MODEL, Place, bundle, content, described

VERBS: Mapping[str, Callable[[Registry, RegisteredVersion, Path, Path], object]] = {
    "register": lambda registry, version, path, data: registry.register(path),
    "versions": lambda registry, version, path, data: registry.versions(),
    "files": lambda registry, version, path, data: content(registry, version),
    "register_dataset": lambda registry, version, path, data: registry.register_dataset(data, described(data)),
    "datasets": lambda registry, version, path, data: registry.datasets(),
}


@pytest.fixture(params=VERBS)
def verb(request: pytest.FixtureRequest) -> Callable[[Registry, RegisteredVersion, Path, Path], object]:
    return VERBS[request.param]


def test_each_verb_says_that_we_may_not(place: Place, verb: Callable[..., object], tmp_path: Path, data: Path) -> None:
    registered = place.registry(MODEL).register(bundle(tmp_path / "bundle"))
    place.registry(MODEL).register_dataset(data, described(data, name="another"))
    new = bundle(tmp_path / "new", version="2")

    with place.denying() as registry, pytest.raises(RegistryDenied, match=r"[.]$"):
        verb(registry, registered, new, data)


def test_each_verb_says_that_there_is_no_answer_for_now(
    place: Place, verb: Callable[..., object], tmp_path: Path, data: Path
) -> None:
    registered = place.registry(MODEL).register(bundle(tmp_path / "bundle"))
    new = bundle(tmp_path / "new", version="2")

    with place.unreachable() as registry, pytest.raises(RegistryUnavailable, match=r"[.]$"):
        verb(registry, registered, new, data)


def test_after_a_refusal_all_is_as_it_was(place: Place, tmp_path: Path) -> None:
    registered = place.registry(MODEL).register(bundle(tmp_path / "bundle"))
    new = bundle(tmp_path / "new", version="2")
    with place.denying() as registry, pytest.raises(RegistryDenied):
        registry.register(new)

    listing = place.registry(MODEL).versions()

    assert (listing.versions, listing.unreadable) == ((registered,), ())
