"""What a registry lists and hands out: archived, spoilt, foreign and lost entries, and files of any size."""

import tracemalloc
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from mlops.exceptions import (
    AlreadyRegistered,
    VersionNotFound,
)
from mlops.runtime.bundle import write
from tests.bundles import tiny_files, tiny_manifest, tiny_model
from tests.registries.conformance.place import MIB, MODEL, Place, bundle, content


def test_an_archived_version_is_not_listed_and_not_complained_of(place: Place, tmp_path: Path) -> None:
    registry = place.registry(MODEL)
    old, new = (registry.register(bundle(tmp_path / version, version=version)) for version in ("1", "2"))

    place.archive(old)

    listing = place.registry(MODEL).versions()
    assert (listing.versions, listing.unreadable) == ((new,), ())


def test_a_version_that_was_archived_cannot_be_taken_by_another_bundle(place: Place, tmp_path: Path) -> None:
    old = place.registry(MODEL).register(bundle(tmp_path / "old"))
    place.archive(old)

    with pytest.raises(AlreadyRegistered):
        place.registry(MODEL).register(bundle(tmp_path / "other", scale=2.0))

    assert place.registry(MODEL).versions().versions == ()


def test_one_entry_that_cannot_be_read_hides_no_other(place: Place, tmp_path: Path) -> None:
    registry = place.registry(MODEL)
    spoilt, sound = (registry.register(bundle(tmp_path / version, version=version)) for version in ("7", "8"))

    place.spoil(spoilt)

    listing = place.registry(MODEL).versions()
    assert listing.versions == (sound,)
    (sentence,) = listing.unreadable
    assert spoilt.registry_version in sentence
    assert sentence.endswith(".")


def test_what_was_registered_by_other_means_is_told_and_hides_no_other(place: Place, tmp_path: Path) -> None:
    sound = place.registry(MODEL).register(bundle(tmp_path / "bundle"))

    place.add_foreign(MODEL)

    listing = place.registry(MODEL).versions()
    assert listing.versions == (sound,)
    (sentence,) = listing.unreadable
    assert sentence.endswith(".")


def test_a_version_that_was_never_registered_is_not_found(place: Place, tmp_path: Path) -> None:
    registered = place.registry(MODEL).register(bundle(tmp_path / "bundle"))
    other = replace(registered, version="99", registry_version="99")

    with pytest.raises(VersionNotFound):
        content(place.registry(MODEL), other)


def test_a_version_whose_files_are_gone_is_not_found(place: Place, tmp_path: Path) -> None:
    registered = place.registry(MODEL).register(bundle(tmp_path / "bundle"))
    place.lose_files(registered)

    with pytest.raises(VersionNotFound):
        content(place.registry(MODEL), registered)


def test_a_large_file_comes_in_small_pieces_and_is_never_whole_in_memory(place: Place, tmp_path: Path) -> None:
    large = tiny_model() + bytes(32 * MIB)
    files = tiny_files(model=large)
    path = write(tmp_path / "bundle", manifest_fields=tiny_manifest(name=MODEL), files=files).path
    registry = place.registry(MODEL)
    registered = registry.register(path)
    (file,) = [file for file in registry.files(registered) if file.path == "model.onnx"]
    longest, digest = 0, sha256()

    tracemalloc.start()
    try:
        with file.open() as pieces:
            for piece in pieces:
                longest = max(longest, len(piece))
                digest.update(piece)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert digest.digest() == sha256(large).digest()
    assert longest <= 4 * MIB
    assert peak < 16 * MIB


def test_a_reader_may_leave_before_the_end_and_another_begin_anew(place: Place, tmp_path: Path) -> None:
    path = bundle(tmp_path / "bundle")
    registry = place.registry(MODEL)
    registered = registry.register(path)
    (file,) = [file for file in registry.files(registered) if file.path == "tokenizer.json"]

    with file.open() as pieces:
        next(pieces)
    with file.open() as pieces:
        again = b"".join(pieces)

    assert again == (path / "tokenizer.json").read_bytes()
