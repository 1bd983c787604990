"""Run a past prediction again, on the bundle that made it."""

from mlops.contracts import Label, Replay
from mlops.exceptions import UnknownRecord
from mlops.models import Prediction
from mlops.services import archive


def replay(prediction_id: int) -> Replay:
    """What the prediction's own model version says of its text today; nothing is recorded.

    Raises UnknownRecord, NotArchived and other ModelErrors.
    """
    try:
        prediction = Prediction.objects.select_related("model_version").get(pk=prediction_id)
    except Prediction.DoesNotExist as error:
        raise UnknownRecord(f"There is no prediction {prediction_id}.") from error
    (again,) = archive.servable_of(prediction.model_version).classify([prediction.text])
    return Replay(
        prediction_id=prediction.pk,
        model_version=again.model_version,
        model_digest=again.model_digest,
        label=Label(prediction.label),
        score=prediction.score,
        replayed_label=again.label,
        replayed_score=again.score,
    )
