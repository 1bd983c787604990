"""What people may enter; forms, the API and the models share these."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from mlops.contracts import MAX_TEXT_CHARACTERS, holds_half_characters, problem_with

MAX_DESCRIPTION_CHARACTERS = MAX_TEXT_CHARACTERS


def refuse_unclassifiable(text: str) -> None:
    """A description must be a text that can be labelled."""
    if problem := problem_with(text):
        raise ValidationError(problem.sentence, code=problem.code)


def refuse_surrogates(text: str) -> None:
    """Words to search for must be such as a database can hold."""
    if holds_half_characters(text):
        raise ValidationError(_("The text holds half a character: send it as valid UTF-8."), code="surrogate")


def refuse_unseen(text: str) -> None:
    """An identifier must be one that people can read and type again."""
    if text != text.strip() or not text.isprintable():
        raise ValidationError(
            _("The external id begins or ends with a space, or holds characters that cannot be seen: remove them."),
            code="unseen",
        )
