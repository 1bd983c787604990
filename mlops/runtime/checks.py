"""One thing that is proven of a bundle, or is not."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from mlops.exceptions import ModelError

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
        return Check(name, passed=True, detail=step())
    except (ModelError, MemoryError) as error:
        return Check(name, passed=False, detail=sentence_of(error))


def sentence_of(error: ModelError | MemoryError) -> str:
    """What went wrong, and whether it was for want of memory: libraries say that in words of their own."""
    said = str(error)
    if isinstance(error, MemoryError) or "bad_alloc" in said or "allocate" in said:
        return f"{WITHOUT_MEMORY} {said}".strip()
    return said
