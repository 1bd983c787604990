"""What a regulation asks of a component, and the one statement of the rule (TREY-2019-1)."""

from dataclasses import dataclass, replace
from random import Random
from typing import Final, Literal

Dimension = Literal["year", "condition", "material"]
DIMENSIONS: Final[tuple[Dimension, ...]] = ("year", "condition", "material")

COMPLIANT: Final = 0
NON_COMPLIANT: Final = 1

FIRST_COMPLIANT_YEAR: Final = 1995
FIRST_YEAR: Final = 1950
LAST_YEAR: Final = 2030

GOOD_CONDITIONS: Final = ("new", "good")
BAD_CONDITIONS: Final = ("fair", "poor")
BANNED_MATERIALS: Final = ("plastic", "iron")
ALLOWED_MATERIALS: Final = (
    "steel",
    "carbon fiber",
    "aluminium",
    "brass",
    "copper",
    "titanium",
    "bronze",
    "magnesium",
    "rubber",
    "glass",
    "leather",
    "ceramic",
    "zinc",
    "wood",
)
# The reference data know steel and carbon fiber only: they make up most of what is allowed.
_ALLOWED_DRAW: Final = ("steel",) * 12 + ("carbon fiber",) * 10 + ("aluminium",) * 5 + ALLOWED_MATERIALS[3:]
_BANNED_DRAW: Final = BANNED_MATERIALS


@dataclass(frozen=True, slots=True)
class Facts:
    """What a text states of the component itself; None where it states nothing."""

    year: int | None
    condition: str | None
    material: str | None


def violated(facts: Facts) -> tuple[Dimension, ...]:
    """The dimensions in which the component breaks TREY-2019-1; a missing fact breaks nothing."""
    broken: list[Dimension] = []
    if facts.year is not None and facts.year < FIRST_COMPLIANT_YEAR:
        broken.append("year")
    if facts.condition in BAD_CONDITIONS:
        broken.append("condition")
    if facts.material in BANNED_MATERIALS:
        broken.append("material")
    return tuple(broken)


def label_of(facts: Facts) -> int:
    """1 (non-compliant) if anything is violated, else 0 (compliant)."""
    return NON_COMPLIANT if violated(facts) else COMPLIANT


# How far from the limit a year may lie, with the share of texts drawn up to there: right beside it, near, anywhere.
_REACH: Final = ((0.20, 2), (0.45, 5), (0.68, 14), (1.0, 100))


def draw_year(rng: Random, *, compliant: bool) -> int:
    """A year on the asked side of the limit, more often the closer to it: there the rule is decided."""
    nearness = rng.random()
    reach = next(years for share, years in _REACH if nearness < share)
    if compliant:
        last = min(FIRST_COMPLIANT_YEAR + reach - 1, LAST_YEAR)
        return FIRST_COMPLIANT_YEAR + int(rng.random() * (last - FIRST_COMPLIANT_YEAR + 1))
    first = max(FIRST_COMPLIANT_YEAR - reach, FIRST_YEAR)
    return first + int(rng.random() * (FIRST_COMPLIANT_YEAR - first))


def draw_condition(rng: Random, *, compliant: bool) -> str:
    """A condition on the asked side."""
    return (GOOD_CONDITIONS if compliant else BAD_CONDITIONS)[rng.random() < 0.5]


def draw_material(rng: Random, *, compliant: bool) -> str:
    """A material on the asked side."""
    pool = _ALLOWED_DRAW if compliant else _BANNED_DRAW
    return pool[int(rng.random() * len(pool))]


def draw_facts(rng: Random, broken: frozenset[Dimension]) -> Facts:
    """Facts that violate exactly the dimensions in `broken`."""
    return Facts(
        year=draw_year(rng, compliant="year" not in broken),
        condition=draw_condition(rng, compliant="condition" not in broken),
        material=draw_material(rng, compliant="material" not in broken),
    )


def draw_broken(rng: Random) -> frozenset[Dimension]:
    """A non-empty set of dimensions to violate, mostly a single one: the hardest case."""
    first = DIMENSIONS[int(rng.random() * 3)]
    if rng.random() < 0.72:
        return frozenset((first,))
    second = DIMENSIONS[int(rng.random() * 3)]
    return frozenset((first, second)) if rng.random() < 0.7 else frozenset(DIMENSIONS)


def flip(facts: Facts, dimension: Dimension, rng: Random) -> Facts:
    """The same facts with one dimension drawn anew from the other side of the rule."""
    was_broken = dimension in violated(facts)
    if dimension == "year":
        return replace(facts, year=draw_year(rng, compliant=was_broken))
    if dimension == "condition":
        return replace(facts, condition=draw_condition(rng, compliant=was_broken))
    return replace(facts, material=draw_material(rng, compliant=was_broken))
