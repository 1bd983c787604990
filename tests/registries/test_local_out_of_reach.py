"""An entry of the directory that cannot be reached ends the whole look: it must not pass for one that is gone."""

import errno
import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from mlops.exceptions import RegistryDenied, RegistryError, RegistryUnavailable
from mlops.registries import shelf
from mlops.registries.base import Registry
from mlops.registries.local import open_registry
from tests.registries.conformance import MODEL, bundle, described
from tests.registries.test_local import as_nobody, tmp_path

__all__ = ["tmp_path"]

FAILURES = {
    errno.EIO: RegistryUnavailable,
    errno.ESTALE: RegistryUnavailable,
    errno.EACCES: RegistryDenied,
    errno.EPERM: RegistryDenied,
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "registry"


@pytest.fixture
def registry(root: Path, tmp_path: Path) -> Registry:
    """Two versions and a data set, in a directory."""
    registry = open_registry(root=root, model=MODEL)
    registry.register(bundle(tmp_path / "1"))
    registry.register(bundle(tmp_path / "2", version="2"))
    data = tmp_path / "data.csv"
    data.write_text("text,label\nsteel,0\n", "utf-8")
    registry.register_dataset(data, described(data))
    return registry


@contextmanager
def no_more_files() -> Iterator[None]:
    """Not one more file can be opened."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


@pytest.mark.parametrize(("number", "error"), FAILURES.items(), ids=lambda value: errno.errorcode.get(value, ""))
def test_a_disk_that_fails_is_no_list_of_nothing(
    registry: Registry, monkeypatch: pytest.MonkeyPatch, number: int, error: type[RegistryError]
) -> None:
    def fail(name: str, *, within: int, most: int) -> bytes:
        raise OSError(number, os.strerror(number), name)

    monkeypatch.setattr(shelf, "content", fail)

    for look in (registry.versions, registry.datasets):
        with pytest.raises(error, match=r"[.]$") as told:
            look()
        assert os.strerror(number) in str(told.value)


def test_too_many_open_files_are_no_list_of_nothing(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    listed = ["1", "2"]
    monkeypatch.setattr(shelf, "names", lambda root, *below: listed)

    with no_more_files(), pytest.raises(RegistryUnavailable, match="Too many open files"):
        registry.versions()


def test_one_version_that_may_not_be_read_denies_the_look(registry: Registry, root: Path) -> None:
    (root / MODEL / "2").chmod(0o700)

    with as_nobody(), pytest.raises(RegistryDenied, match=rf"{root / MODEL / '2'} may not be used"):
        registry.versions()


def test_what_others_keep_there_may_be_closed(registry: Registry, root: Path) -> None:
    (root / MODEL / "lost+found").mkdir(mode=0o700)

    with as_nobody():
        listing = registry.versions()

    assert {version.version for version in listing.versions} == {"1", "2"}
    (sentence,) = listing.unreadable
    assert sentence.startswith(f"{root / MODEL / 'lost+found'}: ")
