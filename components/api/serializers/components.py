"""The shapes of components, and of what is asked and changed about them."""

from typing import Any

from rest_framework import serializers

from components.api.serializers.labels import NOT_BLANK, LabelSerializer
from components.api.values import MAX_NUMBER
from components.models import Component
from components.models.decisions import MAX_NOTE_CHARACTERS
from components.validators import MAX_DESCRIPTION_CHARACTERS


class ComponentSerializer(serializers.Serializer[Component]):
    id = serializers.IntegerField()
    external_id = serializers.CharField(allow_blank=True, help_text="Its number in your own inventory, or empty.")
    description = serializers.CharField()
    number = serializers.IntegerField(
        source="description_number",
        help_text="Which of its descriptions this is: 1 as entered, 2 after the first edit …",
    )
    entered_by = serializers.CharField(source="entered_by.username", help_text="A username.")
    entered_at = serializers.DateTimeField()
    label = LabelSerializer(  # type: ignore[assignment]
        allow_null=True,
        help_text="Null while the component waits for its label; it is labelled as soon as a model serves.",
    )
    label_hidden = serializers.BooleanField(
        source="hidden_label",
        help_text="Whether there may be a label that you must not see before the blind review of it is decided.",
    )

    def to_representation(self, instance: Component) -> dict[str, Any]:
        told = super().to_representation(instance)
        return {**told, "label": None} if told["label_hidden"] else told


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
    question = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=MAX_NOTE_CHARACTERS,
        help_text="What you want an officer to look at; without it the rule alone decides whether one does.",
    )


class EditSerializer(serializers.Serializer[Component]):
    description = serializers.RegexField(NOT_BLANK, max_length=MAX_DESCRIPTION_CHARACTERS)
    number = serializers.IntegerField(
        min_value=1, max_value=MAX_NUMBER, help_text="The `number` of the description that this one replaces."
    )


class QuestionSerializer(serializers.Serializer[Component]):
    note = serializers.RegexField(
        NOT_BLANK, max_length=MAX_NOTE_CHARACTERS, help_text="What an officer should look at; not blank."
    )


class AskedSerializer(serializers.Serializer[Component]):
    component = serializers.IntegerField(help_text="The component's id.")
    review = serializers.IntegerField(help_text="The id of the review that the note belongs to.")
