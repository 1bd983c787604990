"""What every registry must do. One suite, which each adapter passes in a test module of its own.

To plug in an adapter, write a module of tests that imports all of this one, and give it a fixture `place`, which makes
an empty registry of its own for each test:

    from tests.registries.conformance import *  # noqa: F403
    from tests.registries.conformance import MODEL

    class Workspace:  # a `Place`, see below
        ...

    @pytest.fixture
    def place(tmp_path: Path) -> Workspace: ...

A `Place` says how the same things are done to this registry that others than we do to it: archiving, spoiling an
entry, losing files, registering by other means, denying us, giving no answer. tests/registries/test_local.py is the
shortest example. What only this one adapter can get wrong is tested beside, in the same module or the next.

Nothing here needs a database.
"""

import tracemalloc
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Protocol

import pytest

from mlops.exceptions import (
    AlreadyRegistered,
    ArtifactCorrupt,
    RegistryDenied,
    RegistryError,
    RegistryUnavailable,
    VersionNotFound,
)
from mlops.registries.base import DatasetDescription, RegisteredDataset, RegisteredVersion, Registry
from mlops.runtime import bundle as bundles
from mlops.runtime.bundle import FILES, read, write
from tests.at_once import at_once
from tests.bundles import tiny_files, tiny_manifest, tiny_model

MODEL = "m"
MIB = 1024 * 1024
UNICODE = "grün, 緑, 🔧 and \"quotes\" \\ 'too'"
LINEAGE = {
    "data_digest": "sha256:" + "1" * 64,
    "data_counts": {"train": 55_000, "validation": 4_000},
    "code_commit": "0123456789abcdef0123456789abcdef01234567",
    "config": {"name": "m", "seed": 2019, "data": {"notes": ["überall.csv"], "csv": None}, "rate": 0.001},
    "libraries": {"torch": "2.13.0+cpu"},
    "remark": UNICODE,
}
METRICS = {
    "results": {
        "combinations": {
            "accuracy": {"share": 0.99425, "low": 0.99, "high": 0.996, "right": 3977, "total": 4000},
            "recall": {"share": 1 / 3, "low": 0.3, "high": 0.4, "right": 1, "total": 3},
            "calibration_error": 1e-9,
        },
        "boundary years": {"accuracy": {"share": 1.0}},
    },
    "training_seconds": 2760,
    "shipped": "int8",
}
FLAT = {
    "boundary_years.accuracy": 1.0,
    "combinations.accuracy": 0.99425,
    "combinations.calibration_error": 1e-9,
    "combinations.recall": 1 / 3,
    "training_seconds": 2760.0,
}


class Place(Protocol):
    """An empty registry, and what others than we do to it."""

    def registry(self, model: str) -> Registry:
        """The registry of that model, opened anew: it remembers nothing that another one of this place did."""
        ...

    def archive(self, version: RegisteredVersion) -> None:
        """Archive a version, as an operator would."""
        ...

    def archive_dataset(self, dataset: RegisteredDataset) -> None:
        """Archive a data set of MODEL, as an operator would."""
        ...

    def spoil_dataset(self, dataset: RegisteredDataset) -> None:
        """Change what stands in the registry of a data set of MODEL, so that it can no longer be read."""
        ...

    def spoil(self, version: RegisteredVersion) -> None:
        """Change what stands in the registry of the version, so that it can no longer be read."""
        ...

    def lose_files(self, version: RegisteredVersion) -> None:
        """Remove the version's files and leave the rest."""
        ...

    def add_foreign(self, model: str) -> None:
        """Register something under that model's name by other means than ours."""
        ...

    def denying(self) -> AbstractContextManager[Registry]:
        """A registry of MODEL in which we may neither read nor write."""
        ...

    def unreachable(self) -> AbstractContextManager[Registry]:
        """A registry of MODEL that gives no answer for now."""
        ...


def bundle(path: Path, *, name: str = MODEL, version: str = "1", scale: float = 1.0, **fields: object) -> Path:
    """A bundle at `path`; another `scale` gives it another digest, `fields` go into its manifest."""
    manifest = tiny_manifest(name=name, version=version, scale=scale) | fields
    return write(path, manifest_fields=manifest, files=tiny_files()).path


def content(registry: Registry, version: RegisteredVersion) -> dict[str, bytes]:
    """Every file of the version, as the registry hands it out."""
    found = {}
    for file in registry.files(version):
        with file.open() as pieces:
            found[file.path] = b"".join(pieces)
        assert len(found[file.path]) == file.bytes
    return found


def content_at(path: Path) -> dict[str, bytes]:
    return {name: (path / name).read_bytes() for name in FILES}


