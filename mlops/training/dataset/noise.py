"""Typing as it happens: slips of the keyboard, odd casing and spacing. Digits and short words stay as they are."""

import re
from random import Random
from typing import Final

from mlops.training.dataset.patterns import pick

_WORD: Final = re.compile(r"[A-Za-z]{5,}")
_NEIGHBOURS: Final = {
    "a": "sq", "b": "vn", "c": "xv", "d": "sf", "e": "wr", "f": "dg", "g": "fh", "h": "gj", "i": "uo", "j": "hk",
    "k": "jl", "l": "ko", "m": "n",
    "n": "bm", "o": "ip", "p": "ol", "q": "wa", "r": "et", "s": "ad", "t": "ry", "u": "yi", "v": "cb",
    "w": "qe", "x": "zc", "y": "tu", "z": "x",
}  # fmt: skip
# A slip in one of these could turn the meaning, or a year in words into another one.
_KEPT: Final = frozenset(
    [
        "before",
        "after",
        "since",
        "never",
        "neither",
        "nothing",
        "hardly",
        "early",
        "later",
        "earlier",
        "longer",
        "prior",
        "fifty",
        "sixty",
        "seventy",
        "eighty",
        "ninety",
        "fifties",
        "sixties",
        "seventies",
        "eighties",
        "nineties",
        "nineteen",
        "twenty",
        "thirty",
        "forty",
        "seven",
        "eight",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "three",
        "thousand",
        "without",
        "anything",
        "rather",
        "instead",
        "until",
        "while",
        "unlike",
    ]
)


# How words that matter are really misspelt, short ones included.
_MISSPELT: Final = {
    "iron": ("iorn", "irn", "irron"), "good": ("gud", "goood", "godd", "gd", "goodd"),
    "poor": ("por", "pooor", "porr"), "fair": ("fiar", "fairr", "fare"), "new": ("nwe", "nu", "neww"),
    "steel": ("stel", "steal", "steell", "stl", "seel"),
    "plastic": ("plastik", "plasic", "plstc", "palstic", "plastc", "plastick"),
    "rubber": ("ruber", "rubbr", "rubba"), "aluminum": ("alumnum", "alluminum"),
    "aluminium": ("alumnium", "alluminium", "alumininum", "alminium", "alum"),
    "condition": ("condtion", "conditon", "condishun", "cond", "condision", "cndtn", "condiiton"),
    "carbon": ("carbn", "cabron", "carben"), "fibre": ("fiber", "fibr", "fibber"), "fiber": ("fibre", "fibr"),
    "stainless": ("stanless", "stainles", "stnls", "stainlss"),
    "manufactured": ("mfd", "manufactued", "manufacterd", "mnfctrd"), "brass": ("bras", "brss", "brasss"),
    "copper": ("coper", "coppar"), "titanium": ("titanum", "titainium", "tittanium"),
    "nylon": ("nilon", "nylonn", "nlyon"), "cast": ("csat", "casst"), "made": ("mde", "maid"),
    "built": ("bilt", "buit"), "cracked": ("craked", "crakced", "crackd"), "rusty": ("rustie", "rsuty", "rusti"),
    "broken": ("brokn", "borken"), "unused": ("unusd", "un-used", "unsued"),
    "excellent": ("excelent", "exellent", "exc"), "worn": ("wron", "wornn", "worne"),
    "produced": ("prodused", "prduced", "prod"), "year": ("yaer", "yer", "yr"), "and": ("an", "n", "adn"),
    "with": ("w", "wiht"),
}  # fmt: skip
_MISSPELLABLE: Final = re.compile(r"\b(" + "|".join(_MISSPELT) + r")\b", re.IGNORECASE)
_BEFORE_YEAR: Final = re.compile(r"\b(yr|year|mfd|made|built|prod|from|of|in) (?=\d{4}\b)", re.IGNORECASE)
_VOWELS: Final = re.compile(r"(?<=[a-zA-Z])[aeiou](?=[a-zA-Z])")


def misspell_known(text: str, rng: Random, share: float) -> str:
    """`text` with this share of the words that matter misspelt as people do; their meaning can still be told."""

    def spelt(match: re.Match[str]) -> str:
        word = match.group()
        if rng.random() >= share:
            return word
        found = pick(rng, _MISSPELT[word.lower()])
        return found.upper() if word.isupper() else found.capitalize() if word[0].isupper() else found

    return _MISSPELLABLE.sub(spelt, text)


def _slip(word: str, rng: Random) -> str:
    """The word with one inner letter swapped, dropped, doubled or struck beside."""
    at = 1 + int(rng.random() * (len(word) - 2))
    if len(word) > 5 and rng.random() < 0.12:
        return _VOWELS.sub("", word)
    kind = int(rng.random() * 4)
    if kind == 0:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    if kind == 1:
        return word[:at] + word[at + 1 :]
    if kind == 2:
        return word[:at] + word[at] + word[at:]
    struck = pick(rng, _NEIGHBOURS.get(word[at].lower(), word[at]))
    return word[:at] + (struck.upper() if word[at].isupper() else struck) + word[at + 1 :]


def misspell(text: str, rng: Random, slips: int) -> str:
    """`text` with up to `slips` words mistyped."""
    spans = [match.span() for match in _WORD.finditer(text) if match.group().lower() not in _KEPT]
    chosen = sorted((pick(rng, spans) for _ in range(slips)), reverse=True) if spans else []
    for start, end in dict.fromkeys(chosen):
        text = text[:start] + _slip(text[start:end], rng) + text[end:]
    return text


def recase(text: str, rng: Random) -> str:
    """`text` in capitals, in small letters, in title case or with its case turned here and there."""
    roll = rng.random()
    if roll < 0.4:
        return text.upper()
    if roll < 0.65:
        return text.lower()
    if roll < 0.9:
        return " ".join(word[:1].upper() + word[1:] for word in text.split(" "))
    return text.swapcase()


def respace(text: str, rng: Random) -> str:
    """`text` with spaces lost after commas, doubled, or its punctuation made odd."""
    roll = rng.random()
    if roll < 0.25:
        return text.replace(", ", ",")
    if roll < 0.45:
        return text.replace(" ", "  ")
    if roll < 0.6:
        return text.replace(", ", " , ")
    if roll < 0.75:
        return text.replace(". ", "... ").rstrip(".") + pick(rng, ("...", "!", " .", "!!", ""))
    if roll < 0.9:
        return text.replace(",", "")
    if roll < 0.95:
        return _BEFORE_YEAR.sub(lambda match: match.group(1), text)
    return pick(rng, ("  ", "- ", "* ", "> ", "• ", "-- ")) + text


def disturb(text: str, rng: Random) -> str:
    """`text` as a hurried hand types it: nearly always with slips, often in odd case or spacing."""
    roll = rng.random()
    if roll < 0.8:
        text = misspell_known(text, rng, pick(rng, (0.0, 0.2, 0.5)))
        text = misspell(text, rng, 1 + int(rng.random() * 3))
    if roll > 0.65 or rng.random() < 0.25:
        text = recase(text, rng)
    return respace(text, rng) if rng.random() < 0.35 else text
