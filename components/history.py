"""The story of a component, told from the domain's own rows: entered, labelled, routed, decided, edited …"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from components.models import Answer, Claim, Component, Decision, Description, Label, Review, Route, User

_TELLS_A_LABEL = (
    Decision.Outcome.CONFIRM,
    Decision.Outcome.OVERRIDE,
    Decision.Outcome.LABEL,
    Decision.Outcome.UNDO,
)
_LONG_COLUMNS = (
    "prediction__text",
    "prediction__text_seen",
    "prediction__model_version__manifest",
    "prediction__model_version__card",
    "regulation__text",
)


@dataclass(frozen=True, slots=True)
class Chapter:
    """Something that happened to a component: when, by whom (empty: by rule or model), and to which of its texts."""

    kind: ClassVar[str]
    at: datetime
    by: str
    text_number: int


@dataclass(frozen=True, slots=True)
class Entered(Chapter):
    kind: ClassVar[str] = "entered"
    text: str


@dataclass(frozen=True, slots=True)
class Edited(Chapter):
    kind: ClassVar[str] = "edited"
    text: str
    text_before: str


@dataclass(frozen=True, slots=True)
class Labelled(Chapter):
    """A model's label; `score` is the probability of non-compliant."""

    kind: ClassVar[str] = "labelled"
    value: str
    model_version: str
    score: float
    threshold: float
    truncated: bool
    regulation: str


@dataclass(frozen=True, slots=True)
class Routed(Chapter):
    """Why a person was to look. `probability` and `policy` are of the rule; `note` is what somebody asked."""

    kind: ClassVar[str] = "routed"
    reason: str
    reason_name: str
    blind: bool
    probability: float | None
    policy: int | None
    score: float | None
    threshold: float | None
    note: str


@dataclass(frozen=True, slots=True)
class Claimed(Chapter):
    kind: ClassVar[str] = "claimed"


@dataclass(frozen=True, slots=True)
class Decided(Chapter):
    """What an officer decided. `value` is the label that counted from then on; empty where none did, or none new."""

    kind: ClassVar[str] = "decided"
    decision_id: int
    outcome: str
    outcome_name: str
    value: str
    role: str
    reason_code: str
    note: str
    seconds: float
    blind: bool
    regulation: str
    undoes: int | None
    replayable: bool


@dataclass(frozen=True, slots=True)
class Answered(Chapter):
    kind: ClassVar[str] = "answered"
    answer: str


@dataclass(frozen=True, slots=True)
class Withdrawn(Chapter):
    """A review that nobody needed any more: its text was edited."""

    kind: ClassVar[str] = "withdrawn"


def story_of(component: Component, *, hidden: bool) -> list[Chapter]:
    """All that happened to a component, the oldest first; seven queries, however long the story is.

    `hidden`: for who must not know its labels (`permissions.sees_labels`): without labels, scores, and decisions that
    tell of labels.
    """
    chapters = [
        *_texts(component),
        *_routes(component, hidden=hidden),
        *_claims(component),
        *_decisions(component, hidden=hidden),
        *_answers(component),
        *_withdrawals(component),
    ]
    return sorted(chapters, key=lambda chapter: chapter.at)


def _texts(component: Component) -> Iterator[Chapter]:
    before = ""
    for text in Description.objects.filter(component=component).select_related("written_by").order_by("number"):
        told = (text.written_at, _name(text.written_by), text.number)
        yield Edited(*told, text.text, before) if before else Entered(*told, text.text)
        before = text.text


def _routes(component: Component, *, hidden: bool) -> Iterator[Chapter]:
    routes = Route.objects.filter(review__component=component).select_related("review__description", "by")
    for route in routes:
        yield Routed(
            at=route.at,
            by=_name(route.by),
            text_number=route.review.description.number,
            reason=route.reason,
            reason_name=route.get_reason_display(),
            blind=route.review.blind,
            probability=route.probability,
            policy=route.policy_id,
            score=None if hidden else route.score,
            threshold=None if hidden else route.threshold,
            note=route.note,
        )


def _claims(component: Component) -> Iterator[Chapter]:
    claims = Claim.objects.filter(review__component=component).select_related("review__description", "officer")
    for claim in claims:
        yield Claimed(claim.claimed_at, _name(claim.officer), claim.review.description.number)


def _decisions(component: Component, *, hidden: bool) -> Iterator[Chapter]:
    """Decisions, and labels: those that a decision gave are told with it."""
    decisions = Decision.objects.filter(component=component).select_related(
        "description", "officer", "reason_code", "regulation", "review"
    )
    if hidden:
        for decision in decisions.exclude(outcome__in=_TELLS_A_LABEL):
            yield _decided(decision, None)
        return
    labels = list(
        Label.objects.filter(component=component)
        .select_related("description", "prediction__model_version", "regulation")
        .defer(*_LONG_COLUMNS)
    )
    given = {label.decision_id: label for label in labels}
    for decision in decisions:
        yield _decided(decision, given.get(decision.pk))
    for label in labels:
        if label.decision_id is None:
            yield _labelled(label)


def _decided(decision: Decision, label: Label | None) -> Decided:
    return Decided(
        at=decision.decided_at,
        by=_name(decision.officer),
        text_number=decision.description.number,
        decision_id=decision.pk,
        outcome=decision.outcome,
        outcome_name=decision.get_outcome_display(),
        value=label.value if label else "",
        role=decision.role,
        reason_code=decision.reason_code.title if decision.reason_code else "",
        note=decision.note,
        seconds=decision.seconds,
        blind=decision.blind,
        regulation=decision.regulation.code,
        undoes=decision.undoes_id,
        replayable=decision.review.prediction_id is not None and decision.undoes_id is None,
    )


def _labelled(label: Label) -> Labelled:
    prediction = label.prediction
    assert prediction is not None  # noqa: S101 - the table's constraint: no decision, so a model's
    return Labelled(
        at=label.created_at,
        by="",
        text_number=label.description.number,
        value=label.value,
        model_version=str(prediction.model_version),
        score=prediction.score,
        threshold=prediction.threshold,
        truncated=prediction.truncated,
        regulation=label.regulation.code,
    )


def _answers(component: Component) -> Iterator[Chapter]:
    answers = Answer.objects.filter(question__component=component).select_related(
        "question__description", "answered_by"
    )
    for answer in answers:
        yield Answered(answer.answered_at, _name(answer.answered_by), answer.question.description.number, answer.text)


def _withdrawals(component: Component) -> Iterator[Chapter]:
    withdrawn = Review.objects.filter(component=component, state=Review.State.WITHDRAWN).select_related("description")
    for review in withdrawn:
        yield Withdrawn(review.closed_at or review.opened_at, "", review.description.number)


def _name(person: User | None) -> str:
    return person.shown_name() if person else ""
