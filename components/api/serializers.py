"""The shapes of requests and answers: what the OpenAPI description says, and how a component is told.

The framework takes declared fields off their class, so that they may bear names which it uses itself (`label`,
`source`, `errors`); only type checkers mind.
"""

from rest_framework import serializers

from components.api.requests import MAX_TEXTS
from components.models import Component, Label
from components.validators import MAX_DESCRIPTION_CHARACTERS
from mlops import contracts

LABEL_VALUES = [(label.value, label.value) for label in contracts.Label]
NOT_BLANK = r"\S"
SCORE_HELP = "The model's probability of non-compliant."
THRESHOLD_HELP = "From this score upwards the label is non-compliant."
TRUNCATED_HELP = "Whether the text was longer than the model's limit, so that its end was not read."
VERSION_HELP = "The model version that answered, `name:version`."


class LabelSerializer(serializers.Serializer[Label]):
    """The label that counts now. Score, threshold, model version and truncated are null where no model gave it."""

    value = serializers.ChoiceField(choices=LABEL_VALUES)
    source = serializers.ChoiceField(choices=Label.Source.choices)  # type: ignore[assignment]
    score = serializers.FloatField(
        source="prediction.score", allow_null=True, min_value=0, max_value=1, help_text=SCORE_HELP
    )
    threshold = serializers.FloatField(
        source="prediction.threshold", allow_null=True, min_value=0, max_value=1, help_text=THRESHOLD_HELP
    )
    model_version = serializers.CharField(source="prediction.model_version", allow_null=True, help_text=VERSION_HELP)
    truncated = serializers.BooleanField(source="prediction.truncated", allow_null=True, help_text=TRUNCATED_HELP)
    regulation = serializers.CharField(source="regulation.code", help_text="The code of the regulation judged against.")
    created_at = serializers.DateTimeField()


class ComponentSerializer(serializers.Serializer[Component]):
    id = serializers.IntegerField()
    external_id = serializers.CharField(allow_blank=True, help_text="Its number in your own inventory, or empty.")
    description = serializers.CharField()
    entered_by = serializers.CharField(source="entered_by.username", help_text="A username.")
    entered_at = serializers.DateTimeField()
    label = LabelSerializer(  # type: ignore[assignment]
        allow_null=True,
        help_text="Null while the component waits for its label; it is labelled as soon as a model serves.",
    )


class NewComponentSerializer(serializers.Serializer[Component]):
    description = serializers.RegexField(
        NOT_BLANK, max_length=MAX_DESCRIPTION_CHARACTERS, help_text="The component in words; not blank."
    )
    external_id = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=100,
        help_text="Its number in your own inventory; no two share one.",
    )


class TextsSerializer(serializers.Serializer[None]):
    texts = serializers.ListField(
        child=serializers.RegexField(NOT_BLANK, max_length=MAX_DESCRIPTION_CHARACTERS),
        min_length=1,
        max_length=MAX_TEXTS,
        help_text="The texts to label, none of them blank.",
    )


class LabelledTextSerializer(serializers.Serializer[None]):
    """One text's answer, recorded as a prediction."""

    prediction_id = serializers.IntegerField()
    label = serializers.ChoiceField(choices=LABEL_VALUES)  # type: ignore[assignment]
    score = serializers.FloatField(min_value=0, max_value=1, help_text=SCORE_HELP)
    threshold = serializers.FloatField(min_value=0, max_value=1, help_text=THRESHOLD_HELP)
    model_version = serializers.CharField(help_text=VERSION_HELP)
    truncated = serializers.BooleanField(help_text=TRUNCATED_HELP)


class LabelledTextsSerializer(serializers.Serializer[None]):
    labels = LabelledTextSerializer(many=True, help_text="One for each text, in their order.")


class StatusSerializer(serializers.Serializer[None]):
    serving = serializers.BooleanField(help_text="Whether texts can be labelled now.")
    model_version = serializers.CharField(allow_blank=True, help_text=VERSION_HELP)
    model_digest = serializers.CharField(allow_blank=True, help_text="The digest of that version's bundle.")


class FaultSerializer(serializers.Serializer[None]):
    """One thing wrong with the request: at a `pointer` into the body, or at a `parameter` of the address."""

    pointer = serializers.CharField(required=False, help_text="JSON pointer (RFC 6901) as a fragment: `#/texts/3`.")
    parameter = serializers.CharField(required=False)
    code = serializers.CharField(help_text="What is wrong, for programs.")
    detail = serializers.CharField(help_text="What is wrong and what to do, for people.")


class ProblemSerializer(serializers.Serializer[None]):
    """A problem document (RFC 9457)."""

    type = serializers.CharField(help_text="The kind of problem, for programs; this address describes it.")
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField(help_text="What happened and what to do, for people.")
    request_id = serializers.CharField(help_text="Finds the request in the server's log.")
    errors = FaultSerializer(many=True, required=False)  # type: ignore[assignment]
