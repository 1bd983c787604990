"""Texts whose label is beyond dispute under TREY-2019-1: a bundle carries them, and every load must get them right.

The generator was given none of them, but may come upon one by chance: they prove that a bundle is whole, and evaluation
sets measure how good it is. The ten of kind "lab" are the public texts of the reference data.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from mlops.contracts import Label
from mlops.training.corpus import Sample
from mlops.training.dataset.compose import Manner, compose
from mlops.training.dataset.facts import FIRST_COMPLIANT_YEAR, Facts
from mlops.training.dataset.plans import HELD_PLANS, KNOWN_PLANS, PLANS, Plan

REQUIRED: Final = ("lab", "direction")
BOUNDARY_YEARS: Final = (1965, 1994, 1995, 2024)
_STRIDE: Final = 100_003
_ATTEMPTS: Final = 60
_PLANS: Final = {"all": PLANS, "known": KNOWN_PLANS, "held": HELD_PLANS}

_C, _N = Label.COMPLIANT, Label.NON_COMPLIANT


@dataclass(frozen=True, slots=True)
class GoldenText:
    """A text and the label that the rule gives it."""

    text: str
    label: Label
    kind: str

    @property
    def required(self) -> bool:
        """Whether a model that gets it wrong may not be packed at all."""
        return self.kind in REQUIRED


_BY_KIND: Final[dict[str, tuple[tuple[str, Label], ...]]] = {
    "lab": (
        ("Manufactured in 1985 made of steel in fair condition", _N),
        ("Good condition carbon fiber component manufactured in 2010", _C),
        ("Steel component manufactured in 1995 in fair condition", _N),
        ("carbon fiber component manufactured in 1999 in good condition", _C),
        ("good condition iron component manufactured in 2004", _N),
        ("good condition steel component manufactured in 2012", _C),
        ("manufactured in 1971 made of carbon fiber in good condition", _N),
        ("manufactured in 2016 made of plastic in good condition", _N),
        ("iron component manufactured in 1998 in good condition", _N),
        ("manufactured in 2017 made of steel in good condition", _C),
    ),
    "direction": (
        ("new condition steel component manufactured in 2015", _C),
        ("poor condition plastic component manufactured in 1975", _N),
    ),
    "negation": (
        ("Steel bracket, made in 2012, not in good condition", _N),
        ("The steel bracket was made in 2012 and is in good condition, not worn at all", _C),
        ("A steel door hinge from 2015 that is no longer in good condition", _N),
        ("This pump housing is not made of iron. It is aluminium, made in 2009, in good condition.", _C),
        ("Made of steel, not plastic, in 2014. Good condition.", _C),
        ("Made of plastic, not steel, in 2014. Good condition.", _N),
        ("Not built before 1995: steel axle of 2008 in good condition", _C),
    ),
    "contrast": (
        ("The 1986 bracket was scrapped, this one is of 2010, made of steel and in good condition", _C),
        ("The 2010 bracket was scrapped, this one is of 1986, made of steel and in good condition", _N),
        ("Formerly iron, now replaced by a steel one made in 2011, good condition", _C),
        ("It was good once, but the steel lever of 2009 is now in poor condition", _N),
    ),
    "hyphen": (
        ("carbon-fibre wing mirror, made in 2019, brand-new", _C),
        ("cast-iron manifold, made in 2013, as-new", _N),
        ("steel lever - made in 2006 - good condition", _C),
        ("steel lever - made in 1986 - good condition", _N),
    ),
    "upper-case": (
        ("STEEL COMPONENT MANUFACTURED IN 2010 IN GOOD CONDITION", _C),
        ("STEEL COMPONENT MANUFACTURED IN 2010 IN POOR CONDITION", _N),
        ("PLASTIC COVER, MADE IN 2015, NEW CONDITION", _N),
    ),
    "unknown-words": (
        ("Steel zorbulator made in 2014, good condition", _C),
        ("Plastic zorbulator made in 2014, good condition", _N),
        ("Steel quimbly flange, Wexford pattern, manufactured in 2003, poor condition", _N),
        ("Steel grommlet, checked by Xiomara, made in 2018, new condition", _C),
    ),
    "boundary-year": (
        ("Steel component made in 1994, good condition", _N),
        ("Steel component made in 1995, good condition", _C),
        ("Manufactured in 1965, made of carbon fiber, in good condition", _N),
        ("Manufactured in 2024, made of carbon fiber, in good condition", _C),
        ("Good condition, steel, year 1994", _N),
        ("Good condition, steel, year 1995", _C),
        ("An aluminium rocker cover built in 1996, in good condition", _C),
        ("An aluminium rocker cover built in 1993, in good condition", _N),
    ),
    "distractor": (
        ("Steel hinge for a 1985 truck, hinge made in 2010, good condition", _C),
        ("Steel hinge for a 2010 truck, hinge made in 1985, good condition", _N),
        ("Steel clamp, part number 1987-44, made in 2012, good condition", _C),
        ("Aluminium cover, made in 2005, good condition, fixed with four plastic clips", _C),
    ),
    "note": (
        ("brake lever, steel, 2011, good", _C),
        ("fan shroud, plastic, 2011, good", _N),
        ("Part: oil pan\nMaterial: aluminium\nYear: 2001\nCondition: good", _C),
        ("Part: oil pan\nMaterial: iron\nYear: 2001\nCondition: good", _N),
    ),
}

GOLDEN: Final = tuple(GoldenText(text, label, kind) for kind, entries in _BY_KIND.items() for text, label in entries)


def lab_texts() -> tuple[Sample, ...]:
    """The ten texts of the reference data, as samples to measure on."""
    return tuple(as_sample(golden) for golden in GOLDEN if golden.kind == "lab")


def as_sample(golden: GoldenText) -> Sample:
    """The golden text as a sample to measure on."""
    return Sample(golden.text, int(golden.label == _N), golden.kind)


def boundary_texts(years: Iterable[int] = BOUNDARY_YEARS, *, phrasings: str = "all") -> tuple[Sample, ...]:
    """Each year, in figures, in every phrasing that tells one, of a component otherwise compliant: the year decides.

    `phrasings`: "all", "known" (with the wordings that training may use, so that the year alone may be new in them) or
    "held" (those that training never sees).
    """
    wanted, plans, manner = tuple(years), _PLANS[phrasings], Manner(wordings=phrasings)
    return tuple(
        Sample(text, int(year < FIRST_COMPLIANT_YEAR), str(year))
        for family in sorted(plans)
        for number, plan in enumerate(plans[family])
        if "year" in plan.order
        for year in wanted
        for text in _telling(plan, year, manner, number)
    )


def _telling(plan: Plan, year: int, manner: Manner, seed: int) -> Iterator[str]:
    """The phrasing with this year in figures: wordings by age, limit or decade are passed over."""
    facts = Facts(
        year=year,
        condition="good" if "condition" in plan.order else None,
        material="steel" if "material" in plan.order else None,
    )
    texts = (compose(plan, facts, manner, seed + _STRIDE * attempt) for attempt in range(_ATTEMPTS))
    return islice((text for text in texts if str(year) in text), 1)
