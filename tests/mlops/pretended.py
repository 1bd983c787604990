"""A registry that lists what a test tells it to, or fails as it is told: for what no real one does on demand."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from mlops.exceptions import RegistryDenied
from mlops.registries.base import (
    DatasetDescription,
    DatasetListing,
    Listing,
    RegisteredDataset,
    RegisteredVersion,
    RemoteFile,
)

CREATED = datetime(2026, 11, 1, 9, 30, tzinfo=UTC)


def entry(number: int = 1, **fields: object) -> RegisteredVersion:
    """The version `number` of the model tiny, as a registry lists it."""
    return RegisteredVersion(
        **{
            "name": "tiny",
            "version": str(number),
            "registry_version": str(number),
            "digest": f"sha256:{number:064x}",
            "regulation": "TREY-2019-1",
            "bytes": 1000 + number,
            "created_at": CREATED.replace(minute=number % 60),
            "source": f"shelf {number}",
            "metrics": {"accuracy": 0.9},
            "tags": {"stage": "trial"},
            "lineage": {"data_digest": "sha256:" + "0" * 64},
            **fields,
        }
    )


class Pretended:
    """Lists `versions` and `sentences`; while `failure` is set, raises it instead. `before` runs at every look."""

    kind = "local"

    def __init__(self, *versions: RegisteredVersion) -> None:
        self.listed = list(versions)
        self.sentences: list[str] = []
        self.failure: Exception | None = None
        self.before: Callable[[], object] = lambda: None

    def versions(self) -> Listing:
        self.before()
        if self.failure is not None:
            raise self.failure
        return Listing(tuple(self.listed), tuple(self.sentences))

    def register(
        self, bundle: Path, *, tags: Mapping[str, str] | None = None, signature: str = ""
    ) -> RegisteredVersion:
        raise RegistryDenied("Nothing can be registered in what a test lists.")

    def files(self, version: RegisteredVersion) -> Iterator[RemoteFile]:
        if self.failure is not None:
            raise self.failure
        return iter(())

    def register_dataset(self, file: Path, description: DatasetDescription) -> RegisteredDataset:
        raise RegistryDenied("Nothing can be registered in what a test lists.")

    def datasets(self) -> DatasetListing:
        return DatasetListing(())
