"""Classify texts with the champion, and record what it answered."""

from collections.abc import Sequence

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from audit import services as audit
from audit.ledgers import named
from mlops.contracts import Classification, LabelResult
from mlops.models import Prediction
from mlops.services import serving


def classify(texts: Sequence[str]) -> list[Classification]:
    """What the champion says of each text, in their order; nothing is recorded. Raises NotServing."""
    return serving.champion().classify(texts)


def record(
    classifications: Sequence[Classification], *, inclusion: Sequence[float | None] | None = None
) -> list[LabelResult]:
    """Write a prediction for each classification, in the transaction of the caller, whose event accounts for the rows.

    `inclusion` has for each the probability, above 0 and at most 1, that a person reviews it, or None where it is
    never to be sampled, as all are without it.
    """
    if inclusion is None:
        inclusion = [None] * len(classifications)
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
            inclusion_probability=probability,
        )
        for c, probability in zip(classifications, inclusion, strict=True)
    )
    return [LabelResult(p.pk, c, named(p)) for p, c in zip(predictions, classifications, strict=True)]


def label(texts: Sequence[str], *, by: AbstractBaseUser | None) -> list[LabelResult]:
    """Classify and record, with an event of its own. Raises NotServing, and then nothing is recorded."""
    classifications = classify(texts)
    if not classifications:
        return []
    with transaction.atomic():
        results = record(classifications)
        audit.record(
            "texts_labelled",
            by=by,
            after={"texts": len(results), "model_version": classifications[0].model_version},
            rows=[result.row for result in results],
        )
    return results
