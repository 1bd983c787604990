"""What officers type and press on a review."""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError

from components.forms.inventory import TextField
from components.models import Decision, ReasonCode
from components.models.decisions import MAX_SECONDS
from mlops.contracts import Label

_Outcome = Decision.Outcome
OUTCOMES = (_Outcome.CONFIRM, _Outcome.OVERRIDE, _Outcome.ESCALATE, _Outcome.ASK)
LABELS = tuple((label.value, label.value) for label in Label)
DAMAGED = "Something is missing from what your browser sent: load the page again. What you wrote stands below."


@dataclass(frozen=True, slots=True)
class Wish:
    """What an officer wants decided, as `deciding.decide` takes it."""

    outcome: str
    label: Label | None
    reason_code: str
    note: str
    number: int
    lease: UUID
    seconds: float

    def arguments(self) -> dict[str, Any]:
        """By the names of the service."""
        return {name: getattr(self, name) for name in self.__slots__}


class DecisionForm(forms.Form):
    """One form with a button for each outcome; beside them what all share. A label's button is named by the label."""

    outcome = forms.ChoiceField(choices=[*((each.value, each.label) for each in OUTCOMES), *LABELS])
    reason_code = forms.CharField(required=False, max_length=40)
    note = TextField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto", "spellcheck": "true", "data-key": "/"}),
    )
    number = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    lease = forms.UUIDField(widget=forms.HiddenInput)
    stands = forms.ChoiceField(required=False, choices=LABELS, widget=forms.HiddenInput)
    shown = forms.FloatField(required=False, widget=forms.HiddenInput)
    seconds = forms.FloatField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, codes: Iterable[ReasonCode] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        self.codes = tuple(codes)
        # Length and characters of a note are the service's to refuse.
        self.fields["note"].validators = []

    @property
    def wish(self) -> Wish:
        """What a valid form asks for."""
        given = self.cleaned_data
        outcome, label = given["outcome"], None
        if outcome in dict(LABELS):
            outcome, label = _Outcome.LABEL.value, Label(outcome)
        elif given["stands"] and outcome in (_Outcome.CONFIRM, _Outcome.OVERRIDE):
            # The label that was shown: should another stand by now, the service refuses.
            label = Label(given["stands"])
            label = label.other() if outcome == _Outcome.OVERRIDE else label
        return Wish(
            outcome=outcome,
            label=label,
            reason_code=given["reason_code"] if outcome == _Outcome.OVERRIDE else "",
            note=given["note"],
            number=given["number"],
            lease=given["lease"],
            seconds=self._seconds(),
        )

    def faults(self) -> list[str]:
        """What is wrong with an invalid form, in sentences."""
        told: list[str] = []
        for name, errors in self.errors.items():
            told += [str(fault) for fault in errors] if name in ("note", "reason_code") else [DAMAGED]
        return list(dict.fromkeys(told))

    def _seconds(self) -> float:
        # Measured by the page's script; without one, since the page was made.
        measured, shown = self.cleaned_data["seconds"], self.cleaned_data["shown"]
        if measured is None:
            measured = time.time() - shown if shown is not None else 0.0
        # The clock of a browser is no reason to refuse a decision.
        return float(min(max(0.0, measured), MAX_SECONDS))


def lease_of(fields: Mapping[str, str]) -> UUID:
    """The lease that a form carries; one that nobody has, where it carries none."""
    try:
        return UUID(fields.get("lease", ""))
    except ValueError:
        return UUID(int=0)


def faults_of(error: ValidationError) -> list[str]:
    """The sentences of what the domain found wrong in the fields."""
    return list(dict.fromkeys(error.messages))
