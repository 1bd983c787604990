"""The registry in a directory: `<root>/<model>/<version>/` with metadata.json beside the bundle.

Data sets lie in `<root>/.datasets/<model>/<name>/<version>/`, metadata.json beside data.csv.
"""

import stat
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

from mlops.exceptions import AlreadyRegistered, ArtifactCorrupt, VersionNotFound
from mlops.registries import shelf
from mlops.registries.base import (
    DatasetDescription,
    DatasetListing,
    Listing,
    RegisteredDataset,
    RegisteredVersion,
    RemoteFile,
)
from mlops.registries.claims import (
    LARGEST_RECORD,
    Claims,
    claims_of,
    parse_claims,
    parse_description,
    record_of,
    require_described,
    require_same,
    sound_bundle,
)
from mlops.runtime import bundle as bundles
from mlops.runtime.durable import flush_directory
from mlops.runtime.manifest import VERSION
from mlops.runtime.strict_json import corrupt, instant, parse_object, problem_of, quoted

METADATA: Final = "metadata.json"
BUNDLE: Final = "bundle"
ARCHIVED: Final = "archived"
"""A file of this name beside the bundle archives its version, beside data.csv the data set."""
DATASETS: Final = ".datasets"
DATA: Final = "data.csv"
MOST_LISTED_FILES: Final = 100
"""A bundle has seven; of a directory with more, some are enough to see that it is none."""

_Standing = TypeVar("_Standing", RegisteredVersion, RegisteredDataset)


def open_registry(*, root: Path, model: str) -> "LocalRegistry":
    """The registry of that model below `root`, which need not be there yet."""
    return LocalRegistry(root, model)


