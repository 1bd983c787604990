"""Classify texts with the champion, and record what it answered."""

from collections.abc import Sequence

from mlops.contracts import Classification, LabelResult
from mlops.models import Prediction
from mlops.services import serving


def classify(texts: Sequence[str]) -> list[Classification]:
    """What the champion says of each text, in their order; nothing is recorded. Raises NotServing."""
    return serving.champion().classify(texts)


def record(classifications: Sequence[Classification]) -> list[LabelResult]:
    """Write a prediction for each classification, in the transaction of the caller."""
    predictions = Prediction.objects.bulk_create(
        Prediction(
            text=c.text,
            text_seen=c.text_seen,
            truncated=c.truncated,
            label=c.label.value,
            score=c.score,
            threshold=c.threshold,
            model_version_id=serving.version_id(c.model_digest),
            latency_ms=c.latency_ms,
        )
        for c in classifications
    )
    return [LabelResult(p.pk, c) for p, c in zip(predictions, classifications, strict=True)]


def label(texts: Sequence[str]) -> list[LabelResult]:
    """Classify and record. Raises NotServing, and then nothing is recorded."""
    return record(classify(texts))
