"""What an auditor looks for, and what a pack is to be about."""

from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone

from components.exceptions import DomainError
from components.forms.refusing import RefusableForm
from components.models import Component
from components.packs.scope import FIRST_DAY, LAST_DAY, Scope
from components.searching import Wishes, actions
from components.validators import refuse_surrogates

COMPONENT, DATES, VERSION = "component", "dates", "version"
_DAY = forms.DateInput(attrs={"type": "date"})


def _day(label: str) -> forms.DateField:
    validators = [MinValueValidator(FIRST_DAY), MaxValueValidator(LAST_DAY)]
    return forms.DateField(label=label, required=False, widget=_DAY, validators=validators)


class SearchForm(forms.Form):
    """All optional: what is empty narrows nothing, and what is not valid is left out with a note."""

    who = forms.CharField(max_length=150, required=False, validators=[refuse_surrogates])
    action = forms.ChoiceField(required=False)
    subject = forms.CharField(max_length=200, required=False, validators=[refuse_surrogates])
    since = _day("From")
    until = _day("To")
    text = forms.CharField(max_length=200, required=False, validators=[refuse_surrogates])

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        names = [(name, name.replace("_", " ")) for name in actions()]
        self.fields["action"].choices = [("", "Any action"), *names]  # type: ignore[attr-defined]
        self.refused = [(str(self[name].label), self.data.get(name, "")) for name in self.errors]
        """Label and value of each field that is not valid; the page shows it empty."""
        self.data = {name: value for name, value in self.data.items() if name not in self.errors}

    @property
    def wishes(self) -> Wishes:
        """What is looked for by the fields that are valid."""
        return Wishes(**{name: value for name, value in self.cleaned_data.items() if value})


class PackForm(RefusableForm):
    """One component, a range of dates, or a model version."""

    about = forms.ChoiceField(
        label="About",
        choices=(
            (COMPONENT, "One component"),
            (DATES, "What was decided in a range of days"),
            (VERSION, "What a model version had labelled"),
        ),
        widget=forms.RadioSelect,
        initial=COMPONENT,
    )
    component = forms.CharField(
        required=False, max_length=100, validators=[refuse_surrogates], help_text="Its number here, or its external id."
    )
    since = _day("From")
    until = _day("To, included")
    model_version = forms.CharField(
        label="Model version",
        required=False,
        max_length=100,
        validators=[refuse_surrogates],
        help_text="Its name and version, as compliance:3.",
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        about = cleaned.get("about")
        if about == COMPONENT:
            if self.require("component") and not _component_id(cleaned["component"]):
                self.add_error("component", "There is no such component.")
        elif about == VERSION:
            self.require("model_version")
        elif about == DATES and self.require("since"):
            until = cleaned.get("until") or timezone.localdate()
            if until < cleaned["since"]:
                self.add_error("until", "The range ends before it begins.")
            cleaned["until"] = until
        return cleaned

    def require(self, name: str) -> bool:
        """Whether the field has a valid value; a field that is empty is told so."""
        if name not in self.errors and not self.cleaned_data.get(name):
            self.add_error(name, "Say which.")
        return name not in self.errors

    @property
    def scope(self) -> Scope:
        """What a valid form asks for."""
        asked = self.cleaned_data
        if asked["about"] == COMPONENT:
            return Scope(component_id=_component_id(asked["component"]))
        if asked["about"] == VERSION:
            return Scope(model_version=asked["model_version"])
        since: date = asked["since"]
        return Scope(since=since, until=asked["until"])

    def field_about(self, refusal: DomainError) -> str | None:
        return {COMPONENT: "component", VERSION: "model_version"}.get(self.cleaned_data["about"], "since")


def _component_id(name: str) -> int:
    """An external id goes before a number."""
    found = Component.objects.filter(external_id=name).values_list("pk", flat=True).first()
    if found is not None:
        return found
    return int(name[:18]) if name.isdecimal() and name.isascii() else 0
