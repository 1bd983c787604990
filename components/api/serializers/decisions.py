"""The shapes of decisions and of what follows them."""

from typing import Any

from rest_framework import serializers

from components.api.serializers.labels import LABEL_VALUES, NOT_BLANK, SCORE_HELP, VERSION_HELP
from components.api.serializers.reviews import ClaimedSerializer
from components.api.values import MAX_CODE_CHARACTERS, MAX_NUMBER, OUTCOMES
from components.models import Answer, Decision, ReasonCode
from components.models.decisions import MAX_NOTE_CHARACTERS, MAX_SECONDS
from components.services.replaying import Replayed

REPLAY_OUTCOMES = [(outcome, outcome) for outcome in ("equal", "different", "impossible", "nothing")]
GIVES_A_LABEL = (Decision.Outcome.CONFIRM, Decision.Outcome.OVERRIDE)


class NewDecisionSerializer(serializers.Serializer[Decision]):
    lease = serializers.UUIDField(help_text="What the claim was answered with.")
    outcome = serializers.ChoiceField(
        choices=OUTCOMES,
        help_text="`label`: give a label without having seen one, in a blind review or where there is none.",
    )
    label = serializers.ChoiceField(  # type: ignore[assignment]
        choices=LABEL_VALUES, required=False, allow_null=True, help_text="With `override` and `label`."
    )
    reason_code = serializers.CharField(
        required=False, allow_blank=True, max_length=MAX_CODE_CHARACTERS, help_text="`override` needs one."
    )
    note = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=MAX_NOTE_CHARACTERS,
        help_text="`escalate` and `ask` need one; to ask, it is the question.",
    )
    number = serializers.IntegerField(
        min_value=1, max_value=MAX_NUMBER, help_text="The `number` of the description that you have read."
    )
    seconds = serializers.FloatField(min_value=0, max_value=MAX_SECONDS, help_text="How long you had it before you.")


class DecisionSerializer(serializers.Serializer[Decision]):
    id = serializers.IntegerField()
    review = serializers.IntegerField(help_text="The review's id.")
    component = serializers.IntegerField(help_text="The component's id.")
    number = serializers.IntegerField(help_text="Which of the component's descriptions was decided on.")
    outcome = serializers.ChoiceField(
        choices=Decision.Outcome.choices,
        help_text="`label`, too, while it is hidden from you whether the label given is the one that stood.",
    )
    label = serializers.ChoiceField(  # type: ignore[assignment]
        choices=LABEL_VALUES, allow_null=True, help_text="The label given; null where none was."
    )
    reason_code = serializers.CharField(allow_null=True)
    note = serializers.CharField(allow_blank=True)
    officer = serializers.CharField(help_text="A username.")
    role = serializers.CharField(help_text="The officer's roles when deciding.")
    blind = serializers.BooleanField()
    seconds = serializers.FloatField()
    regulation = serializers.CharField(help_text="The code of the regulation judged by.")
    decided_at = serializers.DateTimeField()
    undoes = serializers.IntegerField(allow_null=True, help_text="The decision that this one undid.")


class UndoneSerializer(ClaimedSerializer):
    """The review is in your hands again."""

    decision = DecisionSerializer(help_text="The undo, a decision of its own.")


class NewAnswerSerializer(serializers.Serializer[Answer]):
    text = serializers.RegexField(NOT_BLANK, max_length=MAX_NOTE_CHARACTERS)


class AnswerSerializer(serializers.Serializer[Answer]):
    id = serializers.IntegerField()
    question = serializers.IntegerField(source="question_id", help_text="The decision that asked.")
    text = serializers.CharField()
    answered_by = serializers.CharField(source="answered_by.username", help_text="A username.")
    answered_at = serializers.DateTimeField()


class ReasonCodeSerializer(serializers.Serializer[ReasonCode]):
    code = serializers.CharField()
    title = serializers.CharField()
    retired_at = serializers.DateTimeField(allow_null=True, help_text="From when on nobody may choose it.")


class ReasonCodesSerializer(serializers.Serializer[None]):
    reason_codes = ReasonCodeSerializer(many=True)


class ReplaySerializer(serializers.Serializer[None]):
    """What the archived bundle says today of the text that was decided on, beside what it said then.

    Where it could not be asked, all but `decision`, `outcome`, `prediction_id` and `problem` is null.
    """

    decision = serializers.IntegerField(help_text="The decision's id.")
    outcome = serializers.ChoiceField(choices=REPLAY_OUTCOMES)
    prediction_id = serializers.IntegerField(allow_null=True)
    problem = serializers.CharField(allow_blank=True, help_text="Why it could not be asked, in a sentence.")
    model_version = serializers.CharField(allow_null=True, help_text=VERSION_HELP)
    model_digest = serializers.CharField(allow_null=True)
    label = serializers.ChoiceField(choices=LABEL_VALUES, allow_null=True)  # type: ignore[assignment]
    score = serializers.FloatField(allow_null=True, min_value=0, max_value=1, help_text=SCORE_HELP)
    replayed_label = serializers.ChoiceField(choices=LABEL_VALUES, allow_null=True)
    replayed_score = serializers.FloatField(allow_null=True, min_value=0, max_value=1)
    difference = serializers.FloatField(allow_null=True, help_text="`replayed_score` less `score`.")
    equal = serializers.BooleanField(
        allow_null=True, help_text="Same label, and scores no further apart than 0.000001."
    )


def told(decision: Decision, *, hidden: bool) -> dict[str, Any]:
    """A decision with what a person may know of it; `hidden` as `permissions.sees_labels` says."""
    outcome = Decision.Outcome(decision.outcome)
    return {
        "id": decision.pk,
        "review": decision.review_id,
        "component": decision.component_id,
        "number": decision.description.number,
        "outcome": Decision.Outcome.LABEL if hidden and outcome in GIVES_A_LABEL else outcome,
        "label": decision.value or None,
        "reason_code": decision.reason_code.code if decision.reason_code else None,
        "note": decision.note,
        "officer": decision.officer.username,
        "role": decision.role,
        "blind": decision.blind,
        "seconds": decision.seconds,
        "regulation": decision.regulation.code,
        "decided_at": decision.decided_at,
        "undoes": decision.undoes_id,
    }


def replayed_told(replayed: Replayed) -> dict[str, Any]:
    found = replayed.replay
    return {
        "decision": replayed.decision_id,
        "outcome": replayed.outcome,
        "prediction_id": replayed.prediction_id,
        "problem": replayed.problem,
        "model_version": found and found.model_version,
        "model_digest": found and found.model_digest,
        "label": found and found.label,
        "score": found and found.score,
        "replayed_label": found and found.replayed_label,
        "replayed_score": found and found.replayed_score,
        "difference": found and found.difference,
        "equal": found and found.equal,
    }
