"""THE DOOR of the model platform: texts in, labels out, frozen values only."""

from collections.abc import Collection, Sequence

from django.contrib.auth.base_user import AbstractBaseUser

from mlops.contracts import (
    Classification,
    Explanation,
    FeedbackRecord,
    Label,
    LabelResult,
    ModelCard,
    RegistryStatus,
    Replay,
    RetractionRecord,
    ServingStatus,
)
from mlops.services import cards as carding
from mlops.services import explanation, feedback, labeling, serving, syncing
from mlops.services import replay as replaying


def start() -> None:
    """Load the champion and begin to follow the deployments, in this process, before anything is asked of it.

    Never raises; where nothing can be loaded, `status` says why. What is asked first starts it too, but waits for it.
    """
    serving.start()


def classify(texts: Sequence[str]) -> list[Classification]:
    """What the champion says of each text, in their order; nothing is recorded. Raises NotServing."""
    return labeling.classify(texts)


def record(
    classifications: Sequence[Classification], *, inclusion: Sequence[float | None] | None = None
) -> list[LabelResult]:
    """Write a prediction for each classification, inside the transaction of the caller.

    The caller's event accounts for what was written: give the `row` of each result to the audit's `record`.
    `inclusion` has for each the probability, above 0 and at most 1, that a person reviews it, fixed before anyone
    looks; None where it is never to be sampled, as all are without it.
    """
    return labeling.record(classifications, inclusion=inclusion)


def record_feedback(
    *, prediction_id: int, label: Label, regulation: str, blind: bool, sampled: bool, by: AbstractBaseUser
) -> FeedbackRecord:
    """Write what a person says is true of a prediction, by the regulation of that code, in the caller's transaction.

    The caller's event accounts for the record's `row`.
    `blind`: the model's answer was hidden from them. `sampled`: it was drawn for review, so that its inclusion
    probability counts. Raises UnknownRecord, and NeverSampled where the prediction has none.
    """
    return feedback.give(
        prediction_id=prediction_id, label=label, regulation=regulation, blind=blind, sampled=sampled, by=by
    )


def retract_feedback(feedback_id: int, *, by: AbstractBaseUser) -> RetractionRecord:
    """Take a feedback back, by a row of its own, in the caller's transaction. Raises UnknownRecord, NotRetractable.

    The caller's event accounts for the record's `row`.
    """
    return feedback.retract(feedback_id, by=by)


def label(texts: Sequence[str], *, by: AbstractBaseUser | None) -> list[LabelResult]:
    """Classify each text and record it as a prediction, in a transaction and with an event of its own.

    Raises NotServing, and then nothing is recorded.
    """
    return labeling.label(texts, by=by)


def explain(prediction_id: int) -> Explanation:
    """The words that drove the label, by the prediction's own model version; found out once and kept.

    Raises UnknownRecord, NotArchived where the version's bundle is not in this installation, and other ModelErrors.
    """
    return explanation.explain(prediction_id)


def replay(prediction_id: int) -> Replay:
    """The prediction's text once more on the bundle of its own model version, beside what was recorded.

    Raises UnknownRecord, NotArchived where that bundle is not in this installation, and other ModelErrors.
    """
    return replaying.replay(prediction_id)


def cards(digests: Collection[str]) -> list[ModelCard]:
    """The model cards of those of these versions that are known here, in the order they became known in."""
    return carding.cards(digests)


def status() -> ServingStatus:
    """What this process serves, or why it does not."""
    return serving.status()


def registry_status() -> RegistryStatus:
    """How it stands with the registry of model versions; the registry itself is not asked."""
    return syncing.status()
