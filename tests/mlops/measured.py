"""Texts and bundles whose figures are known beforehand, for whoever measures and ranks."""

from collections.abc import Collection
from datetime import date
from itertools import product
from pathlib import Path

from mlops.evaluation_sets import Entry
from mlops.models import EvaluationSet, ModelVersion
from mlops.runtime.bundle import write
from mlops.services import installing
from mlops.services.evaluation_sets import add_evaluation_set
from tests import bundles

REGULATION = "TREY-2019-1"
DAYS = {REGULATION: date(2019, 1, 1), "TREY-2027-2": date(2027, 7, 1)}
"""From when each regulation applies, where a test does not say it."""
CONDITIONS = ("good", "new", "fair", "poor")
MATERIALS = ("steel", "carbon", "plastic", "iron")
BIG = b"x" * 400_000
"""In a card, it makes a bundle many times the size of one without."""


def plain_texts() -> tuple[Entry, ...]:
    """480 texts that a tiny bundle labels right, 60 of them compliant; the kind of each is its material."""
    return tuple(
        (f"{material} component made in {year}, {condition} condition", label_of(year, condition, material), material)
        for year, condition, material in product(range(1980, 2010), CONDITIONS, MATERIALS)
    )


def label_of(year: int, condition: str, material: str) -> int:
    return int(year < 1995 or condition in ("fair", "poor") or material in ("plastic", "iron"))


def add_plain_set(
    regulation: str = REGULATION, *, wording: str = "", effective_on: date | None = None
) -> EvaluationSet:
    """An evaluation set of `plain_texts`, each of which begins with `wording`."""
    samples = [(f"{wording}{text}", label, kind) for text, label, kind in plain_texts()]
    day = effective_on or DAYS[regulation]
    return add_evaluation_set(regulation, samples, "Every plain combination there is.", effective_on=day, by=None)


def install(
    directory: Path,
    version: str,
    *,
    unknown: Collection[str] = (),
    scale: float = 1.0,
    big: bool = False,
    **manifest: object,
) -> ModelVersion:
    """A tiny bundle, registered and verified: it does not know the words `unknown`; fields of its manifest may differ.

    A bundle that is not `big` has a hundredth of the size.
    """
    vocabulary = [f"~{word}" if word in unknown else word for word in bundles.VOCABULARY]
    golden = [sample for sample in bundles.GOLDEN if not set(unknown) & set(sample[0].lower().strip(".").split())]
    files = bundles.tiny_files(golden=golden, tokenizer=bundles.tiny_tokenizer(vocabulary=vocabulary))
    files["card.md"] += BIG if big else b""
    fields = {**bundles.tiny_manifest(version=version, scale=scale), **manifest}
    return installing.install(write(directory / f"source-{version}", manifest_fields=fields, files=files).path)
