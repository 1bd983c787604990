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


def _slip(word: str, rng: Random) -> str:
    """The word with one inner letter swapped, dropped, doubled or struck beside."""
    at = 1 + int(rng.random() * (len(word) - 2))
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
    return pick(rng, ("  ", "- ", "* ", "> ", "• ", "-- ")) + text


def disturb(text: str, rng: Random) -> str:
    """`text` as a hurried hand types it: nearly always with slips, often in odd case or spacing."""
    roll = rng.random()
    if roll < 0.8:
        text = misspell(text, rng, 1 + int(rng.random() * 3))
    if roll > 0.65 or rng.random() < 0.25:
        text = recase(text, rng)
    return respace(text, rng) if rng.random() < 0.35 else text
