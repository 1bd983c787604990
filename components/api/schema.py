"""What the OpenAPI description says of each operation beyond its view's own signature."""

from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse

from components.api.problems import CONTENT_TYPE, KINDS
from components.api.serializers import ProblemSerializer
from components.filters import MAX_SEARCH_CHARACTERS

EVERYWHERE = (401, 403, 406, 429, 500, 503)
WITH_A_BODY = (400, 411, 413, 415)

LABEL = {
    "value": "compliant",
    "source": "model",
    "score": 0.0137,
    "threshold": 0.5,
    "model_version": "component-compliance:1",
    "truncated": False,
    "regulation": "TREY-2019-1",
    "created_at": "2027-01-31T09:30:00Z",
}
COMPONENT = {
    "id": 17,
    "external_id": "BRK-0042",
    "description": "Good condition steel brake caliper manufactured in 2012",
    "entered_by": "technician",
    "entered_at": "2027-01-31T09:30:00Z",
    "label": LABEL,
}

NEW_COMPONENT = OpenApiExample(
    "A component",
    {"description": COMPONENT["description"], "external_id": COMPONENT["external_id"]},
    request_only=True,
)
LABELLED = OpenApiExample("Labelled", COMPONENT, response_only=True, status_codes=["200", "201"])
UNLABELLED = OpenApiExample(
    "Kept while no model is serving", {**COMPONENT, "label": None}, response_only=True, status_codes=["200", "201"]
)
TEXTS = OpenApiExample(
    "Two texts",
    {"texts": ["good condition steel component manufactured in 2012", "plastic bumper, 2016, good condition"]},
    request_only=True,
)
LABELLED_TEXTS = OpenApiExample(
    "Two labels",
    {
        "labels": [
            {
                "prediction_id": 101 + number,
                "label": label,
                "score": score,
                "threshold": 0.5,
                "model_version": "component-compliance:1",
                "truncated": False,
            }
            for number, (label, score) in enumerate((("compliant", 0.0137), ("non-compliant", 0.9921)))
        ]
    },
    response_only=True,
    status_codes=["200"],
)

FILTERS = [
    OpenApiParameter(
        "search",
        {"type": "string", "maxLength": MAX_SEARCH_CHARACTERS},
        description="Words that must all occur in the external id or the description, in any case and order.",
    ),
    OpenApiParameter("mine", bool, description="`true`: only those that you entered yourself."),
    OpenApiParameter("entered_by", {"type": "string", "maxLength": 150}, description="A username."),
]
LOCATION = OpenApiParameter(
    "Location", str, OpenApiParameter.HEADER, description="Where the component is.", response=[201], required=True
)
RETRY_AFTER = OpenApiParameter(
    "Retry-After", int, OpenApiParameter.HEADER, description="Seconds to wait before asking again.", response=[429, 503]
)


def responses(successes: Mapping[int, Any], *statuses: int) -> dict[Any, Any]:
    """The answers of an operation: its successes, the problems of its own, and those that any operation may have."""
    problems = {
        (status, CONTENT_TYPE): OpenApiResponse(
            ProblemSerializer, description="; ".join(kind.title for kind in KINDS.values() if kind.status == status)
        )
        for status in sorted({*statuses, *EVERYWHERE})
    }
    return {**successes, **problems}


def close_requests(result: dict[str, Any], **kwargs: object) -> dict[str, Any]:
    """Say of the bodies of requests that they may hold no other names than those described."""
    for name in ("NewComponent", "Texts"):
        result["components"]["schemas"][name]["additionalProperties"] = False
    return result
