"""Data sets: registered and listed as model versions are."""

from pathlib import Path

import pytest

from mlops.exceptions import (
    AlreadyRegistered,
    ArtifactCorrupt,
)
from mlops.registries.base import DatasetListing
from tests.registries.conformance.place import MODEL, UNICODE, Place, described


def test_a_data_set_is_listed_as_it_was_described(place: Place, data: Path) -> None:
    recipe = {"generator": "mlops.training.dataset", "size": 2, "seed": 7, "remark": UNICODE}
    description = described(data, recipe=recipe)

    registered = place.registry(MODEL).register_dataset(data, description)

    assert registered.description == description
    assert registered.source
    assert place.registry(MODEL).datasets() == DatasetListing((registered,))
    assert place.registry(MODEL).versions().versions == ()
    assert place.registry(MODEL).versions().unreadable == ()


def test_registering_the_same_data_set_again_changes_nothing(place: Place, data: Path) -> None:
    first = place.registry(MODEL).register_dataset(data, described(data))

    again = place.registry(MODEL).register_dataset(data, described(data))

    assert again == first
    assert place.registry(MODEL).datasets() == DatasetListing((first,))


def test_versions_of_a_data_set_stand_beside_each_other(place: Place, data: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text("text,label\nplastic,1\n", "utf-8")
    registry = place.registry(MODEL)

    registered = [
        registry.register_dataset(data, described(data, version="1")),
        registry.register_dataset(other, described(other, version="10")),
        registry.register_dataset(data, described(data, name="workshop-2", version="1")),
    ]

    found = place.registry(MODEL).datasets().datasets
    assert len(found) == 3
    assert all(each in found for each in registered)


def test_data_sets_of_two_models_are_never_mixed(place: Place, data: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text("text,label\nplastic,1\n", "utf-8")

    ours = place.registry(MODEL).register_dataset(data, described(data))
    theirs = place.registry("another").register_dataset(other, described(other))

    assert place.registry(MODEL).datasets() == DatasetListing((ours,))
    assert place.registry("another").datasets() == DatasetListing((theirs,))


def test_an_archived_data_set_is_not_listed_and_not_complained_of(place: Place, data: Path) -> None:
    old, new = (place.registry(MODEL).register_dataset(data, described(data, version=each)) for each in ("1", "2"))

    place.archive_dataset(old)

    assert place.registry(MODEL).datasets() == DatasetListing((new,))


def test_an_archived_data_sets_name_cannot_be_taken_by_another_file(place: Place, data: Path, tmp_path: Path) -> None:
    place.archive_dataset(place.registry(MODEL).register_dataset(data, described(data)))
    other = tmp_path / "other.csv"
    other.write_text("text,label\nplastic,1\n", "utf-8")

    with pytest.raises(AlreadyRegistered, match="workshop:1"):
        place.registry(MODEL).register_dataset(other, described(other))

    assert place.registry(MODEL).datasets() == DatasetListing(())


def test_a_data_set_that_cannot_be_read_is_told_and_hides_no_other(place: Place, data: Path) -> None:
    spoilt, sound = (place.registry(MODEL).register_dataset(data, described(data, version=each)) for each in ("1", "2"))

    place.spoil_dataset(spoilt)

    listing = place.registry(MODEL).datasets()
    (told,) = listing.unreadable
    assert listing.datasets == (sound,)
    assert "no data set of ours" in told
    assert "Fetch" not in told


def test_another_file_under_a_data_sets_name_and_version_is_refused(place: Place, data: Path, tmp_path: Path) -> None:
    first = place.registry(MODEL).register_dataset(data, described(data))
    other = tmp_path / "other.csv"
    other.write_text("text,label\nplastic,1\n", "utf-8")

    with pytest.raises(AlreadyRegistered, match="workshop:1"):
        place.registry(MODEL).register_dataset(other, described(other))

    assert place.registry(MODEL).datasets() == DatasetListing((first,))


def test_a_data_set_that_is_not_as_described_is_refused(place: Place, data: Path) -> None:
    description = described(data)
    with data.open("a", encoding="utf-8") as file:
        file.write("plastic,1\n")

    with pytest.raises(ArtifactCorrupt):
        place.registry(MODEL).register_dataset(data, description)

    assert place.registry(MODEL).datasets() == DatasetListing(())
