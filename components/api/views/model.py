"""Why the model labelled as it did, and the switch that stops it."""

from dataclasses import asdict
from typing import Any, cast

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from components.api import examples, schema
from components.api.bodies import json_object
from components.api.requests import SwitchOrder
from components.api.serializers.model import ExplanationSerializer, StopSwitchSerializer, SwitchOrderSerializer
from components.models import StopSwitch, User
from components.permissions import STOP, VIEW_COMPONENTS
from components.services import stopping
from components.services.explaining import explain_prediction


class Explanation(APIView):
    permission_of_method = {"GET": VIEW_COMPONENTS}

    @extend_schema(
        operation_id="predictions_explanation",
        summary="See which words drove a label",
        description=(
            "What each word of the text did to the score, found by leaving it out, by the model version that gave the "
            "prediction. For all who see reviews; others see their own components'."
        ),
        responses=schema.responses({200: ExplanationSerializer}, 404, 409),
        parameters=[schema.RETRY_AFTER],
        examples=[examples.EXPLANATION],
        tags=["labels"],
    )
    def get(self, request: Request, id: int) -> Response:  # noqa: A002 (the name in the address)
        return Response(asdict(explain_prediction(id, by=cast(User, request.user))))


class Switch(APIView):
    permission_of_method = {"GET": VIEW_COMPONENTS, "POST": STOP}

    @extend_schema(
        operation_id="stop_switch_retrieve",
        summary="See whether automatic labelling is stopped",
        responses=schema.responses({200: StopSwitchSerializer}),
        parameters=[schema.RETRY_AFTER],
        examples=[examples.SWITCH],
        tags=["stop switch"],
    )
    def get(self, request: Request) -> Response:
        return Response(_told(StopSwitch.objects.select_related("set_by").first()))

    @extend_schema(
        operation_id="stop_switch_set",
        summary="Stop or resume automatic labelling",
        description="While it is stopped no model is asked: people decide on every new component.",
        request={"application/json": SwitchOrderSerializer},
        responses=schema.responses({200: StopSwitchSerializer}, 422, *schema.WITH_A_BODY),
        parameters=[schema.RETRY_AFTER],
        examples=[examples.SWITCH_ORDER, examples.SWITCH],
        tags=["stop switch"],
    )
    def post(self, request: Request) -> Response:
        order = SwitchOrder.of(json_object(request._request))
        order_given = stopping.stop_labelling if order.stopped else stopping.resume_labelling
        return Response(_told(order_given(reason=order.reason, by=cast(User, request.user))))


def _told(switch: StopSwitch | None) -> dict[str, Any]:
    if switch is None:
        return {"stopped": False, "reason": None, "set_by": None, "set_at": None}
    return {
        "stopped": switch.stopped,
        "reason": switch.reason,
        "set_by": switch.set_by.username,
        "set_at": switch.set_at,
    }
