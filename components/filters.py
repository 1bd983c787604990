"""How the list of components is narrowed and ordered: one filter set for the page and the API."""

from typing import TYPE_CHECKING, Any, cast

import django_filters
from django import forms
from django.db.models import Case, Exists, F, Func, OuterRef, Value, When
from django.db.models.expressions import OrderBy
from django.db.models.functions import NullIf

from components.models import Component, Label, User
from components.permissions import REVIEW, marking_hidden
from components.querysets import ComponentQuerySet
from components.validators import refuse_surrogates
from mlops import contracts

if TYPE_CHECKING:
    from django.http import HttpRequest

MAX_SEARCH_CHARACTERS = 200
UNLABELLED = "unlabelled"
LABEL_CHOICES = (
    (contracts.Label.COMPLIANT.value, "Compliant"),
    (contracts.Label.NON_COMPLIANT.value, "Non-compliant"),
    (UNLABELLED, "Unlabelled"),
)
ORDERINGS = (
    ("-entered_at", "Newest first"),
    ("entered_at", "Oldest first"),
    ("-score", "Highest score first"),
    ("score", "Lowest score first"),
    ("external_id", "External id A–Z"),
    ("-external_id", "External id Z–A"),
)


def _label_that_counts(**facts: str) -> Exists:
    # Not a join: SQLite would begin at the labels, sort all that match, and only then cut off a page.
    return Exists(Label.objects.filter(pk=OuterRef("label_id"), **facts))


class ComponentOrdering(django_filters.OrderingFilter):  # type: ignore[misc]  # the library has no types
    """Components without a score or an external id come last in either direction; ties go newest first."""

    keys: dict[str, F | Func | Case] = {
        # Ids are given in the order of entry, and are indexed.
        "entered_at": F("id"),
        "score": F("label__prediction__score"),
        # The place in the list would tell a hidden score.
        "seen_score": Case(When(hidden_label=False, then=F("label__prediction__score"))),
        "external_id": NullIf("external_id", Value("")),
    }

    def filter(self, qs: ComponentQuerySet, value: list[str] | None) -> ComponentQuerySet:
        if not value:
            return qs
        return qs.order_by(*(self._order(name) for name in value), "-id")

    def _order(self, name: str) -> OrderBy:
        wish = name.removeprefix("-")
        key = self.keys["seen_score" if wish == "score" and self.parent.hides else wish]
        nulls_last = None if name.endswith("entered_at") else True
        return OrderBy(key, descending=name.startswith("-"), nulls_last=nulls_last)


class ComponentFilter(django_filters.FilterSet):  # type: ignore[misc]
    """The parameters of the list; one that is not valid narrows nothing and stands in `errors`."""

    search = django_filters.CharFilter(
        label="Search",
        method="filter_search",
        max_length=MAX_SEARCH_CHARACTERS,
        validators=[refuse_surrogates],
        help_text="Words that must all occur in the external id or the description, in any case and order.",
    )
    label = django_filters.ChoiceFilter(
        label="Label", method="filter_label", choices=LABEL_CHOICES, empty_label="All", widget=forms.RadioSelect
    )
    source = django_filters.ChoiceFilter(
        label="Source",
        method="filter_source",
        choices=Label.Source.choices,
        empty_label="Any source",
        help_text="Who gave the label that counts now.",
    )
    entered_by = django_filters.CharFilter(
        label="Entered by",
        field_name="entered_by__username",
        max_length=150,
        validators=[refuse_surrogates],
        help_text="A username.",
    )
    mine = django_filters.TypedChoiceFilter(
        label="Entered by me",
        method="filter_mine",
        choices=(("true", "true"), ("false", "false")),
        coerce=lambda text: text == "true",
        help_text="`true`: only those that you entered yourself.",
    )
    ordering = ComponentOrdering(label="Sort", choices=ORDERINGS, empty_label=None)

    request: "HttpRequest"

    class Meta:
        model = Component
        fields: list[str] = []

    @property
    def hides(self) -> bool:
        """Whether there are labels that this person must not see."""
        return self.request.user.has_perm(REVIEW)

    def filter_queryset(self, queryset: ComponentQuerySet) -> ComponentQuerySet:
        """Marks what is hidden; narrowing by the label leaves it out, whatever its label is."""
        narrowed = super().filter_queryset(marking_hidden(queryset, cast(User, self.request.user)))
        asked = self.form.cleaned_data
        if self.hides and (asked.get("label") or asked.get("source")):
            narrowed = narrowed.filter(hidden_label=False)
        return cast(ComponentQuerySet, narrowed)

    def filter_search(self, queryset: ComponentQuerySet, name: str, value: str) -> ComponentQuerySet:
        return queryset.search(value)

    def filter_label(self, queryset: ComponentQuerySet, name: str, value: str) -> ComponentQuerySet:
        return queryset.filter(label=None) if value == UNLABELLED else queryset.filter(_label_that_counts(value=value))

    def filter_source(self, queryset: ComponentQuerySet, name: str, value: str) -> ComponentQuerySet:
        return queryset.filter(_label_that_counts(source=value))

    def filter_mine(self, queryset: ComponentQuerySet, name: str, value: bool) -> ComponentQuerySet:
        return queryset.filter(entered_by=self.request.user.pk) if value else queryset

    @property
    def refused(self) -> list[tuple[str, str]]:
        """Label and value of each parameter that is not valid."""
        return [(self.form.fields[name].label, self.data.get(name, "")) for name in self.errors]

    @property
    def narrows(self) -> bool:
        """Whether anything but the order is asked for: an empty answer then means that nothing matches."""
        asked: dict[str, Any] = self.form.cleaned_data if self.is_valid() else {}
        return any(value for name, value in asked.items() if name != "ordering") or bool(self.errors)
