"""What people type about components."""

from typing import Any

from django import forms
from django.http import QueryDict

from components.exceptions import DomainError, DuplicateExternalId, TextChanged
from components.forms.refusing import RefusableForm
from components.models import Component
from components.models.decisions import MAX_NOTE_CHARACTERS
from components.validators import MAX_DESCRIPTION_CHARACTERS, refuse_unclassifiable


class TextField(forms.CharField):
    """Text just as it was typed, but for line ends: browsers send two characters for each."""

    widget = forms.Textarea

    def __init__(self, **options: Any) -> None:
        super().__init__(strip=False, **options)
        self.validators = [refuse_unclassifiable]

    def to_python(self, value: object) -> str:
        return str(super().to_python(value)).replace("\r\n", "\n")


class RemarkField(forms.CharField):
    """A short text beside what people do; line ends as in every other text."""

    def __init__(self, *, rows: int = 4, max_length: int = MAX_NOTE_CHARACTERS, **options: Any) -> None:
        widget = forms.Textarea(attrs={"rows": rows, "dir": "auto", "data-count-to": max_length})
        super().__init__(max_length=max_length, widget=widget, **options)

    def to_python(self, value: object) -> str:
        return str(super().to_python(value)).replace("\r\n", "\n")


class DescriptionForm(RefusableForm):
    """A description."""

    description = TextField(
        error_messages={"required": "Describe the component."},
        widget=forms.Textarea(
            attrs={
                "rows": 7,
                "dir": "auto",
                "autofocus": True,
                "spellcheck": "true",
                "data-count-to": MAX_DESCRIPTION_CHARACTERS,
            }
        ),
        help_text="As you would tell a colleague: whole sentences, notes and part numbers are all fine.",
    )


class SubmitForm(DescriptionForm):
    """One description, the component's number elsewhere if it has one, and what the technician wonders about it."""

    external_id = forms.CharField(
        label="External id",
        required=False,
        max_length=100,
        validators=Component._meta.get_field("external_id").validators,
        help_text="Its number in your own inventory, if it has one.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"}),
    )

    question = RemarkField(
        label="Question to the officers",
        required=False,
        rows=2,
        help_text="With a question an officer looks at the component, whatever its label.",
    )

    def field_about(self, refusal: DomainError) -> str | None:
        return "external_id" if isinstance(refusal, DuplicateExternalId) else None


class EditForm(DescriptionForm):
    """A description anew; `number` is that of the description which was edited."""

    number = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)

    def now_about(self, number: int, refusal: TextChanged) -> None:
        """Have the form, sent once more, speak of this description; what was typed stays."""
        self.refusal = refusal
        typed = self.data.dict() if isinstance(self.data, QueryDict) else self.data
        self.data = {**typed, "number": str(number)}
