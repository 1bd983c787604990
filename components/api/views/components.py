"""Components are listed, submitted, read and edited; a question is asked about one, and its story told."""

from typing import Any, cast

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from components import services
from components.api import examples, schema
from components.api.bodies import json_object
from components.api.listing import Pages, StrictFilters
from components.api.requests import Edit, NewComponent, note_of
from components.api.serializers import history
from components.api.serializers.components import (
    AskedSerializer,
    ComponentSerializer,
    EditSerializer,
    NewComponentSerializer,
    QuestionSerializer,
)
from components.api.serializers.history import HistorySerializer
from components.filters import ComponentFilter
from components.history import story_of
from components.models import Component, User
from components.permissions import EDIT_COMPONENTS, SUBMIT_COMPONENTS, VIEW_COMPONENTS, marking_hidden, sees_labels
from components.services.editing import edit_description
from components.services.routing import ask_for_review


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
        examples=[examples.NEW_COMPONENT, examples.LABELLED, examples.UNLABELLED],
        tags=["components"],
    )
    def post(self, request: Request) -> Response:
        asked = NewComponent.of(json_object(request._request))
        user = cast(User, request.user)
        submitted = services.submit_component(
            description=asked.description, external_id=asked.external_id, question=asked.question, by=user
        )
        address = reverse("api:component", args=[submitted.pk], request=request)
        return Response(_told(submitted.pk, user), status.HTTP_201_CREATED, headers={"Location": address})


class OneComponent(APIView):
    permission_of_method = {"GET": VIEW_COMPONENTS, "PATCH": EDIT_COMPONENTS}

    @extend_schema(
        operation_id="components_retrieve",
        summary="Read a component",
        responses=schema.responses({200: ComponentSerializer}, 404),
        parameters=[schema.RETRY_AFTER],
        examples=[examples.LABELLED, examples.UNLABELLED],
        tags=["components"],
    )
    def get(self, request: Request, id: int) -> Response:  # noqa: A002 (the name in the address)
        return Response(_told(id, cast(User, request.user)))

    @extend_schema(
        operation_id="components_edit",
        summary="Describe a component anew",
        description=(
            "The new description is labelled and routed like that of a new component; an unfinished review of the old "
            "one is withdrawn. Technicians edit what they entered themselves."
        ),
        request={"application/json": EditSerializer},
        responses=schema.responses({200: ComponentSerializer}, 404, 409, *schema.WITH_A_BODY),
        parameters=[schema.RETRY_AFTER],
        examples=[examples.EDIT, examples.EDITED],
        tags=["components"],
    )
    def patch(self, request: Request, id: int) -> Response:  # noqa: A002 (the name in the address)
        asked = Edit.of(json_object(request._request))
        user = cast(User, request.user)
        edit_description(component_id=id, number=asked.number, description=asked.description, by=user)
        return Response(_told(id, user))


class History(APIView):
    permission_of_method = {"GET": VIEW_COMPONENTS}

    @extend_schema(
        operation_id="components_history",
        summary="Read a component's story",
        description="All that happened: entered, labelled, routed, claimed, decided, answered, edited, withdrawn.",
        responses=schema.responses({200: HistorySerializer}, 404),
        parameters=[schema.RETRY_AFTER],
        examples=[examples.HISTORY],
        tags=["components"],
    )
    def get(self, request: Request, id: int) -> Response:  # noqa: A002 (the name in the address)
        component = get_object_or_404(Component, pk=id)
        hidden = not sees_labels(cast(User, request.user), component)
        chapters = [history.told(chapter) for chapter in story_of(component, hidden=hidden)]
        return Response({"label_hidden": hidden, "chapters": chapters})


class Question(APIView):
    permission_of_method = {"POST": EDIT_COMPONENTS}

    @extend_schema(
        operation_id="components_question",
        summary="Ask for a review",
        description=(
            "An officer looks at the component and reads your note; where a review waits already, the note is added "
            "to it. For whoever entered the component, officers and admins."
        ),
        request={"application/json": QuestionSerializer},
        responses=schema.responses({201: AskedSerializer}, 404, 409, 422, *schema.WITH_A_BODY),
        parameters=[schema.RETRY_AFTER],
        examples=[examples.QUESTION, examples.ASKED],
        tags=["components"],
    )
    def post(self, request: Request, id: int) -> Response:  # noqa: A002 (the name in the address)
        note = note_of(json_object(request._request), "note")
        review = ask_for_review(component_id=id, note=note, by=cast(User, request.user))
        return Response({"component": id, "review": review.pk}, status.HTTP_201_CREATED)


def _told(component_id: int, user: User) -> dict[str, Any]:
    found = get_object_or_404(marking_hidden(Component.objects.rows(), user), pk=component_id)
    return ComponentSerializer(found).data
