"""Say which words of a prediction's text drove its label."""

from mlops import contracts
from mlops.exceptions import UnknownRecord
from mlops.models import Explanation, Prediction
from mlops.services import archive


def explain(prediction_id: int) -> contracts.Explanation:
    """The words of the text and what each did to the score, by the prediction's own model version.

    Found out once and kept: whoever asks again needs no model. Raises UnknownRecord, NotArchived and other ModelErrors.
    """
    try:
        prediction = Prediction.objects.select_related("model_version", "explanation").get(pk=prediction_id)
    except Prediction.DoesNotExist as error:
        raise UnknownRecord(f"There is no prediction {prediction_id}.") from error
    try:
        kept = prediction.explanation
    except Explanation.DoesNotExist:
        kept = _find_out(prediction)
    return contracts.Explanation(
        prediction_id=prediction.pk,
        model_version=str(prediction.model_version),
        text=prediction.text,
        score=kept.score,
        read_to=kept.read_to,
        words=tuple(contracts.WordWeight(*word) for word in kept.words),
    )


def _find_out(prediction: Prediction) -> Explanation:
    found = archive.servable_of(prediction.model_version).occlude(prediction.text)
    # Whoever asked at the same time found out the same, and one of the two keeps it.
    kept, _ = Explanation.objects.get_or_create(
        prediction=prediction,
        defaults={
            "score": found.score,
            "read_to": found.read_to,
            "words": [[word.start, word.stop, word.weight, word.log_odds] for word in found.words],
        },
    )
    return kept
