"""The OpenAPI description is sound, and every operation answers as it says."""

from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import schemathesis
from django.core.management import call_command
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from rest_framework.test import APIClient
from schemathesis import GenerationMode

from components import services
from components.models import User
from tests.api.conftest import TEXT
from tests.api.test_access import OPERATIONS, SCHEMA
from trey_compliance.wsgi import application

ON_DECISIONS = ("undo", "answer", "replay")
SIMPLE = ("status", "stop-switch", "reason-codes", "reviews")
VERBS = ("claim", "keep", "release", "decision")
QUICK = hypothesis.settings(
    max_examples=30, deadline=None, derandomize=True, database=None, suppress_health_check=list(hypothesis.HealthCheck)
)


def test_the_description_is_valid_and_complete(tmp_path: Path) -> None:
    call_command("spectacular", validate=True, fail_on_warn=True, file=str(tmp_path / "schema.yaml"))


@pytest.mark.django_db
def test_the_description_tells_of_every_operation(api: APIClient) -> None:
    paths = api.get("/api/v1/schema/").json()["paths"]

    operations = {(path, method): told for path, methods in paths.items() for method, told in methods.items()}
    assert {(method, path.replace("{id}", "1")) for path, method in operations} == OPERATIONS.keys() - {("get", SCHEMA)}
    assert len({told["operationId"] for told in operations.values()}) == len(operations)
    for told in operations.values():
        assert told["summary"]
        assert {"token": []} in told["security"]
        for status, answer in told["responses"].items():
            expected = "application/json" if status < "300" else "application/problem+json"
            assert list(answer.get("content", {})) == ([] if status == "204" else [expected])


@pytest.fixture
def _one_connection() -> Iterator[None]:
    """Leave the test's connection open between requests, as Django's own test client does."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def described(_one_connection: None, admin: User, champion: Any, api_client: Any, settings: Any, fate: Any) -> Any:
    """The description as a superuser is told it, with something at the first addresses."""
    settings.API_REQUESTS_PER_MINUTE = 0
    settings.ALLOWED_HOSTS = ["*"]
    token = api_client(admin)._credentials["HTTP_AUTHORIZATION"]
    for number in range(3):
        services.submit_component(description=f"{TEXT} {number}", question="Is it steel?", by=admin)
    return schemathesis.openapi.from_wsgi("/api/v1/schema/", application, headers={"Authorization": token})


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "method", "mode"),
    [
        *product(["/api/v1/components/"], ["GET", "POST"], GenerationMode),
        *product(["/api/v1/components/{id}/"], ["GET", "PATCH"], GenerationMode),
        *product(["/api/v1/components/{id}/history/"], ["GET"], GenerationMode),
        *product(["/api/v1/components/{id}/question/"], ["POST"], GenerationMode),
        *product(["/api/v1/labels/"], ["POST"], GenerationMode),
        *product(["/api/v1/predictions/{id}/explanation/"], ["GET"], GenerationMode),
        *product(["/api/v1/reviews/next/"], ["POST"], GenerationMode),
        *product(["/api/v1/reviews/{id}/"], ["GET"], GenerationMode),
        *product([f"/api/v1/reviews/{{id}}/{verb}/" for verb in VERBS], ["POST"], GenerationMode),
        *product([f"/api/v1/decisions/{{id}}/{verb}/" for verb in ON_DECISIONS], ["POST"], GenerationMode),
        *product(["/api/v1/stop-switch/"], ["POST"], GenerationMode),
        # There is nothing to ask them wrongly, but for a page.
        *product(
            ["/api/v1/status/", "/api/v1/stop-switch/", "/api/v1/reason-codes/"], ["GET"], [GenerationMode.POSITIVE]
        ),
    ],
)
def test_every_operation_answers_as_described(described: Any, path: str, method: str, mode: GenerationMode) -> None:
    strategy = described[path][method].as_strategy(generation_mode=mode)

    @QUICK
    @hypothesis.given(case=strategy)
    def answers_as_described(case: schemathesis.Case) -> None:
        case.call_and_validate()

    answers_as_described()


def test_a_version_asked_for_in_the_address_changes_nothing(api: APIClient) -> None:
    plain, odd = api.get("/api/v1/schema/"), api.get("/api/v1/schema/?version=%00%0d%0ax")

    assert (odd.status_code, odd.content) == (200, plain.content)
    assert odd["Content-Disposition"] == plain["Content-Disposition"]
