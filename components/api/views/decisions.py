"""Decisions are undone and replayed, and questions answered."""

from typing import cast

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from components.api import examples, schema
from components.api.bodies import json_object, object_or_nothing
from components.api.requests import note_of, refuse_members
from components.api.serializers import decisions
from components.api.serializers.decisions import (
    AnswerSerializer,
    NewAnswerSerializer,
    ReasonCodesSerializer,
    ReplaySerializer,
    UndoneSerializer,
)
from components.api.views.reviews import claimed_told
from components.models import ReasonCode, Review, User
from components.permissions import EDIT_COMPONENTS, REPLAY, REVIEW, VIEW_REVIEWS, sees_labels
from components.services import deciding, questions
from components.services.holding import Claimed
from components.services.replaying import replay_decision


class Undo(APIView):
    permission_of_method = {"POST": REVIEW}

    @extend_schema(
        operation_id="decisions_undo",
        summary="Undo a decision of yours",
        description=(
            "Within a minute, and while nothing has followed it: the label that stood before stands again, and the "
            "review is in your hands. The undo is a decision of its own; nothing is deleted."
        ),
        request=None,
        responses=schema.responses({201: UndoneSerializer}, 404, 409, *schema.WITH_A_BODY),
        parameters=[schema.RETRY_AFTER],
        examples=[examples.UNDONE],
        tags=["decisions"],
    )
    def post(self, request: Request, id: int) -> Response:  # noqa: A002 (the name in the address)
        refuse_members(object_or_nothing(request._request))
        user = cast(User, request.user)
        undone = deciding.undo(decision_id=id, by=user)
        review = get_object_or_404(Review.objects.with_all(), pk=undone.review_id)
        assert review.lease is not None and review.leased_until is not None  # noqa: S101, PT018 - an undo gives them
        claimed = Claimed(review, review.lease, review.leased_until)
        told = decisions.told(undone, hidden=not sees_labels(user, review.component))
        answer = {"decision": told, **claimed_told(claimed, user)}
        return Response(answer, status.HTTP_201_CREATED)


class NewAnswer(APIView):
    permission_of_method = {"POST": EDIT_COMPONENTS}

    @extend_schema(
        operation_id="decisions_answer",
        summary="Answer an officer's question",
        description=(
            "The question is the decision with the outcome `ask`; its review returns to the queue. For whoever entered "
            "the component, whoever asked for the review, and the officer who asks."
        ),
        request={"application/json": NewAnswerSerializer},
        responses=schema.responses({201: AnswerSerializer}, 404, 409, 422, *schema.WITH_A_BODY),
        parameters=[schema.RETRY_AFTER],
        examples=[examples.NEW_ANSWER, examples.ANSWER],
        tags=["decisions"],
    )
    def post(self, request: Request, id: int) -> Response:  # noqa: A002 (the name in the address)
        text = note_of(json_object(request._request), "text")
        answer = questions.answer(decision_id=id, text=text, by=cast(User, request.user))
        return Response(AnswerSerializer(answer).data, status.HTTP_201_CREATED)


class Replay(APIView):
    permission_of_method = {"POST": REPLAY}

    @extend_schema(
        operation_id="decisions_replay",
        summary="Replay a decision",
        description=(
            "Asks the archived bundle that the decided prediction came from once more. `outcome` is `equal` where "
            "label and score (within 0.000001) are the same, `different`, `impossible` where the bundle cannot be "
            "asked (see `problem`), or `nothing` where no model was asked about this text. On record as an event."
        ),
        request=None,
        responses=schema.responses({200: ReplaySerializer}, 404, *schema.WITH_A_BODY),
        parameters=[schema.RETRY_AFTER],
        examples=[examples.REPLAY],
        tags=["decisions"],
    )
    def post(self, request: Request, id: int) -> Response:  # noqa: A002 (the name in the address)
        refuse_members(object_or_nothing(request._request))
        return Response(decisions.replayed_told(replay_decision(decision_id=id, by=cast(User, request.user))))


class ReasonCodes(APIView):
    permission_of_method = {"GET": VIEW_REVIEWS}

    @extend_schema(
        operation_id="reason_codes_list",
        summary="List the reason codes",
        description="All there ever were, since past decisions name them; those without `retired_at` may be chosen.",
        responses=schema.responses({200: ReasonCodesSerializer}),
        parameters=[schema.RETRY_AFTER],
        examples=[examples.REASON_CODES],
        tags=["decisions"],
    )
    def get(self, request: Request) -> Response:
        return Response({"reason_codes": list(ReasonCode.objects.values("code", "title", "retired_at"))})
