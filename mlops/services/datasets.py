"""Data sets for training, registered so that the lineage of a model version can point at them."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError, transaction

from audit.services import record
from mlops.contracts import Label
from mlops.exceptions import AlreadyRegistered
from mlops.models import Dataset
from mlops.registries.base import DatasetDescription, RegisteredDataset
from mlops.registries.claims import digest_of_file
from mlops.services import registry
from mlops.services.mirroring import NotMirrored, kept_once, plain_claims


def register_dataset(
    file: Path,
    *,
    name: str,
    version: str,
    regulation: str,
    recipe: Mapping[str, object] | None = None,
    by: AbstractBaseUser | None,
) -> Dataset:
    """The data set that the CSV file is, in the registry and here; the same again changes nothing.

    `recipe` is what a generator was told. Raises ConfigError where the file is not rows of text and label,
    AlreadyRegistered where the name and version, or the file, are registered otherwise, and the errors of a registry.
    """
    description = _described(file, name=name, version=version, regulation=regulation, recipe=recipe or {})
    _require_new_or_same(description)
    registered = registry.current().register_dataset(file, description)
    try:
        return _made_known(registered, by=by, registered_by=by)[0]
    except IntegrityError:
        # Another process made it known meanwhile: as this one, or as another.
        _require_new_or_same(description)
        return Dataset.objects.get(digest=description.digest)


def mirror_dataset(registered: RegisteredDataset, *, by: AbstractBaseUser | None) -> bool:
    """Make a data set known that was registered elsewhere; whether it is new here. The same again changes nothing.

    `by` is who asked for the look, and not said to have registered it. Raises NotMirrored.
    """
    description = registered.description
    called = f"The data set {description.name}:{description.version}"
    texts = (description.name, description.version, description.regulation, registered.source)
    plain_claims({"counts": description.counts, "recipe": description.recipe}, *texts, called=called)

    def made_known() -> bool:
        return not _is_known(description, called) and _made_known(registered, by=by, registered_by=None)[1]

    return kept_once(made_known, called)


def dataset_of(lineage: Mapping[str, object]) -> Dataset | None:
    """The data set that a model version was trained on, by its lineage; None where it is not registered here."""
    digest = lineage.get("data_digest")
    return Dataset.objects.filter(digest=digest).first() if isinstance(digest, str) else None


def _described(
    file: Path, *, name: str, version: str, regulation: str, recipe: Mapping[str, object]
) -> DatasetDescription:
    # Only who registers reads rows: dataset_of is asked on the way of requests, which training stays off.
    from mlops.training.corpus import samples_in
    from mlops.training.errors import ConfigError

    digest = digest_of_file(file)
    found = Counter(sample.label for sample in samples_in(file))
    if not found:
        raise ConfigError(f"{file} has no rows: nothing can be trained on it.")
    counts = {label.value: found[number] for number, label in enumerate((Label.COMPLIANT, Label.NON_COMPLIANT))}
    return DatasetDescription(
        name=name,
        version=version,
        digest=digest,
        regulation=regulation,
        rows=found.total(),
        counts=counts,
        recipe=recipe,
    )


class _Taken(Exception):
    """The name or the file of a data set stands here for another, `known`."""

    def __init__(self, known: Dataset, description: DatasetDescription) -> None:
        super().__init__()
        self.known = known
        self.has_the_file = known.digest == description.digest


def _known(description: DatasetDescription) -> Dataset | None:
    """The data set as it is known here; None where neither its name nor its file is. Raises _Taken."""
    alike = Dataset.objects.like(name=description.name, version=description.version, digest=description.digest)
    for known in alike:
        if (str(known), known.digest) != (f"{description.name}:{description.version}", description.digest):
            raise _Taken(known, description)
    return alike[0] if alike else None


def _require_new_or_same(description: DatasetDescription) -> None:
    try:
        _known(description)
    except _Taken as taken:
        raise AlreadyRegistered(
            f"This file is registered as {taken.known} already: train on that, or change the file."
            if taken.has_the_file
            else f"{taken.known} stands for another data set: give this one a version of its own."
        ) from taken


def _is_known(description: DatasetDescription, called: str) -> bool:
    """Whether it is known here as it is; raises NotMirrored where its name or its file stands for another."""
    try:
        return _known(description) is not None
    except _Taken as taken:
        raise NotMirrored(
            f"{called} has the file of {taken.known}, another data set: archive one of them."
            if taken.has_the_file
            else f"{called} is known here with the digest {taken.known.digest}, and the registry says "
            f"{description.digest}: give this file a version of its own."
        ) from taken


def _made_known(
    registered: RegisteredDataset, *, by: AbstractBaseUser | None, registered_by: AbstractBaseUser | None
) -> tuple[Dataset, bool]:
    """The row of the data set, and whether it was made just now."""
    description = registered.description
    with transaction.atomic():
        dataset, new = Dataset.objects.get_or_create(
            digest=description.digest,
            defaults={
                "name": description.name,
                "version": description.version,
                "regulation_code": description.regulation,
                "rows": description.rows,
                "counts": dict(description.counts),
                "recipe": dict(description.recipe),
                "registry": settings.REGISTRY,
                "source": registered.source,
                "registered_by_id": None if registered_by is None else registered_by.pk,
            },
        )
        if new:
            record(
                "dataset_registered",
                by=by,
                subject=dataset,
                after={
                    "dataset": str(dataset),
                    "digest": dataset.digest,
                    "rows": dataset.rows,
                    "registry": dataset.registry,
                    "source": dataset.source,
                },
                rows=[dataset],
            )
    return dataset, new
