"""Registering a bundle: whole or not at all, once, and under a name of its own."""

from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from mlops.exceptions import (
    AlreadyRegistered,
    ArtifactCorrupt,
    RegistryError,
)
from mlops.registries.base import DatasetListing, RegisteredVersion
from mlops.runtime import bundle as bundles
from mlops.runtime.bundle import read
from tests.at_once import at_once
from tests.registries.conformance.place import (
    FLAT,
    LINEAGE,
    METRICS,
    MODEL,
    UNICODE,
    Place,
    bundle,
    content,
    content_at,
)


def test_what_is_registered_is_listed_and_comes_back_byte_for_byte(place: Place, tmp_path: Path) -> None:
    path = bundle(tmp_path / "bundle")

    registered = place.registry(MODEL).register(path)

    registry = place.registry(MODEL)
    listing = registry.versions()
    assert listing.unreadable == ()
    assert listing.versions == (registered,)
    assert content(registry, registered) == content_at(path)
    assert registered.bytes == sum(len(file) for file in content_at(path).values())


def test_a_version_is_named_as_its_bundle(place: Place, tmp_path: Path) -> None:
    path = bundle(tmp_path / "bundle", version="2026-11_rc.1")
    before = datetime.now(UTC)

    registered = place.registry(MODEL).register(path)

    assert (registered.name, registered.version, str(registered)) == (MODEL, "2026-11_rc.1", "m:2026-11_rc.1")
    assert registered.digest == read(path).digest
    assert registered.registry_version
    assert registered.source
    assert abs(registered.created_at - before) < timedelta(minutes=5)


def test_a_registry_without_any_version_is_empty(place: Place) -> None:
    registry = place.registry(MODEL)

    assert (registry.versions().versions, registry.versions().unreadable) == ((), ())
    assert registry.datasets() == DatasetListing(())


def test_registering_the_same_bundle_again_changes_nothing(place: Place, tmp_path: Path) -> None:
    path = bundle(tmp_path / "bundle")
    first = place.registry(MODEL).register(path, tags={"stage": "trial"})

    again = place.registry(MODEL).register(path, tags={"stage": "trial"})

    assert again == first
    assert place.registry(MODEL).versions().versions == (first,)


def test_another_bundle_under_the_same_name_and_version_is_refused(place: Place, tmp_path: Path) -> None:
    path = bundle(tmp_path / "bundle")
    first = place.registry(MODEL).register(path)

    with pytest.raises(AlreadyRegistered, match=r"m:1\b.*[.]$"):
        place.registry(MODEL).register(bundle(tmp_path / "other", scale=2.0))

    assert place.registry(MODEL).versions().versions == (first,)
    assert content(place.registry(MODEL), first) == content_at(path)


def test_a_bundle_that_is_not_sound_is_not_registered(place: Place, tmp_path: Path) -> None:
    path = bundle(tmp_path / "bundle")
    (path / "model.onnx").write_bytes(b"tampered with")

    with pytest.raises(ArtifactCorrupt):
        place.registry(MODEL).register(path)

    assert place.registry(MODEL).versions().versions == ()


