"""Components with the labels that a test wants to see, written without a model."""

from collections.abc import Iterable

from components.models import Component, Decision, Description, Label, Regulation, Review, User
from mlops import contracts
from mlops.models import ModelVersion, Prediction


def enter(
    description: str = "a bracket",
    *,
    by: User,
    score: float | None = None,
    external_id: str = "",
    officer_says: contracts.Label | None = None,
    text_seen: str = "",
    truncated: bool = False,
) -> Component:
    """A component, labelled by a model of that score; without a score, and without an officer's word, unlabelled."""
    (entered,) = keep([description], by=by, external_id=external_id)
    if score is not None:
        prediction = _prediction(description, score, text_seen or description.lower(), truncated)
        label_by_model(entered, prediction)
    if officer_says is not None:
        label_by_officer(entered, officer_says, by=by)
    return entered


def keep(texts: Iterable[str], *, by: User, external_id: str = "") -> list[Component]:
    """Unlabelled components of these descriptions."""
    kept = Component.objects.bulk_create(
        Component(description=text, external_id=external_id, entered_by=by) for text in texts
    )
    Description.objects.bulk_create(
        Description(component=component, number=1, text=component.description, written_by=by) for component in kept
    )
    return kept


def _prediction(text: str, score: float, text_seen: str, truncated: bool) -> Prediction:
    version, _ = ModelVersion.objects.get_or_create(
        name="shown", version="7", defaults={"digest": "sha256:" + "0" * 64, "manifest": {"threshold": 0.5}}
    )
    return Prediction.objects.create(
        text=text,
        text_seen=text_seen,
        truncated=truncated,
        label=contracts.Label.of_score(score, 0.5).value,
        score=score,
        threshold=0.5,
        model_version=version,
        latency_ms=1.0,
    )


def label_by_model(entered: Component, prediction: Prediction) -> Label:
    return _label(entered, prediction.label, source=Label.Source.MODEL, prediction=prediction)


def label_by_officer(entered: Component, value: contracts.Label, *, by: User) -> Label:
    """The label of a decided review."""
    text = entered.descriptions.get(number=entered.description_number)
    review = Review.objects.create(
        component=entered, description=text, state=Review.State.DECIDED, blind=False, risk=3, uncertainty=10
    )
    decision = Decision.objects.create(
        review=review,
        component=entered,
        description=text,
        outcome=Decision.Outcome.LABEL,
        value=value.value,
        regulation=Regulation.objects.get(),
        officer=by,
        role="officer",
        blind=False,
        seconds=1.0,
    )
    return _label(entered, value.value, source=Label.Source.OFFICER, decision=decision)


def _label(
    entered: Component,
    value: str,
    *,
    source: Label.Source,
    prediction: Prediction | None = None,
    decision: Decision | None = None,
) -> Label:
    entered.label = Label.objects.create(
        component=entered,
        description=entered.descriptions.get(number=entered.description_number),
        value=value,
        source=source,
        prediction=prediction,
        decision=decision,
        regulation=Regulation.objects.get(),
    )
    entered.save(update_fields=["label"])
    return entered.label
