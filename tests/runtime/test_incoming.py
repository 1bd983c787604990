"""A directory is filled where nobody looks, and takes its name by one rename: whole, or not at all."""

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from mlops.runtime.incoming import ABANDONED_SECONDS, INCOMING, arriving, keep_alive, takes_name


def filled(directory: Path) -> Path:
    directory.mkdir()
    (directory / "file").write_text("ours", "utf-8")
    return directory


def a_file(target: Path) -> None:
    target.write_text("theirs", "utf-8")


def a_directory(target: Path) -> None:
    target.mkdir()
    (target / "file").write_text("theirs", "utf-8")


def test_what_takes_its_name_stays_and_the_rest_is_gone(tmp_path: Path) -> None:
    with arriving(tmp_path / "shelf") as directory:
        (directory / "half").write_text("half", "utf-8")
        assert takes_name(filled(directory / "whole"), tmp_path / "shelf" / "1")

    assert [path.name for path in (tmp_path / "shelf").iterdir()] == ["1"]
    assert (tmp_path / "shelf" / "1" / "file").read_text("utf-8") == "ours"


@pytest.mark.parametrize("occupy", [a_file, a_directory])
def test_a_name_that_is_taken_stays_as_it_is(tmp_path: Path, occupy: Callable[[Path], None]) -> None:
    occupy(tmp_path / "1")

    with arriving(tmp_path) as directory:
        assert not takes_name(filled(directory / "whole"), tmp_path / "1")

    file = tmp_path / "1" if occupy is a_file else tmp_path / "1" / "file"
    assert file.read_text("utf-8") == "theirs"
    assert [path.name for path in tmp_path.iterdir()] == ["1"]


def test_an_empty_directory_is_no_hindrance(tmp_path: Path) -> None:
    (tmp_path / "1").mkdir()

    assert takes_name(filled(tmp_path / "whole"), tmp_path / "1")


def test_a_failure_of_another_kind_is_raised(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        takes_name(filled(tmp_path / "whole"), tmp_path / "nowhere" / "1")


def test_only_what_nothing_was_added_to_for_long_is_removed(tmp_path: Path) -> None:
    left, under_way = (filled(tmp_path / f"{INCOMING}{name}") for name in ("left", "under-way"))
    for directory in (left, under_way):
        os.utime(directory, times=(time.time() - ABANDONED_SECONDS - 60,) * 2)
    keep_alive(under_way)

    with arriving(tmp_path):
        assert under_way.exists()
        assert not left.exists()