def test_a_bundle_that_changes_while_it_is_registered_does_not_take_the_name(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = bundle(tmp_path / "bundle")
    original = (path / "card.md").read_bytes()
    look = bundles.check

    def change_after_the_first_look(directory: Path, **fields: str) -> bundles.Bundle:
        found = look(directory, **fields)
        if directory == path and (path / "card.md").read_bytes() == original:
            (path / "card.md").write_text("Another card.", "utf-8")
        return found

    with monkeypatch.context() as patched:
        patched.setattr(bundles, "check", change_after_the_first_look)
        with pytest.raises(ArtifactCorrupt, match=r"card\.md"):
            place.registry(MODEL).register(path)
    assert place.registry(MODEL).versions().versions == ()
    (path / "card.md").write_bytes(original)

    registered = place.registry(MODEL).register(path)

    assert place.registry(MODEL).versions().versions == (registered,)
    assert content(place.registry(MODEL), registered) == content_at(path)


def test_a_bundle_of_another_model_is_refused_with_what_to_do(place: Place, tmp_path: Path) -> None:
    with pytest.raises(RegistryError, match="REGISTRY_MODEL"):
        place.registry(MODEL).register(bundle(tmp_path / "bundle", name="another"))

    assert place.registry("another").versions().versions == ()


def test_two_that_register_the_same_bundle_at_once_register_it_once(place: Place, tmp_path: Path) -> None:
    path = bundle(tmp_path / "bundle")
    registries = [place.registry(MODEL) for _ in range(3)]

    results = at_once(*(partial(registry.register, path) for registry in registries))

    (listed,) = place.registry(MODEL).versions().versions
    assert results == [listed] * 3
    assert content(place.registry(MODEL), listed) == content_at(path)


def test_of_two_bundles_that_claim_a_version_at_once_one_gets_it_whole(place: Place, tmp_path: Path) -> None:
    paths = [bundle(tmp_path / f"bundle-{scale}", scale=scale) for scale in (1.0, 2.0, 3.0)]
    pairs = [(place.registry(MODEL), path) for path in paths]

    results = at_once(*(partial(registry.register, path) for registry, path in pairs), refusals=(AlreadyRegistered,))

    (listed,) = place.registry(MODEL).versions().versions
    assert [result for result in results if isinstance(result, RegisteredVersion)] == [listed]
    assert [type(result) for result in results].count(AlreadyRegistered) == 2
    (winner,) = [path for path in paths if read(path).digest == listed.digest]
    assert content(place.registry(MODEL), listed) == content_at(winner)


def test_models_and_versions_with_names_that_begin_alike_are_never_mixed(place: Place, tmp_path: Path) -> None:
    """A listing of stored files by a bare prefix would give those of `m/10` with those of `m/1`."""
    pairs = [("m", "1"), ("m", "10"), ("m", "1.0"), ("m_a", "1"), ("m-a", "1"), ("m.a", "10")]
    paths = {pair: bundle(tmp_path / f"{index}", name=pair[0], version=pair[1]) for index, pair in enumerate(pairs)}
    for (name, _), path in paths.items():
        place.registry(name).register(path)

    for name in {name for name, _ in pairs}:
        listed = place.registry(name).versions()
        assert listed.unreadable == ()
        assert sorted((found.name, found.version) for found in listed.versions) == sorted(
            pair for pair in pairs if pair[0] == name
        )
        for version in listed.versions:
            found = content(place.registry(name), version)
            assert found == content_at(paths[version.name, version.version])


def test_what_was_said_of_a_version_comes_back_as_it_was(place: Place, tmp_path: Path) -> None:
    path = bundle(tmp_path / "bundle", metrics=METRICS, lineage=LINEAGE, regulation="TREY-2026-2 – draft")
    tags = {"stage": "trial", "who said.so-2": UNICODE, "A": "x" * 250}

    place.registry(MODEL).register(path, tags=tags, signature="c2lnbmVk" * 11)

    (listed,) = place.registry(MODEL).versions().versions
    assert dict(listed.tags) == tags
    assert dict(listed.metrics) == FLAT
    assert dict(listed.lineage) == LINEAGE
    assert listed.regulation == "TREY-2026-2 – draft"
    assert listed.signature == "c2lnbmVk" * 11


def test_a_long_lineage_comes_back_whole(place: Place, tmp_path: Path) -> None:
    lineage = {"data_digest": "sha256:" + "2" * 64, "config": {f"setting {i}": UNICODE for i in range(200)}}

    place.registry(MODEL).register(bundle(tmp_path / "bundle", lineage=lineage))

    (listed,) = place.registry(MODEL).versions().versions
    assert dict(listed.lineage) == lineage


def test_a_lineage_as_long_as_it_may_be_comes_back_whole_however_it_is_laid_out(place: Place, tmp_path: Path) -> None:
    """Thousands of short values many levels deep: what is laid out for people has ten times as many bytes."""
    deep: object = [0] * 32_000
    for level in "abcdefghij":
        deep = {level: deep}
    lineage = {"data_digest": "sha256:" + "2" * 64, "config": deep}

    place.registry(MODEL).register(bundle(tmp_path / "bundle", lineage=lineage))

    (listed,) = place.registry(MODEL).versions().versions
    assert dict(listed.lineage) == lineage


def test_a_lineage_that_is_too_long_to_be_taken_anywhere_is_refused(place: Place, tmp_path: Path) -> None:
    lineage = {"data_digest": "sha256:" + "2" * 64, "config": {f"setting {i}": UNICODE for i in range(1500)}}

    with pytest.raises(RegistryError, match=r"m:1 has [0-9,]+ bytes of .* and 65,536 are taken: shorten"):
        place.registry(MODEL).register(bundle(tmp_path / "bundle", lineage=lineage))

    assert place.registry(MODEL).versions().versions == ()


def test_a_tag_that_some_registry_would_not_keep_is_refused_by_all(place: Place, tmp_path: Path) -> None:
    with pytest.raises(RegistryError, match="cannot be the key of a tag"):
        place.registry(MODEL).register(bundle(tmp_path / "bundle"), tags={"trey.digest": "ours"})

    assert place.registry(MODEL).versions().versions == ()
