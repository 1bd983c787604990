"""One thing that is proven of a bundle, or is not."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from mlops.exceptions import ModelError

NAMES: Final = (
    "files", "opening", "inputs and outputs", "odd texts", "different answers", "both labels", "golden samples",
    "alone and together",
)  # fmt: skip
"""What is proven of a bundle, in this order: what says most goes first.

A model that answers everything alike fails its golden samples too.
"""
LONGEST_DETAIL: Final = 500
"""Characters of a sentence about a check: a bundle chooses some of its words, and may choose a gigabyte of them."""
WITHOUT_MEMORY: Final = "It asked for more memory than it may have (VERIFY_MEMORY_BYTES)."


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was proven of a bundle, or was not; `detail` is a sentence for a person."""

    name: str
    passed: bool
    detail: str


Step = Callable[[], str]
"""Proves one thing and returns what it found; raises ModelError where it is not so."""


def result_of(name: str, step: Step) -> Check:
    """The check that the step makes."""
    try:
        return Check(name, passed=True, detail=in_short(step()))
    except (ModelError, MemoryError) as error:
        return Check(name, passed=False, detail=sentence_of(error))


def sentence_of(error: ModelError | MemoryError) -> str:
    """What went wrong, and whether it was for want of memory: libraries say that in words of their own."""
    said = str(error)
    if isinstance(error, MemoryError) or "bad_alloc" in said or "allocate" in said:
        return in_short(f"{WITHOUT_MEMORY} {said}".strip())
    return in_short(said)


def in_short(said: str) -> str:
    """The text as every database keeps it and a page can show it: without what does not print, cut where it is long."""
    cut = said if len(said) <= LONGEST_DETAIL else f"{said[:LONGEST_DETAIL]}…"
    return "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in cut)
