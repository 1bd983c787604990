"""What admins type to stop and resume automatic labelling."""

from django import forms

from components.forms.inventory import RemarkField
from components.forms.refusing import RefusableForm
from components.models.reviews import MAX_REASON_CHARACTERS


class SwitchForm(RefusableForm):
    """Why, and that it is meant."""

    reason = RemarkField(
        label="Reason",
        max_length=MAX_REASON_CHARACTERS,
        rows=3,
        error_messages={"required": "Say why: everybody will see it."},
        help_text="Everybody sees it while labelling is stopped, and it stays in the record.",
    )
    stopped = forms.TypedChoiceField(
        choices=(("true", "Stop"), ("false", "Resume")),
        coerce=lambda text: text == "true",
        widget=forms.HiddenInput,
    )
    sure = forms.BooleanField(
        label="I mean it", error_messages={"required": "Tick the box to confirm that you mean it."}
    )
