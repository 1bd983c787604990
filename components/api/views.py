"""The operations of the API: parse, call one service, answer."""

from typing import Any, cast

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import resolve
from django.views.decorators.csrf import csrf_exempt
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from components import services
from components.api import problems, schema
from components.api.bodies import json_object
from components.api.listing import Pages, StrictFilters
from components.api.problems import KINDS, Problem
from components.api.requests import NewComponent, texts_of
from components.api.serializers import (
    ComponentSerializer,
    LabelledTextsSerializer,
    NewComponentSerializer,
    StatusSerializer,
    TextsSerializer,
)
from components.filters import ComponentFilter
from components.models import Component, User
from components.permissions import LABEL_TEXTS, SUBMIT_COMPONENTS, VIEW_COMPONENTS
from mlops import labeler
from mlops.contracts import LabelResult


class Components(ListAPIView[Component]):
    permission_of_method = {"GET": VIEW_COMPONENTS, "POST": SUBMIT_COMPONENTS}
    queryset = Component.objects.rows()
    serializer_class = ComponentSerializer
    filter_backends = (StrictFilters,)
    filterset_class = ComponentFilter
    pagination_class = Pages

    @extend_schema(
        operation_id="components_list",
        summary="List components",
        description="The newest first, unless `ordering` says otherwise.",
        responses=schema.responses({200: ComponentSerializer(many=True)}, 400, 404),
        parameters=[*schema.FILTERS, schema.RETRY_AFTER],
        tags=["components"],
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    @extend_schema(
        operation_id="components_create",
        summary="Submit a component",
        description=(
            "Stores the component and labels it at once. Where no model is serving the component is kept with "
            "`label: null`, and is labelled as soon as one serves: read it again later."
        ),
        request={"application/json": NewComponentSerializer},
        responses=schema.responses({201: ComponentSerializer}, 409, *schema.WITH_A_BODY),
        parameters=[schema.LOCATION, schema.RETRY_AFTER],
        examples=[schema.NEW_COMPONENT, schema.LABELLED, schema.UNLABELLED],
        tags=["components"],
    )
    def post(self, request: Request) -> Response:
        asked = NewComponent.of(json_object(request._request))
        submitted = services.submit_component(
            description=asked.description, external_id=asked.external_id, by=cast(User, request.user)
        )
        component = Component.objects.rows().get(pk=submitted.pk)
        address = reverse("api:component", args=[component.pk], request=request)
        return Response(ComponentSerializer(component).data, status.HTTP_201_CREATED, headers={"Location": address})


class OneComponent(APIView):
    permission_of_method = {"GET": VIEW_COMPONENTS}

    @extend_schema(
        operation_id="components_retrieve",
        summary="Read a component",
        responses=schema.responses({200: ComponentSerializer}, 404),
        parameters=[schema.RETRY_AFTER],
        examples=[schema.LABELLED, schema.UNLABELLED],
        tags=["components"],
    )
    def get(self, request: Request, id: int) -> Response:  # noqa: A002 (the name in the address)
        component = get_object_or_404(Component.objects.rows(), pk=id)
        return Response(ComponentSerializer(component).data)


class Labels(APIView):
    permission_of_method = {"POST": LABEL_TEXTS}

    @extend_schema(
        operation_id="labels_create",
        summary="Label texts",
        description=(
            "Labels 1 to 256 texts without storing a component. Each answer has been recorded as a prediction when "
            "you receive it. All or nothing: one faulty text refuses all of them, and nothing is recorded."
        ),
        request={"application/json": TextsSerializer},
        responses=schema.responses({200: LabelledTextsSerializer}, *schema.WITH_A_BODY),
        parameters=[schema.RETRY_AFTER],
        examples=[schema.TEXTS, schema.LABELLED_TEXTS],
        tags=["labels"],
    )
    def post(self, request: Request) -> Response:
        texts = texts_of(json_object(request._request))
        return Response({"labels": [_told(result) for result in labeler.label(texts, by=cast(User, request.user))]})


def _told(result: LabelResult) -> dict[str, Any]:
    # By hand: a serializer takes longer over 256 of these than the database does.
    classification = result.classification
    return {
        "prediction_id": result.prediction_id,
        "label": classification.label,
        "score": classification.score,
        "threshold": classification.threshold,
        "model_version": classification.model_version,
        "truncated": classification.truncated,
    }


class Status(APIView):
    @extend_schema(
        operation_id="status_retrieve",
        summary="See which model serves",
        description="What the process that answers serves; others follow a new champion within seconds.",
        responses=schema.responses({200: StatusSerializer}),
        parameters=[schema.RETRY_AFTER],
        tags=["status"],
    )
    def get(self, request: Request) -> Response:
        serving = labeler.status()
        return Response(
            {
                "serving": serving.serving,
                "model_version": serving.model_version,
                "model_digest": serving.model_digest,
            }
        )


def problem(request: HttpRequest, slug: str) -> HttpResponse:
    """What a kind of problem means; the address is the `type` of every problem of that kind."""
    kind = KINDS.get(slug)
    if kind is None:
        return not_found(request)
    return JsonResponse({"type": kind.type, "title": kind.title, "status": kind.status, "detail": kind.advice})


@csrf_exempt
def not_found(request: HttpRequest) -> HttpResponse:
    """Any other address below the API's, for every method."""
    if not request.path_info.endswith("/") and resolve(f"{request.path_info}/").func is not not_found:
        detail = f"There is nothing at this address; you may mean {request.path_info}/ with a closing slash."
    else:
        detail = "There is nothing at this address: see /api/v1/docs/ for those there are."
    return Problem(problems.NOT_FOUND, detail).response()
