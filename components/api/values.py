"""What single values of a body must be."""

import re
from collections.abc import Callable, Sequence

from components.models import Decision, ReasonCode
from components.models.decisions import MAX_NOTE_CHARACTERS, MAX_SECONDS
from components.models.reviews import MAX_REASON_CHARACTERS
from mlops.contracts import Label, TextProblem, problem_with

MAX_CODE_CHARACTERS = ReasonCode._meta.get_field("code").max_length or 0
MAX_NUMBER = 2**31 - 1
MAX_ID = 2**63 - 1
OUTCOMES = [(outcome.value, outcome.label) for outcome in Decision.Outcome if outcome != Decision.Outcome.UNDO]

Check = Callable[[object], TextProblem | None]
"""What is wrong with a value; None where nothing is."""

_LEASE = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_NOT_A_TEXT = TextProblem("not-a-text", "Give a text: a JSON string.")


def text(value: object) -> TextProblem | None:
    return None if isinstance(value, str) else _NOT_A_TEXT


def classifiable(value: object) -> TextProblem | None:
    return problem_with(value) if isinstance(value, str) else _NOT_A_TEXT


def bounded(most: int) -> Check:
    """A text of at most so many characters, such as a database can hold; whether it may be blank is for services."""

    def check(value: object) -> TextProblem | None:
        if not isinstance(value, str):
            return _NOT_A_TEXT
        if len(value) > most:
            return TextProblem("max_length", f"The text has more than {most:,} characters: shorten it.")
        # With a letter before it no text is blank, and all other rules are those for descriptions.
        return problem_with(f"x{value}")

    return check


def several(most: int, *, least: int = 1) -> Check:
    """A list of so many members, whatever they are."""

    def check(value: object) -> TextProblem | None:
        if not isinstance(value, list):
            return TextProblem("not-a-list", "Give a list.")
        if not least <= len(value) <= most:
            return TextProblem("count", f"Give {least} to {most} at a time: these are {len(value)}.")
        return None

    return check


def whole(most: int) -> Check:
    """A whole number from 1 on."""

    def check(value: object) -> TextProblem | None:
        if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= most:
            return None
        return TextProblem("not-a-number", f"Give a whole number from 1 to {most}.")

    return check


def seconds(value: object) -> TextProblem | None:
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= MAX_SECONDS:
        return None
    return TextProblem("not-a-number", f"Give a number from 0 to {MAX_SECONDS}: how long the review was looked at.")


def lease(value: object) -> TextProblem | None:
    if isinstance(value, str) and _LEASE.fullmatch(value):
        return None
    return TextProblem("not-a-lease", "Give the lease that the claim was answered with.")


def truth(value: object) -> TextProblem | None:
    return None if isinstance(value, bool) else TextProblem("not-a-truth-value", "Give true or false.")


def one_of(values: Sequence[str], *, or_null: bool = False) -> Check:
    def check(value: object) -> TextProblem | None:
        if (isinstance(value, str) and value in values) or (or_null and value is None):
            return None
        return TextProblem("not-a-choice", f"Give one of: {', '.join(values)}.")

    return check


number, key = whole(MAX_NUMBER), whole(MAX_ID)
note, code = bounded(MAX_NOTE_CHARACTERS), bounded(MAX_CODE_CHARACTERS)
reason = bounded(MAX_REASON_CHARACTERS)
outcome = one_of([value for value, _ in OUTCOMES])
label = one_of([value.value for value in Label], or_null=True)
