"""What every registry of model versions can do, and the values it speaks in. No Django, no client library of a cloud.

A registry says what it holds and hands out bytes; it is never believed. Digest, size and metrics of what it lists are
claims, which are proven here after the bytes have come.
"""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True)
class RegisteredVersion:
    """A model version as a registry lists it.

    `name` and `version` are the bundle's own; `registry_version` is the number that the registry gave it, which need
    not be the same. `digest` is what the registry says the bundle's digest is. `bytes` is the sum of its files.
    `metrics` are those that whoever registered it wrote there. `signature` is empty, or what `mlops.runtime.signing`
    made. `source` says in the registry's own words where the bytes lie.
    """

    name: str
    version: str
    registry_version: str
    digest: str
    regulation: str
    bytes: int
    created_at: datetime
    source: str
    metrics: Mapping[str, float] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    lineage: Mapping[str, object] = field(default_factory=dict)
    signature: str = ""

    def __str__(self) -> str:
        return f"{self.name}:{self.version}"


@dataclass(frozen=True, slots=True)
class Listing:
    """Everything a registry holds of one model that is not archived there, in no particular order.

    `unreadable` has a sentence for each entry that is no version of ours: registered by other means, or half-way.
    """

    versions: tuple[RegisteredVersion, ...]
    unreadable: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """One file of a registered version: its path relative to the bundle, as the registry writes it, and its size.

    `open()` streams its content in pieces of at most 4 MiB; it and the iteration raise RegistryError.
    """

    path: str
    bytes: int
    open: "Opener"


class Opener(Protocol):
    """Begins to read a file."""

    def __call__(self) -> AbstractContextManager[Iterator[bytes]]: ...


@dataclass(frozen=True, slots=True)
class DatasetDescription:
    """What is to be known of a data set for training: a CSV file with the columns text and label.

    `digest` is that of the file, `sha256:` and 64 hexadecimal digits; `counts` has rows by label. `recipe` is what the
    generator was told, empty for an uploaded file.
    """

    name: str
    version: str
    digest: str
    regulation: str
    rows: int
    counts: Mapping[str, int]
    recipe: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RegisteredDataset:
    """A data set as a registry lists it; `source` says in the registry's own words where the file lies."""

    description: DatasetDescription
    source: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class DatasetListing:
    """Every data set that a registry holds for one model and that is not archived there, in no particular order.

    `unreadable` has a sentence for each entry that is no data set of ours: registered by other means, or spoilt.
    """

    datasets: tuple[RegisteredDataset, ...]
    unreadable: tuple[str, ...] = ()


class Registry(Protocol):
    """A place where versions of one model are registered. Every verb may take seconds: never on the way of a request.

    All of them raise RegistryDenied where we may not, RegistryUnavailable where trying again later may help, and
    RegistryError for everything else that is wrong with the registry.
    """

    def register(
        self, bundle: Path, *, tags: Mapping[str, str] | None = None, signature: str = ""
    ) -> RegisteredVersion:
        """Register the bundle at `bundle`, a sound one; the same again changes nothing.

        Raises ArtifactCorrupt where it is not sound, AlreadyRegistered where its name and version stand for another.
        """
        ...

    def versions(self) -> Listing:
        """All that is registered of the model."""
        ...

    def files(self, version: RegisteredVersion) -> Iterator[RemoteFile]:
        """The files of a version, no content yet.

        Raises VersionNotFound, and ArtifactCorrupt where something lies there that can be no file of a bundle.
        """
        ...

    def register_dataset(self, file: Path, description: DatasetDescription) -> RegisteredDataset:
        """Register a data set; the same again changes nothing. Raises AlreadyRegistered, ArtifactCorrupt."""
        ...

    def datasets(self) -> DatasetListing:
        """All data sets that are registered for the model's training."""
        ...
