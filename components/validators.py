"""What a description may be; forms, the API and the models share these."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, ProhibitNullCharactersValidator
from django.utils.translation import gettext_lazy as _

from mlops.contracts import MAX_TEXT_CHARACTERS

MAX_DESCRIPTION_CHARACTERS = MAX_TEXT_CHARACTERS


def refuse_blank(text: str) -> None:
    """White space alone, or characters that print nothing, describe no component."""
    if not any(character.isprintable() and not character.isspace() for character in text):
        raise ValidationError(_("Describe the component in words: this text is blank."), code="blank")


def refuse_surrogates(text: str) -> None:
    """A lone surrogate is half a character: no database or model can hold it."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValidationError(
            _("The text holds half a character (a lone surrogate): send it as valid UTF-8."), code="surrogate"
        ) from error


refuse_nul = ProhibitNullCharactersValidator(message=_("The text holds a NUL character: remove it."))


def refuse_unseen(text: str) -> None:
    """An identifier must be one that people can read and type again."""
    if text != text.strip() or not text.isprintable():
        raise ValidationError(
            _("The external id begins or ends with a space, or holds characters that cannot be seen: remove them."),
            code="unseen",
        )


DESCRIPTION_VALIDATORS = (
    refuse_blank,
    refuse_surrogates,
    refuse_nul,
    MaxLengthValidator(
        MAX_DESCRIPTION_CHARACTERS,
        message=_("The text has %(show_value)d characters, and %(limit_value)d is the limit: shorten it."),
    ),
)
