"""The readable part of a pack: decisions, and the components they are about."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from audit.canonical import Plain, plain
from audit.models import Event
from audit.seen import SeenNumbers
from components.models import Answer, Claim, Component, Decision, Description, Label, Review, Route
from components.packs.folder import Folder, Sink
from components.packs.verify import COLUMNS, cell, encode

COMPONENTS_AT_ONCE = 500

# By the columns of decisions.jsonl; officer and reason_code are taken from the event, as they were then.
_COLUMNS = {
    "decision": "pk",
    "component": "component_id",
    "external_id": "component__external_id",
    "text_number": "description__number",
    "text": "description__text",
    "label": "value",
    "regulation": "regulation__code",
    "reason_code": "reason_code__code",
    "officer": "officer__username",
    "undoes": "undoes_id",
    "undone_by": "undone_by__pk",
    "answer": "answer__text",
    "prediction": "review__prediction_id",
    "model_version": "review__prediction__model_version_id",
    "model_label": "review__prediction__label",
    "model_score": "review__prediction__score",
    "model_threshold": "review__prediction__threshold",
}
_SOURCES = tuple(_COLUMNS.get(name, name) for name in COLUMNS)


class Stories:
    """Writes decisions.csv, decisions.jsonl and components.jsonl, and keeps what the rest of the pack is about.

    `concerned` has by the label of a table the keys of the rows that belong to the components written.
    """

    def __init__(self) -> None:
        self.concerned: dict[str, SeenNumbers] = {}
        self.decisions = self.components = 0
        self.earliest: datetime | None = None
        self.versions: dict[int, str] = {}
        self.regulations: set[int] = set()

    def write(self, components: QuerySet[Component], folder: Folder) -> None:
        """All components of the queryset, in the order of their keys. Memory does not grow with their number."""
        with (
            folder.writing("decisions.csv") as table,
            folder.writing("decisions.jsonl") as decisions,
            folder.writing("components.jsonl") as lines,
        ):
            writer = csv.writer(_Text(table))
            table.write(b"\xef\xbb\xbf")  # by which spreadsheets know UTF-8
            writer.writerow(COLUMNS)
            for chunk in _in_chunks(components):
                self.note(chunk)
                for component in self.told(chunk):
                    lines.write(encode(plain(component)) + b"\n")
                for decision in self.decided(chunk):
                    decisions.write(encode(decision) + b"\n")
                    writer.writerow([cell(decision[name]) for name in COLUMNS])

    def note(self, chunk: Sequence[Component]) -> None:
        """Remember whose rows these are."""
        entered = min(component.entered_at for component in chunk)
        self.earliest = min(self.earliest or entered, entered)
        ids = [component.pk for component in chunk]
        self.components += len(ids)
        self.add("components.component", ids)
        for label, rows in _rows_of(ids).items():
            self.add(label, rows.values_list("pk", flat=True))
        predictions = set(Label.objects.filter(component__in=ids).values_list("prediction_id", flat=True))
        predictions |= set(Review.objects.filter(component__in=ids).values_list("prediction_id", flat=True))
        self.add("mlops.prediction", predictions)
        self.add("mlops.feedback", Decision.objects.filter(component__in=ids).values_list("feedback_id", flat=True))
        policies = Route.objects.filter(review__component__in=ids).values_list("policy_id", flat=True)
        self.add("components.reviewpolicy", policies.distinct())
        for owner in (Label, Decision):
            found = owner._base_manager.filter(component__in=ids).values_list("regulation_id", flat=True)
            self.regulations.update(found.distinct())
        self.note_versions(ids)

    def note_versions(self, ids: Sequence[int]) -> None:
        path = "prediction__model_version"
        for owner in (Label, Review):
            rows = owner._base_manager.filter(component__in=ids, prediction__isnull=False).distinct()
            for pk, name, version in rows.values_list(f"{path}_id", f"{path}__name", f"{path}__version"):
                self.versions[pk] = f"{name}:{version}"

    def add(self, label: str, keys: Iterable[int | None]) -> None:
        seen = self.concerned.setdefault(label, SeenNumbers())
        for key in keys:
            if key is not None:
                seen.add(key)

    def told(self, chunk: Sequence[Component]) -> Iterator[dict[str, object]]:
        """Each component with its texts and labels."""
        ids = [component.pk for component in chunk]
        texts: dict[int, list[object]] = {pk: [] for pk in ids}
        own = ("component_id", "id", "number", "text", "written_at", "written_by__username")
        for row in Description.objects.filter(component__in=ids).order_by("component_id", "pk").values_list(*own):
            text: dict[str, Any] = dict(zip((*own[:-1], "written_by"), row, strict=True))
            texts[text.pop("component_id")].append(text)
        labels: dict[int, list[object]] = {pk: [] for pk in ids}
        for label in self.labels(ids):
            labels[label.pop("component_id")].append(label)
        for component in chunk:
            yield {
                "component": component.pk,
                "external_id": component.external_id,
                "entered_at": component.entered_at,
                "texts": texts[component.pk],
                "labels": labels[component.pk],
            }

    def labels(self, ids: Sequence[int]) -> Iterator[dict[str, Any]]:
        renamed = {
            "prediction__model_version_id": "model_version",
            "prediction__score": "score",
            "prediction__threshold": "threshold",
            "description__number": "text_number",
            "regulation__code": "regulation",
        }
        own = ("component_id", "id", "value", "source", "created_at", "prediction_id", "decision_id")
        for row in Label.objects.filter(component__in=ids).order_by("component_id", "pk").values(*own, *renamed):
            label = {renamed.get(name, name): value for name, value in row.items()}
            label["model_version"] = self.versions.get(label["model_version"])
            yield label

    def decided(self, chunk: Sequence[Component]) -> Iterator[dict[str, Plain]]:
        """Every decision on these components, by component and then in order."""
        ids = [component.pk for component in chunk]
        then = _as_then(ids)
        for row in Decision.objects.filter(component__in=ids).order_by("component_id", "pk").values_list(*_SOURCES):
            decision: dict[str, Any] = dict(zip(COLUMNS, map(plain, row), strict=True))
            decision["model_version"] = self.versions.get(decision["model_version"])
            decision["reason_code"] = decision["reason_code"] or ""
            self.decisions += 1
            yield decision | then.get(decision["decision"], {})


class _Text:
    """Where csv writes."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink

    def write(self, text: str) -> None:
        self._sink.write(text.encode())


