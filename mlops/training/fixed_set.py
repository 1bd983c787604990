"""Draws the evaluation set that ships for TREY-2019-1: `python -m mlops.training.fixed_set FILE` writes it.

It has been run once for each version of the set. To draw again shows where the file came from.
"""

import json
import sys
from collections.abc import Collection, Iterable, Iterator
from datetime import date
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any, Final

from mlops.evaluation_sets import Entry, digest_of, squeeze
from mlops.training.dataset.examples import Example
from mlops.training.dataset.splits import splits
from mlops.training.golden import boundary_texts, lab_texts

REGULATION: Final = "TREY-2019-1"
EFFECTIVE_ON: Final = date(2019, 1, 1)
VERSION: Final = 1
SEED: Final = 1_995_000
"""No run trains with it. Its held-out texts are none that a run measures itself on."""

OF_EACH_SPLIT: Final = 960
BOUNDARY: Final = 112
KNOWN: Final = 20_000
"""Texts drawn to learn which phrasings are known, in which held-out combinations of facts stand."""

STARTER: Final = Path(__file__).resolve().parent.parent / "starter" / "manifest.json"
ORIGIN: Final = (
    "Drawn once from the generator's held-out combinations, phrasings and contrasts with a seed of its own; texts "
    "about the years at the boundary, in phrasings that are held out; and texts of the reference data. "
    "None of them stands in what the starter model was trained on."
)


def draw(left_out: Collection[str]) -> tuple[Entry, ...]:
    """The samples in their order, which is shuffled; always the same. `left_out` are squeezed texts."""
    held = splits(seed=SEED, train=KNOWN, validation=0, test=OF_EACH_SPLIT)
    drawn = [
        *_of_kind("combinations", held.combinations),
        *_of_kind("phrasings", held.phrasings),
        *_of_kind("contrast", held.contrast),
        *islice(_boundary(), BOUNDARY),
        *((sample.text, sample.label, "lab") for sample in lab_texts()),
    ]
    chosen: dict[str, Entry] = {}
    for entry in drawn:
        if squeeze(entry[0]) not in left_out:
            chosen.setdefault(squeeze(entry[0]), entry)
    samples = list(chosen.values())
    # The first texts are those that are timed one by one: each kind has its share among them.
    Random(SEED).shuffle(samples)
    return tuple(samples)


def training_texts(lineage: dict[str, Any]) -> Iterator[str]:
    """Every text that a bundle of this lineage was trained or calibrated on, drawn again; minutes for a large one.

    Raises ValueError where today's generator does not draw what the lineage tells of.
    """
    seed, data = lineage["config"]["seed"], lineage["config"]["data"]
    first = splits(seed=seed, train=data["train"], validation=data["validation"], test=data["test"])
    if first.digest() != lineage["data_digest"]:
        raise ValueError(f"The generator draws other texts today than those of {lineage['data_digest']}.")
    yield from (example.text for example in (*first.train, *first.validation))
    for epoch in range(1, lineage["config"]["schedule"]["epochs"]):
        later = splits(seed=seed + epoch, train=data["train"], validation=0, test=0)
        yield from (example.text for example in later.train)


def write(path: Path) -> None:
    """Write the set at `path`, without what stands in the starter's training texts."""
    lineage = json.loads(STARTER.read_text(encoding="utf-8"))["lineage"]
    wanted = {squeeze(text) for text, _, _ in draw(())}
    texts, left_out = 0, set()
    for text in training_texts(lineage):
        texts += 1
        if squeeze(text) in wanted:
            left_out.add(squeeze(text))
    samples = draw(left_out)
    head = {
        "regulation": REGULATION,
        "version": VERSION,
        "effective_on": EFFECTIVE_ON.isoformat(),
        "digest": digest_of(samples),
        "origin": ORIGIN,
        "looked_through": [{"data_digest": lineage["data_digest"], "texts": texts}],
        "left_out": sorted(left_out),
    }
    rows = ",\n".join(json.dumps(sample, ensure_ascii=False) for sample in samples)
    opening = json.dumps(head, ensure_ascii=False, indent=1).removesuffix("\n}")
    path.write_text(f'{opening},\n "samples": [\n{rows}\n]}}\n', encoding="utf-8")


def _of_kind(kind: str, examples: Iterable[Example]) -> Iterator[Entry]:
    return ((example.text, example.label, kind) for example in examples)


def _boundary() -> Iterator[Entry]:
    """Texts in held-out phrasings in which the year alone decides, spread over all of them."""
    found = list(boundary_texts(phrasings="held"))
    Random(SEED).shuffle(found)
    return ((sample.text, sample.label, "boundary-year") for sample in found)


if __name__ == "__main__":
    write(Path(sys.argv[1]))
