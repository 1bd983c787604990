"""Facts of other things, and of other times: whatever a text may be taken to say of the component and does not."""

from random import Random
from typing import Final

from mlops.training.dataset.facts import (
    ALLOWED_MATERIALS,
    BAD_CONDITIONS,
    BANNED_MATERIALS,
    FIRST_COMPLIANT_YEAR,
    GOOD_CONDITIONS,
    draw_year,
)
from mlops.training.dataset.lexicon import materials
from mlops.training.dataset.patterns import pick

# How often a foil lies on the other side of the rule: always would make the component's own fact readable from it.
OPPOSITE_FOIL_SHARE: Final = 0.7


def material_name(material: str, rng: Random) -> str:
    """What somebody might call the material: its plain name half the time."""
    names = materials.NAMES[material]
    if material == "carbon fiber":
        return names[rng.random() < 0.5] if rng.random() < materials.PLAIN_SHARE else pick(rng, names)
    return names[0] if rng.random() < materials.PLAIN_SHARE else pick(rng, names)


def other_material(material: str | None, rng: Random) -> str:
    """A material that is not the given one, mostly from the other side of the rule."""
    opposite = rng.random() < OPPOSITE_FOIL_SHARE
    banned = (material in BANNED_MATERIALS) != opposite
    pool = BANNED_MATERIALS if banned else ALLOWED_MATERIALS[:3] + ALLOWED_MATERIALS
    found = pick(rng, pool)
    while found == material:
        found = pick(rng, pool)
    return found


def other_condition(condition: str | None, rng: Random) -> str:
    """A condition that is not the given one, mostly from the other side of the rule."""
    if condition is None:
        return pick(rng, GOOD_CONDITIONS + BAD_CONDITIONS)
    good = condition in GOOD_CONDITIONS
    if rng.random() < OPPOSITE_FOIL_SHARE:
        return pick(rng, BAD_CONDITIONS if good else GOOD_CONDITIONS)
    same_side = GOOD_CONDITIONS if good else BAD_CONDITIONS
    return same_side[condition == same_side[0]]


def other_year(year: int | None, rng: Random) -> int:
    """A year that is not the given one, mostly from the other side of the rule."""
    if year is None:
        return draw_year(rng, compliant=rng.random() < 0.5)
    compliant = (year >= FIRST_COMPLIANT_YEAR) != (rng.random() < OPPOSITE_FOIL_SHARE)
    found = draw_year(rng, compliant=compliant)
    return found if found != year else found + 1 if found != FIRST_COMPLIANT_YEAR - 1 else found - 1


def earlier_year(year: int | None, rng: Random) -> int:
    """A year before the given one, near or far."""
    latest = (1994 if year is None else year) - 1
    return latest - int(rng.random() * (8 if rng.random() < 0.4 else 28))


def later_year(year: int | None, rng: Random) -> int:
    """A year in which something may have happened to a component of the given year."""
    first = 1990 if year is None else year + (rng.random() < 0.8)
    return first + int(rng.random() * max(1, min(2026 - first, 30)))
