"""JSON without the liberties that Python's parser takes, and typed access to what it holds."""

import json
import math
import re
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from mlops.exceptions import ArtifactCorrupt

FETCH_AGAIN = "Fetch the bundle again, or have it packed anew."
MOST_LEVELS = 64
"""Objects and lists inside each other; what is copied, stored or shown would take a stack of as many calls."""
TOO_DEEP = f"is nested more than {MOST_LEVELS} levels deep"
MOST_QUOTED, LONGEST_QUOTE = 5, 80
"""Of what a bundle holds and should not, a message quotes no more names, and no more characters of each."""


def corrupt(name: str, problem: str) -> ArtifactCorrupt:
    """The error that says what is wrong with the file `name` of a bundle, and what to do."""
    return ArtifactCorrupt(f"{name} {problem}. {FETCH_AGAIN}")


def problem_of(error: Exception) -> str:
    """What is wrong, in a sentence that does not say to fetch a bundle again: for whom that is no help."""
    return str(error).removesuffix(FETCH_AGAIN).strip()


def parse_object(name: str, content: bytes) -> dict[str, object]:
    """The JSON object in `content`; raises ArtifactCorrupt for anything that is not exactly that.

    Refused too: bytes that are not UTF-8, keys given twice, NaN, infinities, numbers too large for a float, and more
    than MOST_LEVELS levels.
    """
    try:
        value: object = json.loads(
            content.decode("utf-8"),
            object_pairs_hook=_unique,
            parse_constant=_refuse_constant,
            parse_float=_finite,
        )
    except RecursionError as error:
        raise corrupt(name, TOO_DEEP) from error
    except ValueError as error:  # UnicodeDecodeError and JSONDecodeError are kinds of it
        raise corrupt(name, f"is not valid JSON: {error}") from error
    if not isinstance(value, dict):
        raise corrupt(name, "does not hold a JSON object")
    if _is_deep(value):
        raise corrupt(name, TOO_DEEP)
    return value


def require_keys(name: str, value: Mapping[str, object], keys: Collection[str], *, where: str = "") -> None:
    """Raise ArtifactCorrupt unless `value` has exactly `keys`."""
    place = f" in {where}" if where else ""
    if missing := sorted(set(keys) - set(value)):
        raise corrupt(name, f"lacks {', '.join(missing)}{place}")
    if unknown := sorted(set(value) - set(keys)):
        raise corrupt(name, f"has unknown fields{place}: {quoted_list(unknown)}")


def quoted(found: str) -> str:
    """The beginning of a text that anyone may have written, on one line, in quotes, of characters that print."""
    return repr(found) if len(found) <= LONGEST_QUOTE else f"{found[:LONGEST_QUOTE]!r}…"


def quoted_list(found: Sequence[str]) -> str:
    """The first of some texts, each `quoted`, and how many more there are."""
    more = len(found) - MOST_QUOTED
    return ", ".join(map(quoted, found[:MOST_QUOTED])) + (f" and {more} more" if more > 0 else "")


def mapping(name: str, value: object, where: str) -> dict[str, object]:
    """`value` as a JSON object."""
    if not isinstance(value, dict):
        raise corrupt(name, f"must have an object at {where}")
    return value


def text(name: str, value: object, where: str) -> str:
    """`value` as a string that is not empty."""
    if not isinstance(value, str) or not value:
        raise corrupt(name, f"must have a text at {where}")
    return value


def matching(name: str, value: object, where: str, pattern: re.Pattern[str]) -> str:
    """`value` as a string that is all of what the pattern says."""
    written = text(name, value, where)
    if not pattern.fullmatch(written):
        raise corrupt(name, f"has a {where} that is none: {quoted(written)}")
    return written


def instant(name: str, value: object, where: str) -> datetime:
    """`value` as a time in the format of ISO 8601, with its time zone."""
    written = text(name, value, where)
    try:
        found = datetime.fromisoformat(written)
    except ValueError as error:
        raise corrupt(name, f"has a {where} that is no time: {quoted(written)}") from error
    if found.tzinfo is None:
        raise corrupt(name, f"has a {where} without a time zone")
    return found


def integer(name: str, value: object, where: str) -> int:
    """`value` as a whole number; true and false are none."""
    if type(value) is not int:
        raise corrupt(name, f"must have a whole number at {where}")
    return value


def number(name: str, value: object, where: str) -> float:
    """`value` as a finite float; true and false are none."""
    if type(value) is int and abs(value) < 2**53:
        return float(value)
    if type(value) is not float:
        raise corrupt(name, f"must have a number at {where}")
    return value


def _is_deep(value: dict[str, object]) -> bool:
    level: list[Collection[object]] = [value.values()]
    for _ in range(MOST_LEVELS):
        inner = (child for children in level for child in children if isinstance(child, dict | list))
        level = [child.values() if isinstance(child, dict) else child for child in inner]
    return bool(level)


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise ValueError("a key is given twice")
    return result


def _refuse_constant(literal: str) -> float:
    raise ValueError(f"{literal} is not a number")


def _finite(literal: str) -> float:
    value = float(literal)
    if not math.isfinite(value):
        raise ValueError(f"{literal} is too large")
    return value
