"""What a registry is told of a bundle and of a data set: no more than every registry keeps as it is."""

import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from audit.canonical import encode, plain
from mlops.exceptions import ArtifactCorrupt, RegistryError
from mlops.registries.claims import (
    LARGEST_CLAIMS,
    LARGEST_RECORD,
    checked_tags,
    claims_of,
    record_of,
    require_described,
    require_short,
    sound_bundle,
)
from mlops.services.mirroring import NotMirrored, plain_claims
from tests.registries.conformance import MODEL, bundle, described


@pytest.mark.parametrize(
    "tags",
    [
        {"trey.digest": "ours"},
        {"": "no key"},
        {"a/b": "a slash"},
        {"k" * 65: "a long key"},
        {"key": ""},
        {"key": "x" * 251},
        {"key": "two\nlines"},
        {"key": " space before"},
        {"key": "half \ud800 character"},
        {f"key {number}": "many" for number in range(33)},
    ],
    ids=repr,
)
def test_a_tag_that_some_registry_would_not_keep_is_refused(tags: Mapping[str, str]) -> None:
    with pytest.raises(RegistryError, match="tag"):
        checked_tags(tags)


def test_the_size_of_a_bundle_is_that_of_all_its_files(tmp_path: Path) -> None:
    path = bundle(tmp_path / "bundle")

    assert claims_of(sound_bundle(path), model=MODEL).bytes == sum(file.stat().st_size for file in path.iterdir())


def test_where_a_version_lies_is_told_without_what_opens_it(tmp_path: Path) -> None:
    claims = claims_of(sound_bundle(bundle(tmp_path / "bundle")), model=MODEL)

    registered = claims.registered(
        registry_version="1",
        created_at=datetime(2026, 11, 21, tzinfo=UTC),
        source="https://ada:hunter2@files.example/m/1?sv=2026&sig=aB3x9Qd0",
    )

    assert registered.source == "https://…@files.example/m/1?sv=2026&sig=…"


def test_claims_of_the_largest_size_are_taken_and_a_byte_more_is_not() -> None:
    around = len('{"lineage":{"a":""}}')

    require_short("m:1", {"lineage": {"a": "x" * (LARGEST_CLAIMS - around)}})

    with pytest.raises(RegistryError, match=r"m:1 has 65,537 bytes of lineage, and 65,536 are taken"):
        require_short("m:1", {"lineage": {"a": "x" * (LARGEST_CLAIMS - around + 1)}})


@pytest.mark.parametrize("names", [("metrics", "tags", "lineage"), ("counts", "recipe")], ids=" ".join)
def test_what_may_be_registered_can_be_made_known_to_the_last_byte(names: tuple[str, ...]) -> None:
    *others, last = names
    some: Mapping[str, Mapping[str, object]] = {name: {"ü": 1e16, "b": 0.5} for name in others}
    around = len(encode({**some, last: {"a": ""}}))

    largest = {**some, last: {"a": "x" * (LARGEST_CLAIMS - around)}}
    require_short("m:1", largest)
    assert plain_claims(largest, called="m:1") == plain(largest)

    larger = {**some, last: {"a": "x" * (LARGEST_CLAIMS - around + 1)}}
    with pytest.raises(RegistryError, match=r"m:1 has 65,537 bytes"):
        require_short("m:1", larger)
    with pytest.raises(NotMirrored):
        plain_claims(larger, called="m:1")


def test_a_number_without_a_fraction_counts_with_all_its_digits() -> None:
    with pytest.raises(RegistryError, match="are taken"):
        require_short("m:1", {"lineage": {"a": [1e300] * 300}})


def test_a_pipe_is_no_data_set_and_is_not_waited_for(tmp_path: Path) -> None:
    file = tmp_path / "data.csv"
    file.write_text("text,label\nsteel,0\n", "utf-8")
    described_before = described(file)
    file.unlink()
    os.mkfifo(file)

    with pytest.raises(ArtifactCorrupt, match="it is not a regular file"):
        require_described(file, described_before)


def test_a_data_set_with_a_recipe_that_is_too_long_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "data.csv"
    file.write_text("text,label\nsteel,0\n", "utf-8")

    with pytest.raises(RegistryError, match=r"workshop:1 has .* bytes of counts and recipe"):
        require_described(file, described(file, recipe={"remark": "x" * LARGEST_CLAIMS}))


def test_a_record_is_laid_out_for_people_unless_that_makes_it_too_long() -> None:
    assert record_of({"b": [1], "a": "ü"}) == '{\n "a": "ü",\n "b": [\n  1\n ]\n}\n'.encode()
    assert record_of({"a": [0] * 60_000}).startswith(b'{"a":[0,0,')
    with pytest.raises(RegistryError, match="are taken"):
        record_of({"a": "x" * LARGEST_RECORD})
