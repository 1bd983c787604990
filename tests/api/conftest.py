"""Clients of the API, and what every problem it tells must look like."""

import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from rest_framework.test import APIClient

from components.models import User

TEXT = "good condition steel brake caliper manufactured in 2012"


class Untouchable(io.BytesIO):
    """A body that nobody may read."""

    def read(self, *args: object) -> bytes:
        raise AssertionError("the body was read")


@pytest.fixture
def api(technician: User, api_client: Callable[..., APIClient]) -> APIClient:
    """A client with a token of the technician."""
    return api_client(technician)


def send(client: APIClient, path: str, body: object, content_type: str = "application/json", **environ: Any) -> Any:
    """POST `body` as it is where it is bytes, else as JSON."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return client.generic("POST", path, data, content_type, **environ)


def problem_of(response: HttpResponse, status: int, slug: str) -> dict[str, Any]:
    """The problem document of a response, checked to be one of that kind with that status."""
    problem: dict[str, Any] = json.loads(response.content)
    assert (response.status_code, response["Content-Type"]) == (status, "application/problem+json"), problem
    assert problem["type"] == f"/api/problems/{slug}/"
    assert problem["status"] == status
    assert problem["title"]
    assert problem["detail"].endswith((".", ".)"))
    assert problem["request_id"]
    assert set(problem) <= {"type", "title", "status", "detail", "request_id", "errors"}
    return problem
