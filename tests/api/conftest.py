"""Clients of the API, and what every problem it tells must look like."""

import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from rest_framework.test import APIClient

from components.models import User
from components.services import routing

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


@pytest.fixture
def fate(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """`fate(0.99)`: from now on nothing is drawn; `fate(0.0)`: all that can be drawn is, and is blind."""

    def draw(number: float) -> None:
        monkeypatch.setattr(routing, "draw", lambda: number)

    draw(0.99)
    return draw


@pytest.fixture
def desk(officer: User, api_client: Callable[..., APIClient]) -> APIClient:
    """A client with a token of the officer."""
    return api_client(officer)


@pytest.fixture
def asked(api: APIClient, champion: object, fate: Callable[[float], None]) -> Callable[..., dict[str, Any]]:
    """`asked()` is a component of the technician's that waits for review; `asked(blind=True)` one with hidden label."""

    def submit(description: str = TEXT, *, blind: bool = False) -> dict[str, Any]:
        fate(0.0 if blind else 0.99)
        body = {"description": description, "question": "Is it steel?"}
        entered: dict[str, Any] = api.post("/api/v1/components/", body, format="json").json()
        fate(0.99)
        return entered

    return submit


@pytest.fixture
def in_hand(asked: Callable[..., dict[str, Any]], desk: APIClient) -> Callable[..., dict[str, Any]]:
    """`in_hand()` is what the officer is told of a review just claimed."""

    def claim(*, blind: bool = False) -> dict[str, Any]:
        asked(blind=blind)
        claimed: dict[str, Any] = desk.post("/api/v1/reviews/next/").json()
        return claimed

    return claim


def decide(client: APIClient, claimed: dict[str, Any], outcome: str = "confirm", **wish: Any) -> Any:
    """What the answer to a decision on a claimed review is."""
    body = {"lease": claimed["lease"], "outcome": outcome, "number": claimed["review"]["number"], "seconds": 2.5}
    return send(client, f"/api/v1/reviews/{claimed['review']['id']}/decision/", body | wish)


def other(label: str) -> str:
    return "non-compliant" if label == "compliant" else "compliant"
