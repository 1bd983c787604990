"""What the OpenAPI description says of each operation beyond its view's own signature."""

from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse

from components.api.problems import CONTENT_TYPE, KINDS
from components.api.serializers.problems import ProblemSerializer
from components.filters import MAX_SEARCH_CHARACTERS

EVERYWHERE = (401, 403, 406, 429, 500, 503)
WITH_A_BODY = (400, 411, 413, 415)
CLOSED = (
    *("NewComponent", "Edit", "Question", "Texts", "Besides", "Lease", "NewDecision", "NewAnswer"),
    "SwitchOrder",
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
    for name in CLOSED:
        result["components"]["schemas"][name]["additionalProperties"] = False
    return result
