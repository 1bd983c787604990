"""What technicians ask officers, and answer them."""

from components.forms.inventory import RemarkField
from components.forms.refusing import RefusableForm


class AskForm(RefusableForm):
    """What somebody would like an officer to look at."""

    note = RemarkField(
        label="Your question",
        error_messages={"required": "Write what you would like to know."},
        help_text="An officer reads it beside the description, and decides.",
    )


class AnswerForm(RefusableForm):
    """The answer to an officer's question."""

    text = RemarkField(label="Your answer", error_messages={"required": "Write an answer."})
