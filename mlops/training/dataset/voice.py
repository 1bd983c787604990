"""Fills the slots of plans, clauses and remarks for one component."""

from collections.abc import Callable
from random import Random
from typing import Final

from mlops.training.dataset.clauses.table import CLAUSES, HELD, KNOWN
from mlops.training.dataset.facts import (
    ALLOWED_MATERIALS,
    BAD_CONDITIONS,
    BANNED_MATERIALS,
    FIRST_COMPLIANT_YEAR,
    GOOD_CONDITIONS,
    Dimension,
    Facts,
    draw_year,
    violated,
)
from mlops.training.dataset.lexicon import conditions, dates, materials, parts, surroundings
from mlops.training.dataset.patterns import pick, render
from mlops.training.dataset.plans import Order

OPPOSITE_FOIL_SHARE: Final = 0.75
_BY_DIGIT: Final = {"1": 0, "2": 1, "3": 2}
_BY_LETTER: Final[dict[str, Dimension]] = {"y": "year", "c": "condition", "m": "material"}
_CONDITION_WORDS: Final = {
    "state": conditions.STATE,
    "is": conditions.IS,
    "does": conditions.DOES,
    "with": conditions.WITH,
    "adj": conditions.BEFORE_NOUN,
    "short": conditions.SHORT,
    "grade": conditions.GRADES,
}


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


class Voice:
    """The wording of one text.

    Each fact draws from a stream of its own, so that two voices with the same seed and facts that differ in one
    dimension say everything else alike.
    """

    def __init__(self, facts: Facts, order: Order, modes: dict[Dimension, str], seed: int, wordings: str) -> None:
        """`wordings`: "known", "held" (where there are any, half of the time) or "all"."""
        self.facts = facts
        self.order = order
        self.modes = modes
        self.wordings = wordings
        self.rest = Random(seed)
        self.streams: dict[str, Random] = {}
        self.seed = seed
        self.broken = violated(facts)
        self.part = self._name_part()
        self.after_other = False
        self.named = False

    def stream(self, dimension: Dimension) -> Random:
        """The source of chance of everything that is said about one fact."""
        found = self.streams.get(dimension)
        if found is None:
            found = self.streams[dimension] = Random(self.seed * 8 + len(dimension))
        return found

    def _name_part(self) -> str:
        rng = self.rest
        roll = rng.random()
        if roll < 0.12:
            return pick(rng, parts.GENERIC)
        name = pick(rng, parts.PARTS)
        return f"{pick(rng, parts.POSITIONS)} {name}" if roll < 0.3 else name

    def fill(self, name: str) -> str:
        """What stands in a plan's or a remark's slot."""
        found = _SLOTS.get(name)
        if found is not None:
            return found(self)
        which, form = name[0], name[1]
        return self.clause(self.order[_BY_DIGIT[which]] if which in _BY_DIGIT else _BY_LETTER[which], form)

    def clause(self, dimension: Dimension, form: str) -> str:
        """One fact in words."""
        rng = self.stream(dimension)
        key = (dimension, self.modes.get(dimension, "plain"), form, dimension not in self.broken)
        table = CLAUSES[key] if self.wordings == "all" else KNOWN[key]
        if self.wordings == "held" and HELD[key] and rng.random() < 0.5:
            table = HELD[key]
        fill = _CLAUSE_FILLS[dimension](self, rng)
        return render(pick(rng, table).pattern, rng, fill)

    def subject(self) -> str:
        """A subject that cannot be taken for the thing the last remark was about."""
        self.named = True
        roll = self.rest.random()
        if roll < 0.5:
            return f"the {self.part}"
        return pick(
            self.rest,
            ("the component itself", "the component described here", "the one to be labelled", "this component"),
        )

    def pronoun(self) -> str:
        return self.subject() if self.after_other and not self.named else "it"

    def other_part(self) -> str:
        found = pick(self.rest, parts.PARTS)
        return found if found not in self.part else "bearing"


def _around(voice: Voice, rng: Random, name: str) -> str:
    """Slots that clauses share with remarks, drawn from the clause's own stream."""
    year = voice.facts.year
    if name == "opart":
        return pick(rng, parts.PARTS)
    if name == "vehicle":
        return pick(rng, surroundings.VEHICLES)
    if name == "earlier2":
        return str(1996 + int(rng.random() * 24) if year is None else min(2029, year + int(rng.random() * 6)))
    if name == "earlier":
        return str(earlier_year(year, rng))
    if name == "later":
        return str(later_year(year, rng))
    raise KeyError(name)


def earlier_year(year: int | None, rng: Random) -> int:
    """A year before the given one, near or far."""
    latest = (1994 if year is None else year) - 1
    return latest - int(rng.random() * (8 if rng.random() < 0.4 else 28))


def later_year(year: int | None, rng: Random) -> int:
    """A year in which something may have happened to a component of the given year."""
    first = 1990 if year is None else year + (rng.random() < 0.8)
    return first + int(rng.random() * max(1, min(2026 - first, 30)))


