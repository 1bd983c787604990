"""Whether texts of an evaluation set stand in what a version was trained on, as far as that can be told."""

from collections.abc import Mapping, Set
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from mlops.evaluation_sets import FixedSet, built_in, squeeze
from mlops.exceptions import ModelError
from mlops.models import Dataset, EvaluationSet, ModelVersion
from mlops.registries.claims import digest_of_file
from mlops.services.datasets import dataset_of


class Leak(StrEnum):
    """What was found."""

    NONE = "none"
    FOUND = "found"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Search:
    """How it was looked for texts of the set, and how many stood there.

    `how` is a sentence. `texts` are the training texts that were looked at now, `found` the texts of the set among
    them. Where nothing was looked at now, both are 0, and `how` names whose word it is.
    """

    verdict: Leak
    how: str
    texts: int = 0
    found: int = 0

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)


def search(version: ModelVersion, measured_on: EvaluationSet) -> Search:
    """The surest that can be told without drawing or fetching training texts anew.

    What data it was trained on is what the lineage of the bundle's manifest says: whoever made the bundle wrote it, and
    could have written another. Every sentence says so. The file of a data set, where it is here, is read a row at a
    time, however large it is.
    """
    lineage = version.manifest.get("lineage") or {}
    shipped = next((one for one in built_in() if one.digest == measured_on.digest), None)
    return (
        _in_dataset(lineage, measured_on)
        or _drawn_again(lineage, shipped)
        or _left_out(lineage, measured_on)
        or _of_generator(lineage, shipped)
        or Search(
            Leak.UNKNOWN, "Its training data are not here, and its lineage does not say that they left the set out."
        )
    )


def _drawn_again(lineage: Mapping[str, Any], shipped: FixedSet | None) -> Search | None:
    digest = lineage.get("data_digest")
    for looked in shipped.looked_through if shipped else ():
        if looked.data_digest == digest:
            return Search(
                Leak.NONE,
                "By its lineage it was trained on the data that were looked through before the set was released: all "
                f"{looked.texts:,} texts were drawn again, and none of the set's stood among them.",
            )
    return None


def _in_dataset(lineage: Mapping[str, Any], measured_on: EvaluationSet) -> Search | None:
    dataset = dataset_of(lineage)
    if dataset is None:
        return None
    compared = _compared(dataset, {squeeze(text) for text, _, _ in measured_on.samples})
    if compared is None:
        return None
    texts, found = compared
    trained = f"By its lineage it was trained on the data set {dataset}, whose {texts:,} texts were looked through:"
    if not found:
        return Search(Leak.NONE, f"{trained} none of the set's stands among them.", texts)
    if _says_left_out(lineage, measured_on):
        how = f"{trained} {found} of the set's stand among them, which its trainer left out, by its lineage too."
        return Search(Leak.NONE, how, texts)
    return Search(Leak.FOUND, f"{trained} {found} of the set's stand among them.", texts, found)


def _compared(dataset: Dataset, wanted: Set[str]) -> tuple[int, int] | None:
    """How many texts the data set has, and how many of those that are `wanted`.

    None where its file is not on this machine, or is not the one that was registered.
    """
    if dataset.registry != "local":
        return None
    # Here only: this module is known where requests are served, which training stays off.
    from mlops.training.corpus import samples_in

    file, texts, found = Path(dataset.source), 0, set()
    try:
        if digest_of_file(file) != dataset.digest:
            return None
        for sample in samples_in(file):
            texts += 1
            found |= {squeeze(sample.text)} & wanted
    except (OSError, ModelError):
        return None
    return texts, len(found)


def _left_out(lineage: Mapping[str, Any], measured_on: EvaluationSet) -> Search | None:
    if not _says_left_out(lineage, measured_on):
        return None
    return Search(Leak.NONE, "By its lineage its trainer left out all texts of this set.")


def _says_left_out(lineage: Mapping[str, Any], measured_on: EvaluationSet) -> bool:
    named = lineage.get("not_trained_on")
    return isinstance(named, list) and measured_on.digest in named


def _of_generator(lineage: Mapping[str, Any], shipped: FixedSet | None) -> Search | None:
    config = lineage.get("config")
    data = config.get("data") if isinstance(config, dict) else None
    if shipped is None or not isinstance(data, dict) or data.get("csv") or not data.get("train"):
        return None
    by_chance = sum(kind == "lab" for _, _, kind in shipped.samples)
    return Search(
        Leak.NONE,
        "By its lineage it was trained on the generator's texts, which keep apart the facts and phrasings of this set; "
        f"only its {by_chance} texts of the reference data may stand there by chance.",
    )