def _rows_of(ids: Sequence[int]) -> dict[str, QuerySet[Any]]:
    return {
        "components.description": Description.objects.filter(component__in=ids),
        "components.label": Label.objects.filter(component__in=ids),
        "components.decision": Decision.objects.filter(component__in=ids),
        "components.answer": Answer.objects.filter(question__component__in=ids),
        "components.review": Review.objects.filter(component__in=ids),
        "components.route": Route.objects.filter(review__component__in=ids),
        "components.claim": Claim.objects.filter(review__component__in=ids),
    }


def _as_then(ids: Sequence[int]) -> dict[int, dict[str, Plain]]:
    """By decision: the officer's name and the reason's code when it was decided. Both may have changed since."""
    events = Event.objects.filter(
        subject_type="components.component", subject_id__in=[str(pk) for pk in ids]
    ).values_list("rows", "actor_name", "after")
    found: dict[int, dict[str, Plain]] = {}
    for rows, name, after in events.iterator():
        for key, _ in rows.get("components.decision", ()):
            found[key] = {"officer": name}
            if "reason_code" in after:
                found[key]["reason_code"] = after["reason_code"]
    return found


def _in_chunks(components: QuerySet[Component]) -> Iterator[list[Component]]:
    last = 0
    while chunk := list(
        components.filter(pk__gt=last).order_by("pk").only("pk", "external_id", "entered_at")[:COMPONENTS_AT_ONCE]
    ):
        yield chunk
        last = chunk[-1].pk
