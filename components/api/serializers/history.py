"""The shape of a component's story."""

from dataclasses import asdict
from typing import Any

from rest_framework import serializers

from components.api.serializers.labels import LABEL_VALUES
from components.history import Chapter

KINDS = ("entered", "labelled", "routed", "claimed", "decided", "answered", "edited", "withdrawn")


class ChapterSerializer(serializers.Serializer[None]):
    """Something that happened to a component. Which of the further names there are follows from the kind."""

    kind = serializers.ChoiceField(choices=[(kind, kind) for kind in KINDS])
    at = serializers.DateTimeField()
    by = serializers.CharField(allow_blank=True, help_text="A person's name; empty where a model or a rule did it.")
    number = serializers.IntegerField(help_text="Which of the component's descriptions it was about.")
    text = serializers.CharField(required=False, help_text="entered, edited")
    text_before = serializers.CharField(required=False, help_text="edited")
    label = serializers.ChoiceField(  # type: ignore[assignment]
        choices=LABEL_VALUES,
        required=False,
        allow_null=True,
        help_text="labelled, decided: the label that counted from then on; null where none did, or none new.",
    )
    model_version = serializers.CharField(required=False, help_text="labelled")
    score = serializers.FloatField(required=False, allow_null=True, help_text="labelled, routed")
    threshold = serializers.FloatField(required=False, allow_null=True, help_text="labelled, routed")
    truncated = serializers.BooleanField(required=False, help_text="labelled")
    regulation = serializers.CharField(required=False, help_text="labelled, decided")
    reason = serializers.CharField(required=False, help_text="routed")
    reason_name = serializers.CharField(required=False, help_text="routed: the reason in words")
    probability = serializers.FloatField(required=False, allow_null=True, help_text="routed")
    policy = serializers.IntegerField(required=False, allow_null=True, help_text="routed")
    blind = serializers.BooleanField(required=False, help_text="routed, decided")
    note = serializers.CharField(required=False, allow_blank=True, help_text="routed, decided")
    decision_id = serializers.IntegerField(required=False, help_text="decided")
    outcome = serializers.CharField(required=False, help_text="decided")
    outcome_name = serializers.CharField(required=False, help_text="decided: the outcome in words")
    role = serializers.CharField(required=False, help_text="decided: the officer's roles then")
    reason_code = serializers.CharField(required=False, allow_blank=True, help_text="decided: its title")
    seconds = serializers.FloatField(required=False, help_text="decided")
    undoes = serializers.IntegerField(required=False, allow_null=True, help_text="decided: the decision undone")
    replayable = serializers.BooleanField(required=False, help_text="decided: whether it can be replayed")
    answer = serializers.CharField(required=False, help_text="answered")


class HistorySerializer(serializers.Serializer[None]):
    label_hidden = serializers.BooleanField(help_text="Whether labels are left out, until a blind review is decided.")
    chapters = ChapterSerializer(many=True, help_text="The oldest first.")


def told(chapter: Chapter) -> dict[str, Any]:
    facts = asdict(chapter)
    names = {"text_number": "number", "value": "label"}
    renamed = {names.get(name, name): value for name, value in facts.items()}
    if "label" in renamed:
        renamed["label"] = renamed["label"] or None
    return {"kind": chapter.kind, **renamed}
