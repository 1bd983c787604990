"""The champion is exchanged whole, and only for one that is proven."""

import gc
import weakref
from pathlib import Path

import pytest

from mlops.contracts import Cause
from mlops.exceptions import ArtifactCorrupt, LoadError, NotServing
from mlops.runtime.bundle import read
from mlops.runtime.manager import LONGEST_PROBLEM, Aspired, Manager
from tests.bundles import COMPLIANT_TEXT, tiny_model, write_tiny_bundle


def aspired(path: Path, **parts: object) -> Aspired:
    """A new bundle at `path`, as something to serve."""
    bundle = read(write_tiny_bundle(path, **parts))
    return Aspired(bundle.model_version, bundle.digest, path)


@pytest.fixture
def first(tmp_path: Path) -> Aspired:
    return aspired(tmp_path / "first", version="1")


@pytest.fixture
def second(tmp_path: Path) -> Aspired:
    return aspired(tmp_path / "second", version="2")


@pytest.fixture
def hopeless(tmp_path: Path) -> Aspired:
    return aspired(tmp_path / "hopeless", version="3", model=tiny_model(bias=float("nan")))


def test_a_new_process_serves_nothing_and_says_why() -> None:
    manager = Manager()
    with pytest.raises(NotServing, match="No model version has been loaded"):
        _ = manager.champion
    status = manager.status()
    assert (status.serving, status.model_version, status.model_digest) == (False, "", "")
    assert status.problem.startswith("No model version has been loaded")
    assert status.cause is Cause.NOT_STARTED


def test_what_is_served_is_named_in_the_status(first: Aspired) -> None:
    manager = Manager()
    manager.serve(first)
    status = manager.status()
    assert (status.serving, status.model_version, status.model_digest) == (True, "tiny:1", first.digest)
    assert status.problem == ""
    assert manager.champion.digest == first.digest


def test_a_swap_exchanges_the_champion(first: Aspired, second: Aspired) -> None:
    manager = Manager()
    manager.serve(first)
    manager.serve(second)
    assert manager.champion.model_version == "tiny:2"


def test_what_serves_already_is_not_loaded_again(first: Aspired) -> None:
    manager = Manager()
    manager.serve(first)
    champion = manager.champion
    manager.serve(first)
    assert manager.champion is champion


def test_a_failed_load_leaves_the_champion_serving_and_says_why(first: Aspired, hopeless: Aspired) -> None:
    manager = Manager()
    manager.serve(first)
    with pytest.raises(LoadError):
        manager.serve(hopeless)
    assert manager.champion.digest == first.digest
    assert manager.status().serving
    assert "tiny:3 fails its warm-up" in manager.status().problem
    assert manager.status().cause is Cause.NOT_LOADED


def test_the_problem_is_over_once_the_right_version_serves(first: Aspired, hopeless: Aspired) -> None:
    manager = Manager()
    manager.serve(first)
    with pytest.raises(LoadError):
        manager.serve(hopeless)
    manager.serve(first)
    assert (manager.status().problem, manager.status().cause) == ("", None)


def test_a_failed_first_load_is_the_reason_for_not_serving(hopeless: Aspired) -> None:
    manager = Manager()
    with pytest.raises(LoadError):
        manager.serve(hopeless)
    with pytest.raises(NotServing, match="fails its warm-up"):
        _ = manager.champion


def test_a_bundle_of_another_digest_is_not_served(first: Aspired, second: Aspired) -> None:
    with pytest.raises(ArtifactCorrupt, match="was expected"):
        Manager().serve(Aspired(first.model_version, first.digest, second.path))


def test_a_bundle_of_another_name_is_not_served(first: Aspired) -> None:
    with pytest.raises(ArtifactCorrupt, match=r"is tiny:1 where tiny:9 was expected"):
        Manager().serve(Aspired("tiny:9", first.digest, first.path))


def test_a_problem_is_a_sentence_even_where_a_library_quotes_what_it_was_given(tmp_path: Path) -> None:
    flood = aspired(tmp_path / "flood", model=tiny_model(ids_name="i" * 100_000))
    manager = Manager()
    with pytest.raises(LoadError):
        manager.serve(flood)
    assert len(manager.status().problem) <= LONGEST_PROBLEM + 1


def test_a_cleared_manager_serves_nothing_and_says_why(first: Aspired) -> None:
    manager = Manager()
    manager.serve(first)
    manager.clear(Cause.NO_CHAMPION, "Switched off for the night.")
    with pytest.raises(NotServing, match="Switched off for the night"):
        _ = manager.champion
    assert (manager.status().serving, manager.status().cause) == (False, Cause.NO_CHAMPION)


def test_the_bundle_may_vanish_from_the_disk_while_it_serves(first: Aspired) -> None:
    manager = Manager()
    manager.serve(first)
    for file in first.path.iterdir():
        file.unlink()
    assert manager.champion.classify([COMPLIANT_TEXT])[0].model_version == "tiny:1"


def test_the_version_before_is_freed_when_its_last_request_is_done(first: Aspired, second: Aspired) -> None:
    manager = Manager()
    manager.serve(first)
    request = manager.champion
    before = weakref.ref(request)
    manager.serve(second)
    assert request.classify([COMPLIANT_TEXT])[0].model_version == "tiny:1"
    gc.disable()  # so that nothing but the count of references can free it
    try:
        del request
        assert before() is None
    finally:
        gc.enable()
