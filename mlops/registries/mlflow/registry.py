"""The protocol on an MLflow server."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from mlops.exceptions import ArtifactCorrupt
from mlops.registries.base import (
    DatasetDescription,
    DatasetListing,
    Listing,
    RegisteredDataset,
    RegisteredVersion,
    RemoteFile,
)
from mlops.registries.claims import (
    claims_of,
    parse_claims,
    parse_description,
    require_described,
    require_same,
    sound_bundle,
)
from mlops.registries.mlflow.shelf import CLAIMS, Entry, Shelf
from mlops.registries.redaction import without_secrets
from mlops.runtime import bundle as bundles
from mlops.runtime.strict_json import parse_object, problem_of


class MlflowRegistry:
    """`Registry` on an MLflow server."""

    def __init__(self, client: Any, uri: str, model: str) -> None:
        self._bundles = Shelf(client, uri, model)
        self._datasets = Shelf(client, uri, f"{model}-datasets")
        self._model = model

    def register(
        self, bundle: Path, *, tags: Mapping[str, str] | None = None, signature: str = ""
    ) -> RegisteredVersion:
        """Register the bundle at `bundle`: first its files, then the version that points at them."""
        claims = claims_of(sound_bundle(bundle), model=self._model, tags=tags, signature=signature)
        standing = self._standing(claims.version)
        if standing is None:
            files = [bundle / name for name in bundles.FILES]
            made = self._bundles.put(
                files,
                name=str(claims),
                claims=claims.as_json(),
                metrics=claims.metrics,
                tags=claims.tags,
                require_unchanged=partial(_require_unchanged, bundle, claims.digest),
            )
            # Another may have registered under the same name meanwhile: the lower number has it.
            standing = self._standing(claims.version) or self._version(made)
            if standing.registry_version != made.number:
                self._bundles.remove(made)
        require_same(claims, standing.digest, bundle)
        return standing

    def versions(self) -> Listing:
        """All that is registered of the model and not archived; of several of one name the first in MLflow."""
        standing: dict[str, RegisteredVersion] = {}
        archived: set[str] = set()
        unreadable: list[str] = []
        for entry in self._bundles.entries():
            try:
                version = self._version(entry)
            except ArtifactCorrupt as error:
                unreadable.append(
                    f"Version {entry.number} of {self._model} in MLflow is none of ours: {problem_of(error)}"
                )
                continue
            first = standing.setdefault(version.version, version)
            if first is version and entry.archived:
                archived.add(version.version)
            if first.digest != version.digest:
                unreadable.append(
                    f"Version {entry.number} of {self._model} in MLflow says that it is {version}, "
                    f"as version {first.registry_version} does already."
                )
        listed = (version for version in standing.values() if version.version not in archived)
        return Listing(tuple(listed), tuple(unreadable))

    def files(self, version: RegisteredVersion) -> Iterator[RemoteFile]:
        """The files of a version, which the server hands out."""
        return self._bundles.files(version.registry_version)

    def register_dataset(self, file: Path, description: DatasetDescription) -> RegisteredDataset:
        """Register a data set as a version of the model beside, named -datasets."""
        require_described(file, description)
        standing = self._standing_dataset(description)
        if standing is None:
            name = f"{description.name}:{description.version}"
            made = self._datasets.put(
                [file],
                name=name,
                claims=asdict(description),
                metrics={},
                tags={},
                require_unchanged=partial(require_described, file, description),
            )
            ours = _dataset(made)
            standing = self._standing_dataset(description) or ours
            if standing.source != ours.source:
                self._datasets.remove(made)
        require_same(description, standing.description.digest, file)
        return standing

    def datasets(self) -> DatasetListing:
        """All data sets that are not archived; of several of one name the first in MLflow."""
        named, unreadable = self._named_datasets()
        listed = (dataset for entry, dataset in named.values() if not entry.archived)
        return DatasetListing(tuple(listed), tuple(unreadable))

    def _standing(self, version: str) -> RegisteredVersion | None:
        """The one that has the name, archived or not."""
        for entry in self._bundles.entries():
            with suppress(ArtifactCorrupt):
                known = self._version(entry)
                if known.version == version:
                    return known
        return None

    def _version(self, entry: Entry) -> RegisteredVersion:
        claims = parse_claims(CLAIMS, _written(entry))
        if claims.name != self._model:
            raise ArtifactCorrupt(f"It says that it is {claims}.")
        return claims.registered(registry_version=entry.number, created_at=entry.created_at, source=entry.source)

    def _standing_dataset(self, wanted: DatasetDescription) -> RegisteredDataset | None:
        """The one that has the name, archived or not."""
        standing = self._named_datasets()[0].get((wanted.name, wanted.version))
        return None if standing is None else standing[1]

    def _named_datasets(self) -> tuple[dict[tuple[str, str], tuple[Entry, RegisteredDataset]], list[str]]:
        """The first of each name and version, archived or not, and a sentence for each entry that is none of ours."""
        found: dict[tuple[str, str], tuple[Entry, RegisteredDataset]] = {}
        unreadable: list[str] = []
        for entry in self._datasets.entries():
            here = f"Version {entry.number} of {self._model}-datasets in MLflow"
            try:
                dataset = _dataset(entry)
            except ArtifactCorrupt as error:
                unreadable.append(f"{here} is no data set of ours: {problem_of(error)}")
                continue
            description = dataset.description
            called = (description.name, description.version)
            first, standing = found.setdefault(called, (entry, dataset))
            if standing.description.digest != description.digest:
                unreadable.append(f"{here} says that it is {':'.join(called)}, as version {first.number} does already.")
        return found, unreadable


def _require_unchanged(bundle: Path, digest: str) -> None:
    """Raise ArtifactCorrupt unless the bundle is still the one of that digest."""
    if sound_bundle(bundle).digest != digest:
        raise ArtifactCorrupt(f"{bundle} was changed while it was uploaded: begin again.")


def _dataset(entry: Entry) -> RegisteredDataset:
    description = parse_description(CLAIMS, _written(entry))
    return RegisteredDataset(description, without_secrets(entry.source), entry.created_at)


def _written(entry: Entry) -> dict[str, object]:
    if not entry.claims:
        raise ArtifactCorrupt(f"It has no tag {CLAIMS}, which `manage.py register_model` writes.")
    return parse_object(CLAIMS, entry.claims.encode())