class LocalRegistry:
    """A registry that several processes and machines may write to at once. Thread-safe: it keeps nothing."""

    def __init__(self, root: Path, model: str) -> None:
        self._root = root
        self._model = model

    def register(
        self, bundle: Path, *, tags: Mapping[str, str] | None = None, signature: str = ""
    ) -> RegisteredVersion:
        """Register the bundle at `bundle`; who looks sees all of the version or nothing of it."""
        claims = claims_of(sound_bundle(bundle), model=self._model, tags=tags, signature=signature)
        entry = (self._model, claims.version)
        with shelf.answering(self._root):
            if not shelf.holds(self._root, *entry):
                shelf.put(self._root, *entry, fill=partial(_fill_version, bundle, claims))
        registered = self._standing(entry, self._version)
        require_same(claims, registered.digest, bundle)
        return registered

    def versions(self) -> Listing:
        """All that is registered of the model and not archived. One that is out of reach ends the whole look."""
        with shelf.answering(self._root):
            entries = [(self._model, name) for name in shelf.names(self._root, self._model)]
        versions, unreadable = self._all(entries, self._version, "version")
        return Listing(tuple(versions), tuple(unreadable))

    def files(self, version: RegisteredVersion) -> Iterator[RemoteFile]:
        """The files of a version. Raises ArtifactCorrupt where one of them can be no file of a bundle."""
        number = version.registry_version
        if version.name != self._model or not VERSION.fullmatch(number):
            raise VersionNotFound(f"{version} is no version of {self._model}, whose registry this is.")
        below = (self._model, number, BUNDLE)
        with shelf.answering(self._root.joinpath(*below)):
            found = shelf.files(self._root, *below, most=MOST_LISTED_FILES)
        for name, status in found:
            if not stat.S_ISREG(status.st_mode):
                raise corrupt(quoted(name), f"of {version} is not a regular file")
        return iter([RemoteFile(name, status.st_size, partial(self._pieces, *below, name)) for name, status in found])

    def register_dataset(self, file: Path, description: DatasetDescription) -> RegisteredDataset:
        """Register a data set; who looks sees all of it or nothing."""
        require_described(file, description)
        entry = (DATASETS, self._model, description.name, description.version)
        with shelf.answering(self._root):
            if not shelf.holds(self._root, *entry):
                shelf.put(self._root, *entry, fill=partial(_fill_dataset, file, description))
        registered = self._standing(entry, self._dataset)
        require_same(description, registered.description.digest, file)
        return registered

    def datasets(self) -> DatasetListing:
        """All data sets of the model that are not archived."""
        with shelf.answering(self._root):
            entries = [
                (DATASETS, self._model, name, version)
                for name in shelf.names(self._root, DATASETS, self._model)
                for version in shelf.names(self._root, DATASETS, self._model, name)
            ]
        found, unreadable = self._all(entries, self._dataset, "data set")
        return DatasetListing(tuple(found), tuple(unreadable))

    def _all(
        self, entries: Sequence[tuple[str, ...]], read: Callable[..., _Standing], what: str
    ) -> tuple[list[_Standing], list[str]]:
        """Those that are not archived, and a sentence for each entry that is no `what` of ours."""
        found: list[_Standing] = []
        unreadable: list[str] = []
        for entry in entries:
            path = self._root.joinpath(*entry)
            with shelf.answering(path):
                try:
                    if not shelf.holds(self._root, *entry, ARCHIVED):
                        found.append(read(*entry))
                except (ArtifactCorrupt, OSError) as error:
                    # What others keep there may be closed to us; a name that ours can have must not look taken out.
                    if _is_out_of_reach(error) and VERSION.fullmatch(entry[-1]):
                        raise
                    unreadable.append(f"{path}: {_problem(error)} It is no {what} of ours.")
        return found, unreadable

    def _standing(self, entry: tuple[str, ...], read: Callable[..., _Standing]) -> _Standing:
        """What stands under a name that is taken."""
        with shelf.answering(self._root):
            try:
                return read(*entry)
            except (ArtifactCorrupt, OSError) as error:
                if _is_out_of_reach(error):
                    raise
                raise AlreadyRegistered(
                    f"{self._root.joinpath(*entry)} holds something else ({_problem(error)}): remove it, or register "
                    "under another version."
                ) from error

    def _version(self, *entry: str) -> RegisteredVersion:
        fields = self._metadata(*entry)
        created_at = instant(METADATA, fields.pop("created_at", None), "created_at")
        claims = parse_claims(METADATA, fields)
        if (claims.name, claims.version) != entry:
            raise corrupt(METADATA, f"is that of {claims}")
        source = str(self._root.joinpath(*entry))
        return claims.registered(registry_version=claims.version, created_at=created_at, source=source)

    def _dataset(self, *entry: str) -> RegisteredDataset:
        fields = self._metadata(*entry)
        created_at = instant(METADATA, fields.pop("created_at", None), "created_at")
        description = parse_description(METADATA, fields)
        if (DATASETS, self._model, description.name, description.version) != entry:
            raise corrupt(METADATA, f"is that of {description.name}:{description.version}")
        return RegisteredDataset(description, str(self._root.joinpath(*entry, DATA)), created_at)

    def _metadata(self, *entry: str) -> dict[str, object]:
        with shelf.opened(self._root, *entry) as directory:
            return parse_object(METADATA, shelf.content(METADATA, within=directory, most=LARGEST_RECORD))

    @contextmanager
    def _pieces(self, *path: str) -> Iterator[Iterator[bytes]]:
        *below, name = path
        whole = self._root.joinpath(*path)
        with (
            shelf.answering(whole),
            shelf.opened(self._root, *below) as directory,
            shelf.reading(name, within=directory) as pieces,
        ):
            yield _answering(whole, pieces)


def _answering(path: Path, pieces: Iterator[bytes]) -> Iterator[bytes]:
    with shelf.answering(path):
        yield from pieces


def _fill_version(bundle: Path, claims: Claims, entry: Path) -> None:
    copy = entry / BUNDLE
    copy.mkdir()
    for name in bundles.FILES:
        shelf.copy(bundle / name, copy / name)
    flush_directory(copy)
    # The files may have been changed since they were read.
    bundles.check(copy, expected_digest=claims.digest)
    _write_metadata(entry, claims.as_json())


def _fill_dataset(file: Path, description: DatasetDescription, entry: Path) -> None:
    shelf.copy(file, entry / DATA)
    require_described(entry / DATA, description)
    _write_metadata(entry, asdict(description))


def _write_metadata(entry: Path, fields: Mapping[str, object]) -> None:
    dated = {**fields, "created_at": datetime.now(UTC).isoformat()}
    shelf.write(entry / METADATA, record_of(dated))


def _is_out_of_reach(error: ArtifactCorrupt | OSError) -> bool:
    """Whether it says nothing of the entry: a failing disk, a share that is gone, too many open files, no right."""
    return isinstance(error, OSError) and not shelf.is_odd(error)


def _problem(error: ArtifactCorrupt | OSError) -> str:
    """What is wrong, in a sentence that does not say to fetch a bundle again."""
    if isinstance(error, OSError):
        return f"{error.filename or METADATA} cannot be read ({error.strerror or error})."
    return problem_of(error)
