"""Whether the inventory, which is edited, says what its ledgers say."""

from collections.abc import Iterator

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from audit.findings import Finding
from components.models import Component, Description, Label

TABLE = "components.component"


def differences() -> Iterator[Finding]:
    """Components whose description or label is not the one that their descriptions, labels and decisions lead to."""
    for pk in _otherwise_described().values_list("pk", flat=True).iterator():
        yield Finding(
            "component_differs", f"Component {pk} is not described as its newest description.", None, TABLE, pk
        )
    for pk in _otherwise_labelled().values_list("pk", flat=True).iterator():
        yield Finding(
            "component_differs", f"Component {pk} does not have the label it was given last.", None, TABLE, pk
        )


def _otherwise_described() -> QuerySet[Component]:
    newest = Description.objects.filter(component=OuterRef("pk")).order_by("-number")
    return (
        Component.objects.annotate(
            newest_number=Subquery(newest.values("number")[:1]), newest_text=Subquery(newest.values("text")[:1])
        )
        .exclude(description_number=F("newest_number"), description=F("newest_text"), newest_number__isnull=False)
        .order_by("pk")
    )


def _otherwise_labelled() -> QuerySet[Component]:
    """The newest label counts, if it is of the newest description and its decision was not taken back."""
    newest = Label.objects.filter(component=OuterRef("pk")).order_by("-id")
    counting = newest.filter(description__number=OuterRef("description_number"))
    standing = Q(newest_of_text__isnull=False) & Q(taken_back=None)
    return (
        Component.objects.annotate(
            newest_of_text=Subquery(counting.values("pk")[:1]),
            taken_back=Subquery(counting.values("decision__undone_by")[:1]),
        )
        .filter(
            Q(label__isnull=False) & (Q(newest_of_text=None) | ~Q(label=F("newest_of_text"))) | Q(label=None) & standing
        )
        .order_by("pk")
    )
