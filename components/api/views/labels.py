"""Texts are labelled, and the model that does it tells its name."""

from typing import Any, cast

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from components.api import examples, schema
from components.api.bodies import json_object
from components.api.requests import texts_of
from components.api.serializers.labels import LabelledTextsSerializer, StatusSerializer, TextsSerializer
from components.models import User
from components.permissions import LABEL_TEXTS
from components.services.labelling import label_texts
from mlops import labeler
from mlops.contracts import LabelResult


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
        examples=[examples.TEXTS, examples.LABELLED_TEXTS],
        tags=["labels"],
    )
    def post(self, request: Request) -> Response:
        texts = texts_of(json_object(request._request))
        return Response({"labels": [_told(result) for result in label_texts(texts, by=cast(User, request.user))]})


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