def described(file: Path, *, name: str = "workshop", version: str = "1", **fields: object) -> DatasetDescription:
    given = {"regulation": "TREY-2019-1", "rows": 2, "counts": {"0": 1, "1": 1}, "recipe": {}} | fields
    digest = f"sha256:{sha256(file.read_bytes()).hexdigest()}"
    return DatasetDescription(name=name, version=version, digest=digest, **given)  # type: ignore[arg-type]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    file = tmp_path / "data.csv"
    file.write_text("text,label\nsteel from 2012,0\niron from 1971,1\n", "utf-8")
    return file


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
    assert registry.datasets() == ()


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
def test_a_tag_that_some_registry_would_not_keep_is_refused_by_all(
    place: Place, tmp_path: Path, tags: Mapping[str, str]
) -> None:
    with pytest.raises(RegistryError):
        place.registry(MODEL).register(bundle(tmp_path / "bundle"), tags=tags)

    assert place.registry(MODEL).versions().versions == ()


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


def test_a_data_set_is_listed_as_it_was_described(place: Place, data: Path) -> None:
    recipe = {"generator": "mlops.training.dataset", "size": 2, "seed": 7, "remark": UNICODE}
    description = described(data, recipe=recipe)

    registered = place.registry(MODEL).register_dataset(data, description)

    assert registered.description == description
    assert registered.source
    assert place.registry(MODEL).datasets() == (registered,)
    assert place.registry(MODEL).versions().versions == ()
    assert place.registry(MODEL).versions().unreadable == ()


def test_registering_the_same_data_set_again_changes_nothing(place: Place, data: Path) -> None:
    first = place.registry(MODEL).register_dataset(data, described(data))

    again = place.registry(MODEL).register_dataset(data, described(data))

    assert again == first
    assert place.registry(MODEL).datasets() == (first,)


def test_versions_of_a_data_set_stand_beside_each_other(place: Place, data: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text("text,label\nplastic,1\n", "utf-8")
    registry = place.registry(MODEL)

    registered = [
        registry.register_dataset(data, described(data, version="1")),
        registry.register_dataset(other, described(other, version="10")),
        registry.register_dataset(data, described(data, name="workshop-2", version="1")),
    ]

    found = place.registry(MODEL).datasets()
    assert len(found) == 3
    assert all(each in found for each in registered)


def test_data_sets_of_two_models_are_never_mixed(place: Place, data: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text("text,label\nplastic,1\n", "utf-8")

    ours = place.registry(MODEL).register_dataset(data, described(data))
    theirs = place.registry("another").register_dataset(other, described(other))

    assert place.registry(MODEL).datasets() == (ours,)
    assert place.registry("another").datasets() == (theirs,)


def test_an_archived_data_set_is_not_listed_and_not_complained_of(
    place: Place, data: Path, caplog: pytest.LogCaptureFixture
) -> None:
    old, new = (place.registry(MODEL).register_dataset(data, described(data, version=each)) for each in ("1", "2"))

    place.archive_dataset(old)

    assert place.registry(MODEL).datasets() == (new,)
    assert "is no data set of ours" not in caplog.text


def test_an_archived_data_sets_name_cannot_be_taken_by_another_file(place: Place, data: Path, tmp_path: Path) -> None:
    place.archive_dataset(place.registry(MODEL).register_dataset(data, described(data)))
    other = tmp_path / "other.csv"
    other.write_text("text,label\nplastic,1\n", "utf-8")

    with pytest.raises(AlreadyRegistered, match="workshop:1"):
        place.registry(MODEL).register_dataset(other, described(other))

    assert place.registry(MODEL).datasets() == ()


def test_a_data_set_that_cannot_be_read_is_told_and_hides_no_other(
    place: Place, data: Path, caplog: pytest.LogCaptureFixture
) -> None:
    spoilt, sound = (place.registry(MODEL).register_dataset(data, described(data, version=each)) for each in ("1", "2"))

    place.spoil_dataset(spoilt)

    assert place.registry(MODEL).datasets() == (sound,)
    assert "is no data set of ours" in caplog.text


def test_another_file_under_a_data_sets_name_and_version_is_refused(place: Place, data: Path, tmp_path: Path) -> None:
    first = place.registry(MODEL).register_dataset(data, described(data))
    other = tmp_path / "other.csv"
    other.write_text("text,label\nplastic,1\n", "utf-8")

    with pytest.raises(AlreadyRegistered, match="workshop:1"):
        place.registry(MODEL).register_dataset(other, described(other))

    assert place.registry(MODEL).datasets() == (first,)


def test_a_data_set_that_is_not_as_described_is_refused(place: Place, data: Path) -> None:
    description = described(data)
    with data.open("a", encoding="utf-8") as file:
        file.write("plastic,1\n")

    with pytest.raises(ArtifactCorrupt):
        place.registry(MODEL).register_dataset(data, description)

    assert place.registry(MODEL).datasets() == ()


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
