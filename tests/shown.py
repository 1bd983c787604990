"""Components with the labels that a test of the pages wants to see, written without a model."""

from components.models import Component, Label, Regulation, User
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
    entered = Component.objects.create(description=description, external_id=external_id, entered_by=by)
    if score is not None:
        prediction = _prediction(description, score, text_seen or description.lower(), truncated)
        _label(entered, contracts.Label(prediction.label), Label.Source.MODEL, prediction)
    if officer_says is not None:
        _label(entered, officer_says, Label.Source.OFFICER, None)
    return entered


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


def _label(entered: Component, value: contracts.Label, source: Label.Source, prediction: Prediction | None) -> None:
    entered.label = Label.objects.create(
        component=entered,
        value=value.value,
        source=source,
        prediction=prediction,
        regulation=Regulation.objects.get(),
    )
    entered.save(update_fields=["label"])
