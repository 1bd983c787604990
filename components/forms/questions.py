"""What technicians ask officers, and answer them."""

from django import forms

from components.exceptions import DomainError
from components.forms.inventory import RemarkField


class AskForm(forms.Form):
    """What somebody would like an officer to look at."""

    note = RemarkField(
        label="Your question",
        error_messages={"required": "Write what you would like to know."},
        help_text="An officer reads it beside the description, and decides.",
    )

    def refuse(self, refusal: DomainError) -> None:
        """Show what the domain refused."""
        self.add_error(None, str(refusal))


class AnswerForm(forms.Form):
    """The answer to an officer's question."""

    text = RemarkField(label="Your answer", error_messages={"required": "Write an answer."})

    def refuse(self, refusal: DomainError) -> None:
        """Show what the domain refused."""
        self.add_error(None, str(refusal))