def _year_fill(voice: Voice, rng: Random) -> Callable[[str], str]:
    year = voice.facts.year
    if year is None:
        raise ValueError("a plan speaks of a year that is not known")
    drawn: list[int] = []

    def foil() -> int:
        if not drawn:
            drawn.append(other_year(year, rng))
        return drawn[0]

    age = 1 + int(rng.random() * 24)
    if year <= 2026:
        age = min(age, max(1, 2026 - year))

    def fill(name: str) -> str:
        shapes: dict[str, Callable[[], str]] = {
            "year": lambda: str(year),
            "when": lambda: dates.when(year, rng),
            "date": lambda: dates.date(year, rng),
            "short": lambda: dates.two_digit(year),
            "yy": lambda: dates.two_digit(year).lstrip("'"),
            "bound": lambda: str(dates.bound(year, rng)),
            "under": lambda: str(dates.bound(year, rng) - 1),
            "age": lambda: str(age),
            "asof": lambda: str(year + age),
            "fyear": lambda: str(foil()),
            "fwhen": lambda: dates.when(foil(), rng),
            "fdate": lambda: dates.date(foil(), rng),
        }
        found = shapes.get(name)
        return found() if found else _around(voice, rng, name)

    return fill


def _condition_fill(voice: Voice, rng: Random) -> Callable[[str], str]:
    condition = voice.facts.condition
    if condition is None:
        raise ValueError("a plan speaks of a condition that is not known")
    foil = other_condition(condition, rng)

    def fill(name: str) -> str:
        if name in _CONDITION_WORDS:
            return pick(rng, _CONDITION_WORDS[name][condition])
        if name[1:] in _CONDITION_WORDS and name[0] == "f":
            return pick(rng, _CONDITION_WORDS[name[1:]][foil])
        if name == "good":
            return pick(rng, conditions.GOOD_WORDS)
        if name == "bad":
            return pick(rng, conditions.BAD_WORDS)
        return _around(voice, rng, name)

    return fill


def _material_fill(voice: Voice, rng: Random) -> Callable[[str], str]:
    material = voice.facts.material
    if material is None:
        raise ValueError("a plan speaks of a material that is not known")
    foil = other_material(material, rng)

    def fill(name: str) -> str:
        if name == "mat":
            return material_name(material, rng)
        if name == "fmat":
            return material_name(foil, rng)
        if name == "fmat2":
            second = other_material(material, rng)
            return material_name(
                second if second != foil else "glass" if "glass" not in (foil, material) else "leather", rng
            )
        return _around(voice, rng, name)

    return fill


_CLAUSE_FILLS: Final[dict[Dimension, Callable[[Voice, Random], Callable[[str], str]]]] = {
    "year": _year_fill,
    "condition": _condition_fill,
    "material": _material_fill,
}


def _name(voice: Voice) -> str:
    voice.named = True
    return voice.part


def _cap(text: str) -> str:
    return text[:1].upper() + text[1:]


def _missing(voice: Voice) -> str:
    known = (voice.facts.year, voice.facts.condition, voice.facts.material)
    names = ("year of manufacture", "condition", "material")
    return next((name for name, fact in zip(names, known, strict=True) if fact is None), "part number")


def _vin(voice: Voice) -> str:
    rng = voice.rest
    letters = "".join(pick(rng, surroundings.LETTERS) for _ in range(5))
    return f"W{letters[:3]}{surroundings.yearlike(rng)}{letters[3:]}{int(rng.random() * 900000) + 100000}"


def _abbreviated(voice: Voice) -> str:
    voice.named = True
    return pick(voice.rest, parts.ABBREVIATED)


_SLOTS: Final[dict[str, Callable[[Voice], str]]] = {
    "part": _name,
    "Part": lambda voice: _cap(_name(voice)),
    "abbr": _abbreviated,
    "it": lambda voice: voice.pronoun(),
    "It": lambda voice: _cap(voice.pronoun()),
    "missing": _missing,
    "person": lambda voice: pick(voice.rest, surroundings.PEOPLE),
    "Person": lambda voice: _cap(pick(voice.rest, surroundings.PEOPLE)),
    "supplier": lambda voice: pick(voice.rest, surroundings.SUPPLIERS),
    "vehicle": lambda voice: pick(voice.rest, surroundings.VEHICLES),
    "place": lambda voice: surroundings.place(voice.rest),
    "pn": lambda voice: surroundings.part_number(voice.rest),
    "measure": lambda voice: surroundings.measure(voice.rest),
    "vin": _vin,
    "n": lambda voice: str(1 + int(voice.rest.random() * 12)),
    "small": lambda voice: str(1 + int(voice.rest.random() * 99)),
    "opart": lambda voice: voice.other_part(),
    "oyear": lambda voice: str(other_year(voice.facts.year, voice.rest)),
    "earlier": lambda voice: str(earlier_year(voice.facts.year, voice.rest)),
    "later": lambda voice: str(later_year(voice.facts.year, voice.rest)),
    "omat": lambda voice: material_name(other_material(voice.facts.material, voice.rest), voice.rest),
    "ois": lambda voice: pick(voice.rest, conditions.IS[other_condition(voice.facts.condition, voice.rest)]),
    "oadj": lambda voice: pick(voice.rest, conditions.BEFORE_NOUN[other_condition(voice.facts.condition, voice.rest)]),
    "ograde": lambda voice: pick(voice.rest, conditions.GRADES[other_condition(voice.facts.condition, voice.rest)]),
    "lab_year": lambda voice: str(voice.facts.year),
    "lab_condition": lambda voice: str(voice.facts.condition),
    "lab_material": lambda voice: str(voice.facts.material),
}
