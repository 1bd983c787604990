"""The shape of problem documents."""

from rest_framework import serializers


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
