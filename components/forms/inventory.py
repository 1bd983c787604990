"""What people type about components."""

from typing import Any

from django import forms

from components.exceptions import DomainError, DuplicateExternalId
from components.models import Component
from components.validators import MAX_DESCRIPTION_CHARACTERS, refuse_unclassifiable


class TextField(forms.CharField):
    """Text just as it was typed, but for line ends: browsers send two characters for each."""

    widget = forms.Textarea

    def __init__(self, **options: Any) -> None:
        super().__init__(strip=False, **options)
        self.validators = [refuse_unclassifiable]

    def to_python(self, value: object) -> str:
        return str(super().to_python(value)).replace("\r\n", "\n")


class SubmitForm(forms.Form):
    """One description, and the component's number elsewhere if it has one."""

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
    external_id = forms.CharField(
        label="External id",
        required=False,
        max_length=100,
        validators=Component._meta.get_field("external_id").validators,
        help_text="Its number in your own inventory, if it has one.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"}),
    )

    def refuse(self, refusal: DomainError) -> None:
        """Show what the domain refused, beside the field that it is about."""
        self.add_error("external_id" if isinstance(refusal, DuplicateExternalId) else None, str(refusal))
