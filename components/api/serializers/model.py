"""The shapes of what is known of the model, and of the switch that stops it."""

from rest_framework import serializers

from components.api.serializers.labels import NOT_BLANK, SCORE_HELP, VERSION_HELP
from components.models import StopSwitch
from components.models.reviews import MAX_REASON_CHARACTERS


class WordSerializer(serializers.Serializer[None]):
    """What one word did to the score: `text[start:stop]`, in characters (code points)."""

    start = serializers.IntegerField(min_value=0)
    stop = serializers.IntegerField(min_value=0)
    weight = serializers.FloatField(
        min_value=-1,
        max_value=1,
        help_text="The score less the score without the word; above 0 it speaks for non-compliant.",
    )
    log_odds = serializers.FloatField(help_text="The same difference of log odds: ln(score / (1 - score)).")


class ExplanationSerializer(serializers.Serializer[None]):
    prediction_id = serializers.IntegerField()
    model_version = serializers.CharField(help_text=VERSION_HELP)
    text = serializers.CharField()
    score = serializers.FloatField(min_value=0, max_value=1, help_text=SCORE_HELP)
    read_to = serializers.IntegerField(min_value=0, help_text="The model read `text[:read_to]` and nothing after it.")
    words = WordSerializer(many=True, help_text="In their order.")


class StopSwitchSerializer(serializers.Serializer[StopSwitch]):
    """Whether automatic labelling is stopped; the rest is null where nobody has ever stopped it."""

    stopped = serializers.BooleanField()
    reason = serializers.CharField(allow_null=True)
    set_by = serializers.CharField(allow_null=True, help_text="A username.")
    set_at = serializers.DateTimeField(allow_null=True)


class SwitchOrderSerializer(serializers.Serializer[StopSwitch]):
    stopped = serializers.BooleanField(help_text="true stops automatic labelling, false resumes it.")
    reason = serializers.RegexField(NOT_BLANK, max_length=MAX_REASON_CHARACTERS, help_text="Why; not blank.")
