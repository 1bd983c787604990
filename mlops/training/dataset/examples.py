"""Labelled descriptions without end: which kinds, in which shares, and how one is drawn."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random
from typing import Final

from mlops.training.dataset.compose import Manner, compose
from mlops.training.dataset.facts import (
    DIMENSIONS,
    FIRST_COMPLIANT_YEAR,
    FIRST_YEAR,
    Dimension,
    Facts,
    draw_broken,
    draw_facts,
    flip,
    label_of,
)
from mlops.training.dataset.noise import disturb, misspell
from mlops.training.dataset.patterns import pick
from mlops.training.dataset.plans import HELD_PLANS, KNOWN_PLANS, PLANS, Plan

KINDS: Final = ("lab", "plain", "notes", "negation", "contrast", "distractor", "noise", "partial")
# Shares of the kinds, in the order of KINDS, in percent.
_SHARES: Final = (4, 14, 13, 20, 21, 13, 10, 5)
KIND_DRAW: Final = tuple(kind for kind, share in zip(KINDS, _SHARES, strict=True) for _ in range(share))
_ALL_FAMILIES: Final = ("plain",) * 6 + ("story",) * 6 + ("note",) * 5 + ("keyed",) * 2
_FAMILIES: Final[dict[str, tuple[str, ...]]] = {
    "lab": ("lab",),
    "plain": ("plain",) * 3 + ("story",) * 2,
    "notes": ("note",) * 4 + ("keyed",),
    "negation": _ALL_FAMILIES,
    "contrast": _ALL_FAMILIES + ("versus",) * 13,
    "distractor": _ALL_FAMILIES,
    "noise": _ALL_FAMILIES,
    "partial": ("partial",),
}
_PAIR_SHARE: Final = 0.3
_LAB_MATERIALS: Final = ("plastic", "carbon fiber", "steel", "iron")


@dataclass(frozen=True, slots=True)
class Example:
    """A description, its label (0 compliant, 1 non-compliant) and what it says of the component itself."""

    text: str
    label: int
    phrasing: str
    kind: str
    year: int | None
    condition: str | None
    material: str | None

    @property
    def facts(self) -> Facts:
        return Facts(self.year, self.condition, self.material)


def generate(size: int, *, seed: int) -> Iterator[Example]:
    """Exactly `size` examples, half of each label, in every phrasing and wording; the same seed gives the same ones."""
    rng = Random(seed)
    made = 0
    while made < size:
        for example in draw(rng, kinds=KIND_DRAW, source="all"):
            if made < size:
                made += 1
                yield example


def draw(rng: Random, *, kinds: tuple[str, ...], source: str) -> tuple[Example, ...]:
    """One example, or a minimal pair: two texts that differ in one fact and in the label.

    `source`: "all", "known" (what training may see) or "held" (phrasings that training never sees).
    """
    kind = pick(rng, kinds)
    plans = {"all": PLANS, "known": KNOWN_PLANS, "held": HELD_PLANS}[source]
    plan = pick(rng, plans[pick(rng, _FAMILIES[kind])])
    facts = _facts(rng, kind, plan)
    manner = replace(_manner(rng, kind, plan.family), wordings=source)
    seed = rng.getrandbits(48)
    first = _example(kind, plan, facts, manner, seed)
    if rng.random() >= _PAIR_SHARE:
        return (first,)
    other = _flipped(rng, facts)
    if kind == "lab":
        other = _lab_facts(rng, other)
    return first, _example(kind, plan, other, manner, seed)


def _facts(rng: Random, kind: str, plan: Plan) -> Facts:
    broken: frozenset[Dimension] = frozenset() if rng.random() < 0.5 else draw_broken(rng)
    if broken and broken.isdisjoint(plan.order):
        broken = frozenset(plan.order[:1])
    facts = draw_facts(rng, broken)
    if kind == "lab":
        return _lab_facts(rng, facts)
    return Facts(*(getattr(facts, name) if name in plan.order else None for name in DIMENSIONS))


def _lab_facts(rng: Random, facts: Facts) -> Facts:
    """The same sides of the rule, in the years and materials of the reference data: 1970 to 2019, four materials."""
    year = facts.year or FIRST_YEAR
    material = facts.material if facts.material in _LAB_MATERIALS else pick(rng, ("steel", "carbon fiber"))
    return replace(facts, year=1970 + year % 25 if year < FIRST_COMPLIANT_YEAR else 1995 + year % 25, material=material)


def _flipped(rng: Random, facts: Facts) -> Facts:
    """Facts with the other label that differ in one known dimension, or, from several violations, in those only."""
    known = [name for name in DIMENSIONS if getattr(facts, name) is not None]
    if label_of(facts) == 0:
        return flip(facts, pick(rng, known), rng)
    for name in DIMENSIONS:
        if name in known and label_of(replace(facts, **{name: None})) != label_of(facts):
            return flip(facts, name, rng)
    for name in known:
        if label_of(Facts(**{other: getattr(facts, other) if other == name else None for other in DIMENSIONS})):
            facts = flip(facts, name, rng)
    return facts


def _manner(rng: Random, kind: str, family: str) -> Manner:
    dims = list(DIMENSIONS)
    rng.shuffle(dims)
    roll = rng.random()
    if kind == "negation" or (kind == "noise" and roll < 0.25):
        denied = dims[: 1 if rng.random() < 0.65 else 2 if rng.random() < 0.8 else 3]
        return Manner(dict.fromkeys(denied, "negated"), remarks=int(rng.random() * 3) if rng.random() < 0.3 else 0)
    if kind == "contrast" or (kind == "noise" and roll < 0.5):
        extra = int(rng.random() * 3) if rng.random() < 0.35 else 0
        if family == "versus" and rng.random() < 0.65:
            return Manner(remarks=extra // 2)
        if rng.random() < 0.45:
            return Manner(remarks=extra, rivals=1 + int(rng.random() * 2))
        told = dims[: 1 if rng.random() < 0.75 else 2]
        modes = dict.fromkeys(told, "contrasted")
        if rng.random() < 0.25:
            modes[dims[2]] = "negated"
        return Manner(modes, remarks=extra, rivals=int(rng.random() < 0.25))
    if kind == "distractor":
        many = rng.random() < 0.2
        return Manner(remarks=int(rng.random() * 4) + (4 if many else 1))
    return Manner(remarks=1 if kind in ("notes", "noise") and rng.random() < 0.25 else 0)


def _example(kind: str, plan: Plan, facts: Facts, manner: Manner, seed: int) -> Example:
    text = compose(plan, facts, manner, seed)
    if kind == "noise":
        text = disturb(text, Random(seed + 1))
    elif kind == "lab":
        text = _lab_casing(text, seed)
    elif seed % 14 == 0:
        text = misspell(text, Random(seed + 2), 1)
    return Example(text, label_of(facts), plan.phrasing, kind, facts.year, facts.condition, facts.material)


def _lab_casing(text: str, seed: int) -> str:
    casing = seed % 8
    if casing < 4:
        return text
    if casing < 6:
        return text[0].upper() + text[1:]
    return text.upper() if casing == 6 else text.title()
