"""The shapes of labels and of what a model says."""

from rest_framework import serializers

from components.api.requests import MAX_TEXTS
from components.models import Label
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
