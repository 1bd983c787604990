"""A directory in which others wrote: what cannot be ours is told in a sentence, hides nothing and leads nowhere."""

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from mlops.exceptions import AlreadyRegistered, ArtifactCorrupt, RegistryError, VersionNotFound
from mlops.registries.local import open_registry
from tests.registries.conformance import MODEL, bundle, described


def edited(**changes: object) -> Callable[[Path], None]:
    def edit(entry: Path) -> None:
        metadata = entry / "metadata.json"
        fields = json.loads(metadata.read_text("utf-8")) | changes
        metadata.write_text(json.dumps({name: value for name, value in fields.items() if value is not None}), "utf-8")

    return edit


def replaced(content: bytes) -> Callable[[Path], None]:
    def replace_it(entry: Path) -> None:
        (entry / "metadata.json").write_bytes(content)

    return replace_it


def removed(entry: Path) -> None:
    (entry / "metadata.json").unlink()


def made_a_folder(entry: Path) -> None:
    removed(entry)
    (entry / "metadata.json").mkdir()


def linked(entry: Path) -> None:
    (entry / "metadata.json").rename(entry.parent.parent / "elsewhere.json")
    (entry / "metadata.json").symlink_to(entry.parent.parent / "elsewhere.json")


def piped(entry: Path) -> None:
    (entry / "metadata.json").unlink()
    os.mkfifo(entry / "metadata.json")


def moved_and_linked(entry: Path) -> None:
    shutil.move(entry, entry.parent.parent / "elsewhere")
    entry.symlink_to(entry.parent.parent / "elsewhere")


SPOILT: dict[str, Callable[[Path], None]] = {
    "empty": replaced(b""),
    "not JSON": replaced(b"{"),
    "a list": replaced(b"[]"),
    "not UTF-8": replaced(b'{"name": "\xff"}'),
    "nested deep": replaced(b'{"a":' * 1000 + b"1" + b"}" * 1000),
    "endless": replaced(b" " * (16 * 1024 * 1024 + 1)),
    "removed": removed,
    "a link": linked,
    "a pipe": piped,
    "a folder": made_a_folder,
    "an entry that is a link": moved_and_linked,
    "of another model": edited(name="another"),
    "of another version": edited(version="2"),
    "a version that leads elsewhere": edited(version="../2"),
    "no digest": edited(digest=None),
    "a digest that is none": edited(digest="sha256:0"),
    "a size below zero": edited(bytes=-1),
    "a size beyond any disk": edited(bytes=2**70),
    "a size in words": edited(bytes="large"),
    "a metric in words": edited(metrics={"accuracy": "the best"}),
    "a tag that is no text": edited(tags={"best": True}),
    "a lineage that is a list": edited(lineage=[]),
    "a lineage with a NUL": edited(lineage={"config": "\0"}),
    "a lineage with half a character": edited(lineage={"config": "\ud800"}),
    "a long regulation": edited(regulation="x" * 65),
    "no time": edited(created_at=None),
    "a time that is none": edited(created_at="yesterday"),
    "a time of nowhere": edited(created_at="2026-11-21T05:00:00"),
    "a field too many": edited(approved=True),
}


@pytest.mark.parametrize("spoil", SPOILT.values(), ids=SPOILT)
def test_metadata_that_is_not_ours_is_told_in_a_sentence(tmp_path: Path, spoil: Callable[[Path], None]) -> None:
    registry = open_registry(root=tmp_path / "registry", model=MODEL)
    registry.register(bundle(tmp_path / "1"))
    sound = registry.register(bundle(tmp_path / "7", version="7"))

    spoil(tmp_path / "registry" / MODEL / "1")

    listing = registry.versions()
    assert listing.versions == (sound,)
    (sentence,) = listing.unreadable
    assert sentence.startswith(f"{tmp_path / 'registry' / MODEL / '1'}: ")
    assert sentence.endswith(".")
    assert len(sentence) < 500
    with pytest.raises(AlreadyRegistered, match=r"[.]$"):
        registry.register(bundle(tmp_path / "other", scale=2.0))


def test_looking_at_what_is_not_ours_leaves_nothing_open(tmp_path: Path) -> None:
    registry = open_registry(root=tmp_path / "registry", model=MODEL)
    for version, spoil in [("1", made_a_folder), ("2", piped), ("3", linked)]:
        registry.register(bundle(tmp_path / version, version=version))
        spoil(tmp_path / "registry" / MODEL / version)
    before = sorted(Path("/proc/self/fd").iterdir())

    assert len(registry.versions().unreadable) == 3

    assert sorted(Path("/proc/self/fd").iterdir()) == before


@pytest.mark.parametrize("kind", ["link", "folder", "pipe"])
def test_what_is_no_file_of_a_bundle_is_not_handed_out(tmp_path: Path, kind: str) -> None:
    registry = open_registry(root=tmp_path / "registry", model=MODEL)
    registered = registry.register(bundle(tmp_path / "bundle"))
    odd = tmp_path / "registry" / MODEL / "1" / "bundle" / "odd"
    make: dict[str, Callable[[], object]] = {
        "link": lambda: odd.symlink_to("/etc/passwd"),
        "folder": odd.mkdir,
        "pipe": lambda: os.mkfifo(odd),
    }
    make[kind]()

    with pytest.raises(ArtifactCorrupt, match="'odd' of m:1 is not a regular file"):
        list(registry.files(registered))


def test_a_file_that_became_a_link_after_it_was_listed_is_not_followed(tmp_path: Path) -> None:
    registry = open_registry(root=tmp_path / "registry", model=MODEL)
    files = {file.path: file for file in registry.files(registry.register(bundle(tmp_path / "bundle")))}
    card = tmp_path / "registry" / MODEL / "1" / "bundle" / "card.md"
    card.unlink()
    card.symlink_to("/etc/passwd")

    with pytest.raises(RegistryError), files["card.md"].open() as pieces:
        b"".join(pieces)


@pytest.mark.parametrize("number", ["..", ".", "../m/1", "1/bundle", "", "1\0", "/etc"])
def test_a_version_whose_number_leads_elsewhere_is_not_found(tmp_path: Path, number: str) -> None:
    registry = open_registry(root=tmp_path / "registry", model=MODEL)
    registered = registry.register(bundle(tmp_path / "bundle"))

    with pytest.raises(VersionNotFound):
        list(registry.files(replace(registered, registry_version=number)))


def test_a_data_sets_name_that_holds_something_else_is_refused(tmp_path: Path) -> None:
    data = tmp_path / "data.csv"
    data.write_text("text,label\nsteel,0\n", "utf-8")
    registry = open_registry(root=tmp_path / "registry", model=MODEL)
    registry.register_dataset(data, described(data))
    (tmp_path / "registry" / ".datasets" / MODEL / "workshop" / "1" / "metadata.json").write_bytes(b"{")

    with pytest.raises(AlreadyRegistered, match="holds something else"):
        registry.register_dataset(data, described(data))
