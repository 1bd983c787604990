"""What ledgers and events tell of some components: their texts, labels and decisions, by the names that a pack has."""

from collections.abc import Sequence
from typing import Any

from audit.models import Event
from components.models import Decision, Description, Label, Route
from components.packs.reading import owned, read, told

TELLING = (
    *("component_submitted", "component_edited"),
    *("review_decided", "review_escalated", "question_asked", "decision_undone"),
)
"""The actions by which people write texts and decide; their events have the names of that time."""

Line = dict[str, Any]

_TEXT = {**{name: name for name in ("id", "number", "text", "written_at")}, "written_by": "written_by__username"}
_LABEL = {
    **{name: name for name in ("id", "value", "source", "created_at", "decision_id", "prediction_id")},
    "text_number": "description__number",
    "regulation": "regulation__code",
}
_DECISION = {
    **{name: name for name in ("outcome", "note", "role", "blind", "seconds", "decided_at")},
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
    "prediction": "feedback__prediction_id",
}
_PREDICTION = list(_LABEL).index("prediction_id")
_NO_MODEL = dict.fromkeys(("model_version", "model_label", "model_score", "model_threshold"))
_MODEL = ("model_version_id", "label", "score", "threshold")


class Versions(dict[int, tuple[str, str]]):
    """Name and digest of model versions by their keys, each asked for once."""

    def __missing__(self, key: int) -> tuple[str, str]:
        for model, path in ((Label, "prediction__model_version"), (Decision, "feedback__prediction__model_version")):
            columns = (f"{path}__name", f"{path}__version", f"{path}__digest")
            for name, version, digest in model._base_manager.filter(**{path: key}).values_list(*columns)[:1]:
                self[key] = f"{name}:{version}", digest
                return self[key]
        raise KeyError(key)


class Told:
    """Of the components with these keys, which are in order: texts and labels by component, and all decisions.

    `subjects` has by table the keys of what events may be about that belongs to these components. Raises Unreadable.
    """

    def __init__(self, keys: Sequence[int], versions: Versions) -> None:
        self.keys = keys
        self.versions = versions
        self.texts: dict[int, list[Line]] = {key: [] for key in keys}
        self.labels: dict[int, list[Line]] = {key: [] for key in keys}
        self.decisions: list[Line] = []
        self.regulations: set[int] = set()
        self._models: dict[int, Line] = {}
        self._asked: dict[int, int] = {}
        self._writers: dict[tuple[int, int], str] = {}
        self._deciders: dict[int, Line] = {}
        self._read_names()
        self._read_texts()
        self._read_labels()
        self._read_decisions()
        policies = owned(Route.objects.exclude(policy=None), "review__component_id", keys, "policy_id")
        self.subjects = {
            "components.component": set(keys),
            "components.decision": {decision["decision"] for decision in self.decisions},
            "components.reviewpolicy": {policy for _, policy in policies},
        }

    def _read_names(self) -> None:
        """Names of people and reason codes as they were then: both may have changed since."""
        events = Event.objects.filter(
            subject_type="components.component", subject_id__in=[str(key) for key in self.keys], action__in=TELLING
        )
        for subject, action, name, after in read(events, "subject_id", "action", "actor_name", "after"):
            if not isinstance(after, dict):
                continue  # it was tampered with: the verifier will say so
            if action in TELLING[:2]:
                self._writers[int(subject), after.get("number", 1)] = name
            else:
                self._deciders[after.get("decision", 0)] = {
                    "officer": name,
                    "reason_code": after.get("reason_code", ""),
                }

    def _read_texts(self) -> None:
        for component, *row in owned(Description.objects.all(), "component_id", self.keys, *_TEXT.values()):
            text: Line = dict(zip(_TEXT, map(told, row), strict=True))
            text["written_by"] = self._writers.get((component, row[1]), text["written_by"])
            self.texts[component].append(text)

    def _read_labels(self) -> None:
        columns = (*_LABEL.values(), *(f"prediction__{name}" for name in _MODEL), "description_id", "regulation_id")
        for component, *row in owned(Label.objects.all(), "component_id", self.keys, *columns):
            label: Line = dict(zip(_LABEL, map(told, row), strict=False))
            prediction, text, regulation = row[_PREDICTION], *row[-2:]
            model = self._model(prediction, row[len(_LABEL) : -2])
            label.update(model_version=model["model_version"])
            label.update(score=model["model_score"], threshold=model["model_threshold"])
            self.labels[component].append(label)
            self.regulations.add(regulation)
            if prediction is not None:
                self._asked.setdefault(text, prediction)

    def _read_decisions(self) -> None:
        paths = (f"feedback__prediction__{name}" for name in _MODEL)
        columns = (*_DECISION.values(), *paths, "description_id", "regulation_id", "feedback_id")
        for _, *row in owned(Decision.objects.all(), "component_id", self.keys, *columns):
            decision: Line = dict(zip(_DECISION, map(told, row), strict=False))
            text, regulation, truth = row[-3:]
            # Where it says no truth of a prediction, it is about the one that labelled its text.
            prediction = self._asked.get(text) if truth is None else decision["prediction"]
            decision.update(self._model(prediction, row[len(_DECISION) : -3]), prediction=prediction)
            decision["reason_code"] = decision["reason_code"] or ""
            decision.update(self._deciders.get(decision["decision"], {}))
            self.decisions.append(decision)
            self.regulations.add(regulation)

    def _model(self, prediction: int | None, columns: Sequence[Any]) -> Line:
        """What the model said, from columns of the prediction; of one that was read before, as it was read then."""
        if prediction is None:
            return _NO_MODEL
        if prediction not in self._models:
            version, *said = columns
            model = dict(zip(("model_label", "model_score", "model_threshold"), map(told, said), strict=True))
            self._models[prediction] = {"model_version": self.versions[version][0], **model}
        return self._models[prediction]
