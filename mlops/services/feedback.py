"""Keep what people say is true of a prediction. Nothing is changed: second thoughts are rows of their own."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError, transaction

from audit.ledgers import named
from mlops.contracts import FeedbackRecord, Label, RetractionRecord
from mlops.exceptions import NeverSampled, NotRetractable, UnknownRecord
from mlops.models import Feedback, Prediction


def give(
    *, prediction_id: int, label: Label, regulation: str, blind: bool, sampled: bool, by: AbstractBaseUser
) -> FeedbackRecord:
    """Write a person's truth for a prediction, in the transaction of the caller, whose event accounts for its row.

    `sampled`: the prediction was looked at because it was drawn, so that its inclusion probability counts. Raises
    UnknownRecord, and NeverSampled where it has none.
    """
    try:
        inclusion = Prediction.objects.values_list("inclusion_probability", flat=True).get(pk=prediction_id)
    except Prediction.DoesNotExist as error:
        raise UnknownRecord(f"There is no prediction {prediction_id}.") from error
    if sampled and inclusion is None:
        raise NeverSampled(f"Prediction {prediction_id} was never to be sampled.")
    feedback = Feedback.objects.create(
        prediction_id=prediction_id,
        label=Label(label).value,
        regulation_code=regulation,
        blind=blind,
        inclusion_probability=inclusion if sampled else None,
        given_by_id=by.pk,
    )
    return FeedbackRecord(
        feedback_id=feedback.pk,
        prediction_id=prediction_id,
        label=Label(label),
        regulation=regulation,
        blind=blind,
        inclusion_probability=feedback.inclusion_probability,
        row=named(feedback),
    )


def retract(feedback_id: int, *, by: AbstractBaseUser) -> RetractionRecord:
    """Take a feedback back, in the transaction of the caller, whose event accounts for the row of it.

    What was said of the prediction before it stands again.

    Raises UnknownRecord, and NotRetractable where it was taken back before or is a retraction itself.
    """
    try:
        feedback = Feedback.objects.get(pk=feedback_id)
    except Feedback.DoesNotExist as error:
        raise UnknownRecord(f"There is no feedback {feedback_id}.") from error
    if feedback.retracts_id is not None:
        raise NotRetractable(f"Feedback {feedback_id} is itself the taking back of another.")
    try:
        # Two at once: the database lets one in. The savepoint keeps the caller's transaction usable for the other.
        with transaction.atomic():
            retraction = Feedback.objects.create(
                prediction_id=feedback.prediction_id, retracts=feedback, given_by_id=by.pk
            )
    except IntegrityError as error:
        raise NotRetractable(f"Feedback {feedback_id} was taken back before.") from error
    return RetractionRecord(
        retraction_id=retraction.pk,
        feedback_id=feedback_id,
        prediction_id=feedback.prediction_id,
        row=named(retraction),
    )
