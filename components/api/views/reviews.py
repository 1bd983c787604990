"""Reviews are listed, taken in hand, kept, given back and decided."""

from typing import Any, cast

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from components import queue
from components.api import examples, schema
from components.api.bodies import json_object, object_or_nothing
from components.api.listing import OnlyPages, Pages
from components.api.requests import NewDecision, besides_of, lease_of, refuse_members
from components.api.serializers import decisions, reviews
from components.api.serializers.decisions import DecisionSerializer, NewDecisionSerializer
from components.api.serializers.reviews import (
    BesidesSerializer,
    ClaimedSerializer,
    KeptSerializer,
    LeaseSerializer,
    ReviewSerializer,
)
from components.exceptions import NothingToReview
from components.models import Review, User
from components.permissions import REVIEW, VIEW_REVIEWS, sees_labels
from components.services import deciding, reviewing


class Reviews(GenericAPIView[Review]):
    permission_of_method = {"GET": VIEW_REVIEWS}
    queryset = Review.objects.all()
    serializer_class = ReviewSerializer
    filter_backends = (OnlyPages,)
    pagination_class = Pages

    @extend_schema(
        operation_id="reviews_list",
        summary="List the reviews that wait",
        description=(
            "In the order in which they are to be worked: passed on by a colleague first, then by risk, then by "
            "uncertainty, then by age; those that somebody has in hand are among them."
        ),
        responses=schema.responses({200: ReviewSerializer(many=True)}, 400, 404),
        parameters=[schema.RETRY_AFTER],
        tags=["reviews"],
    )
    def get(self, request: Request) -> Response:
        user = cast(User, request.user)
        waiting = Review.objects.open().in_order().with_all()
        page = self.paginate_queryset(self.filter_queryset(waiting)) or []
        queue.with_reasons(page)
        # Of those that wait no component has two, so that a review's own blindness is what hides its label.
        officer = user.has_perm(REVIEW)
        told = [reviews.told(one, hidden=officer and one.blind, user=user) for one in page]
        return self.get_paginated_response(told)


class NextReview(APIView):
    permission_of_method = {"POST": REVIEW}

    @extend_schema(
        operation_id="reviews_next",
        summary="Take the next review in hand",
        description=(
            "One that you hold already, else the first in the queue that is free. Nobody else gets it before "
            "`leased_until`; keep it before then. 204 where nothing waits for you."
        ),
        request={"application/json": BesidesSerializer},
        responses=schema.responses({200: ClaimedSerializer, 204: None}, *schema.WITH_A_BODY),
        parameters=[schema.RETRY_AFTER],
        examples=[examples.BESIDES, examples.CLAIMED],
        tags=["reviews"],
    )
    def post(self, request: Request) -> Response:
        besides = besides_of(object_or_nothing(request._request))
        try:
            claimed = reviewing.claim_next(by=cast(User, request.user), besides=besides)
        except NothingToReview:
            return Response(status=status.HTTP_204_NO_CONTENT)
        return Response(claimed_told(claimed, cast(User, request.user)))


class OneReview(APIView):
    permission_of_method = {"GET": VIEW_REVIEWS}

    @extend_schema(
        operation_id="reviews_retrieve",
        summary="Read a review",
        responses=schema.responses({200: ReviewSerializer}, 404),
        parameters=[schema.RETRY_AFTER],
        examples=[examples.REVIEW, examples.BLIND_REVIEW],
        tags=["reviews"],
    )
    def get(self, request: Request, id: int) -> Response:  # noqa: A002 (the name in the address)
        return Response(review_told(get_object_or_404(Review.objects.with_all(), pk=id), cast(User, request.user)))


class Claim(APIView):
    permission_of_method = {"POST": REVIEW}

    @extend_schema(
        operation_id="reviews_claim",
        summary="Take this review in hand",
        description="Of what you hold beyond two reviews, the oldest is given back.",
        request=None,
        responses=schema.responses({200: ClaimedSerializer}, 404, 409, *schema.WITH_A_BODY),
        parameters=[schema.RETRY_AFTER],
        examples=[examples.CLAIMED],
        tags=["reviews"],
    )
    def post(self, request: Request, id: int) -> Response:  # noqa: A002 (the name in the address)
        refuse_members(object_or_nothing(request._request))
        claimed = reviewing.claim(review_id=id, by=cast(User, request.user))
        return Response(claimed_told(claimed, cast(User, request.user)))


class Keep(APIView):
    permission_of_method = {"POST": REVIEW}

    @extend_schema(
        operation_id="reviews_keep",
        summary="Keep a review in hand",
        description="The heartbeat of a claim: it now lasts as long again as a new one.",
        request={"application/json": LeaseSerializer},
        responses=schema.responses({200: KeptSerializer}, 404, 409, *schema.WITH_A_BODY),
        parameters=[schema.RETRY_AFTER],
        examples=[examples.LEASE, examples.KEPT],
        tags=["reviews"],
    )
    def post(self, request: Request, id: int) -> Response:  # noqa: A002 (the name in the address)
        lease = lease_of(json_object(request._request))
        until = reviewing.keep(review_id=id, lease=lease, by=cast(User, request.user))
        return Response({"leased_until": until})


class Release(APIView):
    permission_of_method = {"POST": REVIEW}

    @extend_schema(
        operation_id="reviews_release",
        summary="Give a review back to the queue",
        request={"application/json": LeaseSerializer},
        responses=schema.responses({204: None}, 404, 409, *schema.WITH_A_BODY),
        parameters=[schema.RETRY_AFTER],
        examples=[examples.LEASE],
        tags=["reviews"],
    )
    def post(self, request: Request, id: int) -> Response:  # noqa: A002 (the name in the address)
        lease = lease_of(json_object(request._request))
        reviewing.release(review_id=id, lease=lease, by=cast(User, request.user))
        return Response(status=status.HTTP_204_NO_CONTENT)


class Decide(APIView):
    permission_of_method = {"POST": REVIEW}

    @extend_schema(
        operation_id="reviews_decision",
        summary="Decide a review",
        description=(
            "Of a review that you hold. `confirm` or `override` the label that you saw; `label` where you saw none; "
            "`escalate` what you cannot decide; `ask` the technician. All or nothing is written."
        ),
        request={"application/json": NewDecisionSerializer},
        responses=schema.responses({201: DecisionSerializer}, 404, 409, 422, *schema.WITH_A_BODY),
        parameters=[schema.RETRY_AFTER],
        examples=[examples.OVERRIDE, examples.LABEL_BLIND, examples.DECISION],
        tags=["reviews"],
    )
    def post(self, request: Request, id: int) -> Response:  # noqa: A002 (the name in the address)
        asked = NewDecision.of(json_object(request._request))
        user = cast(User, request.user)
        decision = deciding.decide(
            review_id=id,
            lease=asked.lease,
            outcome=asked.outcome,
            label=asked.label,
            reason_code=asked.reason_code,
            note=asked.note,
            number=asked.number,
            seconds=asked.seconds,
            by=user,
        )
        hidden = not sees_labels(user, decision.component)
        return Response(decisions.told(decision, hidden=hidden), status.HTTP_201_CREATED)


def review_told(review: Review, user: User) -> dict[str, Any]:
    """One review as a person may know it."""
    queue.with_reasons([review])
    return reviews.told(review, hidden=not sees_labels(user, review.component), user=user)


def claimed_told(claimed: reviewing.Claimed, user: User) -> dict[str, Any]:
    """A claim as its officer is told of it."""
    told = review_told(claimed.review, user)
    return {"review": told, "lease": claimed.lease, "leased_until": claimed.leased_until}
