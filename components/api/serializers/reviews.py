"""The shapes of reviews, and of claims on them."""

from typing import Any

from rest_framework import serializers

from components import queue
from components.api.serializers.labels import LABEL_VALUES, SCORE_HELP, THRESHOLD_HELP, TRUNCATED_HELP, VERSION_HELP
from components.api.values import MAX_ID
from components.models import Review, Route, User
from components.models.reviews import MAX_BESIDES
from mlops.contracts import Label

HIDDEN = "Null where `hidden`."


class ReasonSerializer(serializers.Serializer[Route]):
    """One reason why a person looks."""

    reason = serializers.ChoiceField(choices=Route.Reason.choices)
    policy = serializers.IntegerField(allow_null=True, help_text="The version of the review policy that counted.")
    score = serializers.FloatField(allow_null=True, min_value=0, max_value=1, help_text=f"{SCORE_HELP} {HIDDEN}")
    threshold = serializers.FloatField(allow_null=True, min_value=0, max_value=1, help_text=THRESHOLD_HELP)
    probability = serializers.FloatField(
        allow_null=True,
        min_value=0,
        max_value=1,
        help_text="With which probability a person was to look, fixed before the draw.",
    )
    note = serializers.CharField(allow_blank=True, help_text="What was asked.")
    by = serializers.CharField(allow_null=True, help_text="Who asked, a username; null where the rule decided.")
    at = serializers.DateTimeField()


class ReviewedPredictionSerializer(serializers.Serializer[None]):
    """What the model said of the text under review."""

    id = serializers.IntegerField()
    label = serializers.ChoiceField(choices=LABEL_VALUES)  # type: ignore[assignment]
    score = serializers.FloatField(min_value=0, max_value=1, help_text=SCORE_HELP)
    threshold = serializers.FloatField(min_value=0, max_value=1, help_text=THRESHOLD_HELP)
    model_version = serializers.CharField(help_text=VERSION_HELP)
    truncated = serializers.BooleanField(help_text=TRUNCATED_HELP)


class ReviewSerializer(serializers.Serializer[Review]):
    id = serializers.IntegerField()
    component = serializers.IntegerField(help_text="The component's id.")
    external_id = serializers.CharField(allow_blank=True)
    description = serializers.CharField(help_text="The text under review.")
    number = serializers.IntegerField(help_text="Which of the component's descriptions it is: send it when deciding.")
    state = serializers.ChoiceField(choices=Review.State.choices)
    escalated = serializers.BooleanField(help_text="Whether an officer could not decide it.")
    blind = serializers.BooleanField(help_text="Whether the model's answer is hidden from officers until decided.")
    hidden = serializers.BooleanField(help_text="Whether the model's answer is hidden from you now.")
    risk = serializers.IntegerField(
        allow_null=True, min_value=0, max_value=3, help_text=f"What a wrong label could cost, 0 to 3. {HIDDEN}"
    )
    uncertainty = serializers.IntegerField(
        allow_null=True,
        min_value=0,
        max_value=10,
        help_text=f"How close the score is to the threshold, 0 to 10. {HIDDEN}",
    )
    why = serializers.ListField(
        child=serializers.CharField(), help_text="Why a person looks, a sentence each, the weightiest first."
    )
    reasons = ReasonSerializer(many=True, help_text="The same, for programs.")
    label = serializers.ChoiceField(  # type: ignore[assignment]
        choices=LABEL_VALUES, allow_null=True, help_text=f"The component's label now; null where it has none. {HIDDEN}"
    )
    prediction = ReviewedPredictionSerializer(allow_null=True, help_text=f"Null where no model was asked. {HIDDEN}")
    opened_at = serializers.DateTimeField()
    closed_at = serializers.DateTimeField(allow_null=True)
    holder = serializers.CharField(allow_null=True, help_text="Who has it in hand, a username.")
    leased_until = serializers.DateTimeField(allow_null=True)


class BesidesSerializer(serializers.Serializer[None]):
    besides = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=MAX_ID),
        required=False,
        max_length=MAX_BESIDES,
        help_text="Ids of reviews that you do not want now.",
    )


class LeaseSerializer(serializers.Serializer[None]):
    lease = serializers.UUIDField(help_text="What the claim was answered with.")


class ClaimedSerializer(serializers.Serializer[None]):
    """A review that you have alone until `leased_until`; keep it before then."""

    review = ReviewSerializer()
    lease = serializers.UUIDField(help_text="Shows that the claim is yours: send it when keeping and deciding.")
    leased_until = serializers.DateTimeField()


class KeptSerializer(serializers.Serializer[None]):
    leased_until = serializers.DateTimeField()


def told(review: Review, *, hidden: bool, user: User) -> dict[str, Any]:
    """A review with what a person may know of it; `hidden` as `permissions.sees_labels` says.

    One for which `queue.with_reasons` was called.
    """
    # The sentences of a review that is over tell of its label, which a later blind review may be about.
    unfinished = review.state in (Review.State.OPEN, Review.State.ASKED)
    why = queue.reasons(review, for_user=user) if unfinished or not hidden else []
    label, prediction = review.component.label, review.prediction
    return {
        "id": review.pk,
        "component": review.component_id,
        "external_id": review.component.external_id,
        "description": review.description.text,
        "number": review.description.number,
        "state": review.state,
        "escalated": review.escalated,
        "blind": review.blind,
        "hidden": hidden,
        "risk": None if hidden else review.risk,
        "uncertainty": None if hidden else review.uncertainty,
        "why": why,
        "reasons": [_reason(route, hidden=hidden) for route in review.routes.all()],
        "label": None if hidden or label is None else label.value,
        "prediction": None
        if hidden or prediction is None
        else {
            "id": prediction.pk,
            "label": Label(prediction.label),
            "score": prediction.score,
            "threshold": prediction.threshold,
            "model_version": str(prediction.model_version),
            "truncated": prediction.truncated,
        },
        "opened_at": review.opened_at,
        "closed_at": review.closed_at,
        "holder": review.in_hand_of.username if review.in_hand_of else None,
        "leased_until": review.leased_until,
    }


def _reason(route: Route, *, hidden: bool) -> dict[str, Any]:
    return {
        "reason": route.reason,
        "policy": route.policy_id,
        "score": None if hidden else route.score,
        "threshold": None if hidden else route.threshold,
        "probability": None if hidden else route.probability,
        "note": route.note,
        "by": route.by.username if route.by else None,
        "at": route.at,
    }
