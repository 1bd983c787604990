"""The short texts that people write beside what they do."""

from django.core.exceptions import ValidationError

from components.exceptions import MissingReason
from components.models.decisions import MAX_NOTE_CHARACTERS
from mlops.contracts import holds_half_characters


def remark(text: str, *, field: str, missing: str = "", most: int = MAX_NOTE_CHARACTERS) -> str:
    """The text without the white space around it, if it may be stored.

    Raises django's ValidationError, by the name of the field, for one that is longer than `most` characters or that no
    database holds; and MissingReason with the sentence `missing`, where there is one, for a blank text.
    """
    if len(text) > most:
        raise ValidationError({field: ValidationError(f"Write {most:,} characters at most.", code="max_length")})
    if holds_half_characters(text) or "\0" in text:
        sentence = "The text holds half a character or a NUL character: remove it."
        raise ValidationError({field: ValidationError(sentence, code="surrogate")})
    kept = text.strip()
    if missing and not kept:
        raise MissingReason(missing)
    return kept
