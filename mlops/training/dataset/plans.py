"""Sentence plans: skeletons in every order of the facts, each with a stable id, in training or held out of it."""

import zlib
from dataclasses import dataclass
from itertools import permutations
from typing import Final

from mlops.training.dataset import layouts, skeletons
from mlops.training.dataset.facts import DIMENSIONS, Dimension
from mlops.training.dataset.holdout import PHRASING_SHARE, choose_held
from mlops.training.dataset.patterns import Pattern, compile_pattern

Order = tuple[Dimension, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """How a text is laid out in sentences, or in the fields of a note where `fields`; `held`: never in training."""

    phrasing: str
    family: str
    order: Order
    segments: tuple[Pattern, ...]
    fields: bool
    held: bool


_FAMILIES: Final = {
    "plain": (skeletons.PLAIN, False),
    "story": (skeletons.STORY + layouts.MIXED, False),
    "note": (skeletons.NOTE, True),
    "keyed": (skeletons.KEYED, True),
    "versus": (skeletons.VERSUS + layouts.TOLD_APART, False),
    "partial": (skeletons.PARTIAL, False),
    "lab": (skeletons.LAB, False),
}


def _orders(skeleton: str, family: str) -> tuple[Order, ...]:
    """The orders that make a difference: all six where the first two facts are free, one where the plan names them.

    An order of fewer than three dimensions: the plan tells no other fact.
    """
    if family == "partial":
        return tuple(permutations(DIMENSIONS, 2 if "{2" in skeleton else 1))
    return tuple(permutations(DIMENSIONS)) if "{2" in skeleton else (DIMENSIONS,)


def _plans(family: str) -> tuple[Plan, ...]:
    sources, fields_only = _FAMILIES[family]
    held = choose_held(sources, PHRASING_SHARE) if family != "lab" else frozenset()
    plans: list[Plan] = []
    for source in sources:
        fields = fields_only or " ; " in source
        segments = tuple(compile_pattern(part) for part in source.split(" ; " if fields else " ¶ "))
        name = f"{family}-{zlib.crc32(source.encode()):08x}"
        plans += [
            Plan(f"{name}-{''.join(d[0] for d in order)}", family, order, segments, fields, source in held)
            for order in _orders(source, family)
        ]
    return tuple(plans)


PLANS: Final = {family: _plans(family) for family in _FAMILIES}
KNOWN_PLANS: Final = {family: tuple(plan for plan in plans if not plan.held) for family, plans in PLANS.items()}
HELD_PLANS: Final = {family: tuple(plan for plan in plans if plan.held) for family, plans in PLANS.items()}
