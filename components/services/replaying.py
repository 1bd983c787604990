"""Ask the model version behind a past decision once more."""

from dataclasses import asdict, dataclass

from django.db import transaction

from audit.ledgers import UNREADABLE
from audit.services import record
from components.exceptions import UnderBlindReview, UnknownRecord
from components.models import Decision, User
from components.packs.reading import unreadable
from components.permissions import sees_labels
from mlops import labeler
from mlops.contracts import Replay
from mlops.exceptions import ModelError

NO_MODEL = "No model was asked about this text: there is nothing to replay."


@dataclass(frozen=True, slots=True)
class Replayed:
    """What came of a replay. Where it was not possible, `replay` is None and `problem` says why in a sentence.

    `prediction_id` is None where no model was asked in the first place.
    """

    decision_id: int
    prediction_id: int | None
    replay: Replay | None
    problem: str = ""

    @property
    def outcome(self) -> str:
        """`equal`, `different`, `impossible`, or `nothing` where no model was asked."""
        if self.prediction_id is None:
            return "nothing"
        if self.replay is None:
            return "impossible"
        return "equal" if self.replay.equal else "different"

    def as_json(self) -> dict[str, object]:
        """The same as a flat object of JSON's own types."""
        found: dict[str, object] = {"decision": self.decision_id, "outcome": self.outcome}
        found["prediction_id"] = self.prediction_id
        if self.replay is not None:
            found |= asdict(self.replay) | {"difference": self.replay.difference}
        return found | ({"problem": self.problem} if self.problem else {})


def replay_decision(*, decision_id: int, by: User | None) -> Replayed:
    """The text of the decision once more on the archived bundle, beside what the model said then, with an event.

    Raises UnknownRecord, Unreadable, and UnderBlindReview for who must not see the component's label now.
    """
    try:
        decision = Decision.objects.select_related("component", "review").get(pk=decision_id)
    except Decision.DoesNotExist as error:
        raise UnknownRecord(f"There is no decision {decision_id}.") from error
    except UNREADABLE as error:
        raise unreadable(f"Decision {decision_id}") from error
    if by is not None and not sees_labels(by, decision.component):
        raise UnderBlindReview("This component waits for a blind decision: replay it when that is made.")
    replayed = _replayed(decision)
    with transaction.atomic():
        record("decision_replayed", by=by, subject=decision, after=replayed.as_json())
    return replayed


def _replayed(decision: Decision) -> Replayed:
    prediction_id = decision.review.prediction_id
    if prediction_id is None:
        return Replayed(decision.pk, None, None, NO_MODEL)
    try:
        return Replayed(decision.pk, prediction_id, labeler.replay(prediction_id))
    except ModelError as error:
        return Replayed(decision.pk, prediction_id, None, str(error))
