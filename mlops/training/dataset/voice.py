"""Fills the slots of plans, clauses and remarks for one component."""

from collections.abc import Callable
from random import Random
from typing import Final

from mlops.training.dataset.clauses.table import CLAUSES, HELD, KNOWN
from mlops.training.dataset.facts import Dimension, Facts, violated
from mlops.training.dataset.foils import (
    earlier_year,
    later_year,
    material_name,
    other_condition,
    other_material,
    other_year,
)
from mlops.training.dataset.lexicon import conditions, dates, parts, surroundings, workshop
from mlops.training.dataset.patterns import pick, render
from mlops.training.dataset.plans import Order

_BY_DIGIT: Final = {"1": 0, "2": 1, "3": 2}
_BY_LETTER: Final[dict[str, Dimension]] = {"y": "year", "c": "condition", "m": "material"}
_SHOUTED: Final = frozenset(word for words in conditions.GRADES.values() for word in words if word != word.lower())
_Words = dict[str, tuple[str, ...]]


def _joined(plain: _Words, workshop: _Words) -> _Words:
    return {value: (*words, *workshop[value]) for value, words in plain.items()}


_CONDITION_WORDS: Final = {
    "state": _joined(conditions.STATE, workshop.STATE),
    "is": _joined(conditions.IS, workshop.IS),
    "does": _joined(conditions.DOES, workshop.DOES),
    "with": conditions.WITH,
    "adj": conditions.BEFORE_NOUN,
    "short": _joined(conditions.SHORT, workshop.SHORT),
    "grade": conditions.GRADES,
}


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
        self.prose = True

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
        name = parts.invented(rng) if rng.random() < 0.15 else pick(rng, parts.PARTS)
        if roll < 0.3:
            name = f"{pick(rng, parts.POSITIONS)} {name}"
        if rng.random() < 0.1:
            name = f"{pick(rng, parts.TRAITS)} {name}"
        return name

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
        self.prose = form in "apvs"
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
        found = parts.invented(self.rest) if self.rest.random() < 0.1 else pick(self.rest, parts.PARTS)
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


_YEAR_SHAPES: Final[dict[str, Callable[[int, Random], str]]] = {
    "year": lambda year, _: str(year),
    "when": dates.when,
    "date": dates.date,
    "short": lambda year, _: dates.two_digit(year),
    "yy": lambda year, _: dates.two_digit(year).lstrip("'"),
    "bound": lambda year, rng: str(dates.bound(year, rng)),
    "under": lambda year, rng: str(dates.bound(year, rng) - 1),
    "fyear": lambda year, _: str(year),
    "fwhen": dates.plain_when,
    "fdate": dates.date,
}


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
        shape = _YEAR_SHAPES.get(name)
        if shape is not None:
            return shape(foil() if name[0] == "f" else year, rng)
        if name in ("age", "asof"):
            return str(age if name == "age" else year + age)
        return _around(voice, rng, name)

    return fill


def _cased(voice: Voice, word: str) -> str:
    """Grades may be shouted in a note or a form, not inside a sentence."""
    return word.lower() if voice.prose and word in _SHOUTED else word


def _condition_fill(voice: Voice, rng: Random) -> Callable[[str], str]:
    condition = voice.facts.condition
    if condition is None:
        raise ValueError("a plan speaks of a condition that is not known")
    foil = other_condition(condition, rng)

    def fill(name: str) -> str:
        if name in _CONDITION_WORDS:
            return _cased(voice, pick(rng, _CONDITION_WORDS[name][condition]))
        if name[1:] in _CONDITION_WORDS and name[0] == "f":
            return _cased(voice, pick(rng, _CONDITION_WORDS[name[1:]][foil]))
        if name == "spot":
            return pick(rng, conditions.SPOTS)
        if name in ("damage", "bad_damage"):
            level = condition if name == "damage" and condition in conditions.DAMAGE else "poor"
            return pick(rng, conditions.DAMAGE[level])
        if name in workshop.DETAILS:
            return pick(rng, workshop.DETAILS[name])
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
    "person": lambda voice: surroundings.person(voice.rest),
    "Person": lambda voice: _cap(pick(voice.rest, surroundings.PEOPLE)),
    "supplier": lambda voice: pick(voice.rest, surroundings.SUPPLIERS),
    "vehicle": lambda voice: pick(voice.rest, surroundings.VEHICLES),
    "place": lambda voice: surroundings.place(voice.rest),
    "pn": lambda voice: surroundings.part_number(voice.rest),
    "measure": lambda voice: surroundings.measure(voice.rest),
    "length": lambda voice: surroundings.length(voice.rest),
    "weight": lambda voice: surroundings.weight(voice.rest),
    "torque": lambda voice: surroundings.torque(voice.rest),
    "price": lambda voice: surroundings.price(voice.rest),
    "distance": lambda voice: surroundings.distance(voice.rest),
    "colour": lambda voice: pick(voice.rest, surroundings.COLOURS),
    "vin": _vin,
    "n": lambda voice: str(1 + int(voice.rest.random() * 12)),
    "small": lambda voice: str(1 + int(voice.rest.random() * 99)),
    "opart": lambda voice: voice.other_part(),
    "Opart": lambda voice: _cap(voice.other_part()),
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
