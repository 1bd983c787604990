"""How people write a year of manufacture. Nothing here may be read as a year on the other side of 1995."""

from random import Random
from typing import Final

from mlops.training.dataset.facts import FIRST_COMPLIANT_YEAR
from mlops.training.dataset.patterns import pick

MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
SEASONS: Final = ("spring", "summer", "autumn", "winter", "fall")
_UNITS: Final = (
    "", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
    "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS: Final = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_DECADES: Final = {
    1950: "fifties", 1960: "sixties", 1970: "seventies", 1980: "eighties", 1990: "nineties",
    2000: "two-thousands", 2010: "twenty-tens",
}  # fmt: skip


def in_words(year: int, rng: Random) -> str:
    """The year spoken: "nineteen eighty-six", "two thousand and four", "twenty twelve"."""
    century, rest = divmod(year, 100)
    tail = _UNITS[rest] if rest < 20 else f"{_TENS[rest // 10]}-{_UNITS[rest % 10]}".rstrip("-")
    if century == 19:
        return f"nineteen {tail}" if rest >= 10 else f"nineteen oh {tail}" if rest else "nineteen hundred"
    if rest == 0:
        return "two thousand"
    if rest < 10:
        return f"two thousand {pick(rng, ('and ', ''))}{tail}"
    return f"twenty {tail}"


def two_digit(year: int) -> str:
    """The year cut short, "'98"; in full where two digits could mean another century."""
    return f"'{year % 100:02d}" if 1950 <= year <= 2026 else str(year)


def decade(year: int, rng: Random) -> str:
    """A decade or a part of one that lies wholly on the year's side of 1995; the year itself where there is none."""
    start = year - year % 10
    place, part = year % 10, ""
    if start == 1990:
        if 3 <= place <= 6:
            return str(year)
        part = "early " if place < 3 else "late "
    elif rng.random() < 0.4:
        part = "early " if place < 4 else "mid-" if place < 7 else "late "
    if start in _DECADES and rng.random() < 0.4 and not (part == "mid-" and start >= 2000):
        return f"the {part}{_DECADES[start]}"
    if start in (1950, 1960, 1970, 1980, 1990) and rng.random() < 0.25:
        return f"the {part}{start % 100}s"
    return f"the {part}{start}s"


def numeric_date(year: int, rng: Random) -> str:
    """A month or a day in figures."""
    month, day = 1 + int(rng.random() * 12), 1 + int(rng.random() * 28)
    shapes = (
        f"{month:02d}/{year}", f"{year}-{month:02d}", f"{day:02d}.{month:02d}.{year}", f"{year}-{month:02d}-{day:02d}",
        f"{day:02d}/{month:02d}/{year}", f"{month}/{day}/{year}", f"{month}/{year}", f"{year}/{month:02d}",
        f"{day}-{MONTHS[month - 1][:3]}-{year}", f"{month:02d}-{year}", f"{month:02d}.{year}",
    )  # fmt: skip
    return pick(rng, shapes)


def worded_date(year: int, rng: Random) -> str:
    """A month, a season or a part of the year, without a preposition."""
    roll = rng.random()
    month = pick(rng, MONTHS)
    if roll < 0.4:
        return f"{month} {year}"
    if roll < 0.55:
        return f"{month[:3]}{pick(rng, ('', '.', ' of'))} {year}"
    if roll < 0.85:
        return f"{pick(rng, ('early ', 'late ', 'mid-', 'mid ', 'the end of ', 'the start of '))}{year}"
    return f"{pick(rng, SEASONS)} {pick(rng, ('', 'of '))}{year}"


def date(year: int, rng: Random) -> str:
    """A year as a noun: follows "from", "dated" or a colon."""
    roll = rng.random()
    if roll < 0.7:
        return str(year)
    if roll < 0.78:
        return worded_date(year, rng)
    if roll < 0.85:
        return numeric_date(year, rng)
    if roll < 0.91:
        return two_digit(year)
    if roll < 0.94:
        return in_words(year, rng)
    return f"the year {year}" if roll < 0.965 else decade(year, rng)


def when(year: int, rng: Random) -> str:
    """A year as an adverb: follows "made" or "built"."""
    return bounded(year, rng) if rng.random() < 0.05 else plain_when(year, rng)


def plain_when(year: int, rng: Random) -> str:
    """The same without limits, so that it may follow "not"."""
    roll = rng.random()
    if roll < 0.6:
        return f"in {year}"
    if roll < 0.66:
        return str(year)
    if roll < 0.74:
        return f"in {worded_date(year, rng)}"
    if roll < 0.78:
        day = 1 + int(rng.random() * 28)
        return f"on {pick(rng, (numeric_date(year, rng), f'{day} {pick(rng, MONTHS)} {year}'))}"
    if roll < 0.82:
        return f"in the year {year}"
    if roll < 0.86:
        return f"in {two_digit(year)}"
    if roll < 0.89:
        return f"in {in_words(year, rng)}"
    if roll < 0.92:
        return f"{pick(rng, ('sometime in', 'at some point in', 'back in', 'during'))} {year}"
    if roll < 0.94 and abs(year - FIRST_COMPLIANT_YEAR) > 4:
        return f"{pick(rng, ('around', 'circa', 'in about', 'ca.', 'roughly in'))} {year}"
    return f"in {decade(year, rng)}" if roll < 0.97 else f"during {year}"


def bound(year: int, rng: Random) -> int:
    "A limit that settles the year's side: at most the year and at least 1995, or above the year and at most 1995."
    ""
    if year >= FIRST_COMPLIANT_YEAR:
        return FIRST_COMPLIANT_YEAR + int(rng.random() * (min(year, 2020) - FIRST_COMPLIANT_YEAR + 1))
    lowest = max(year + 1, 1960)
    return lowest + int(rng.random() * (FIRST_COMPLIANT_YEAR - lowest + 1))


def bounded(year: int, rng: Random) -> str:
    """The year by a limit: "before 1995", "since 1995", "after 2001", "between 1996 and 1999"."""
    limit = bound(year, rng)
    if year >= FIRST_COMPLIANT_YEAR:
        shapes = (
            f"after {limit - 1}", f"in {limit} or later", f"no earlier than {limit}", f"later than {limit}",
            f"between {limit} and {max(year, limit) + 2}", f"not before {limit}", f"after the end of {limit - 1}",
        )  # fmt: skip
    else:
        shapes = (
            f"before {limit}", f"in {limit - 1} or earlier", f"no later than {limit - 1}", f"earlier than {limit}",
            f"between {min(year, limit) - 3} and {limit - 1}", f"not after {limit - 1}", f"prior to {limit}",
        )  # fmt: skip
    return pick(rng, shapes)
