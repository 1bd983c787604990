"""Every error below /api/ has one shape, says what to do, and gives nothing away."""

import json
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import OperationalError
from django.http import Http404
from rest_framework import exceptions as rest
from rest_framework.test import APIClient

from components import exceptions
from components.api.errors import handle
from components.api.problems import KINDS
from components.exceptions import DomainError, DuplicateExternalId, NoRegulationInForce, UnderBlindReview
from components.models import User
from mlops import labeler
from mlops.exceptions import LoadError, NotArchived, NotServing
from mlops.exceptions import UnknownRecord as UnknownPrediction
from tests.api.conftest import TEXT, problem_of

pytestmark = pytest.mark.django_db

METHODS = ("get", "post", "put", "patch", "delete", "options")


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("path", ["/api/", "/api/v1/", "/api/v2/components/", "/api/v1/nothing/", "/api/v1/labels/1/"])
def test_an_unknown_address_is_not_found_whatever_the_method(api: APIClient, path: str, method: str) -> None:
    problem_of(getattr(api, method)(path), 404, "not-found")


@pytest.mark.parametrize("debug", [True, False])
@pytest.mark.parametrize("method", METHODS)
def test_an_address_without_its_closing_slash_is_told_the_right_one(
    api: APIClient, settings: Any, debug: bool, method: str
) -> None:
    settings.DEBUG = debug

    problem = problem_of(getattr(api, method)("/api/v1/labels"), 404, "not-found")

    assert "/api/v1/labels/" in problem["detail"]


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/api/v1/components/", {"GET", "POST", "HEAD", "OPTIONS"}),
        ("/api/v1/components/1/", {"GET", "PATCH", "HEAD", "OPTIONS"}),
        ("/api/v1/reviews/", {"GET", "HEAD", "OPTIONS"}),
        ("/api/v1/reviews/next/", {"POST", "OPTIONS"}),
        ("/api/v1/reviews/1/decision/", {"POST", "OPTIONS"}),
        ("/api/v1/stop-switch/", {"GET", "POST", "HEAD", "OPTIONS"}),
        ("/api/v1/labels/", {"POST", "OPTIONS"}),
        ("/api/v1/status/", {"GET", "HEAD", "OPTIONS"}),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "PURGE"])
def test_a_method_that_is_not_allowed_is_told_which_are(
    api: APIClient, path: str, allowed: set[str], method: str
) -> None:
    response = api.generic(method, path)

    assert set(response["Allow"].split(", ")) == allowed
    if method not in allowed:
        problem_of(response, 405, "method-not-allowed")


@pytest.mark.parametrize("path", ["/api/v1/components/", "/api/v1/labels/", "/api/v1/reviews/", "/api/v1/status/"])
def test_options_tells_the_methods(api: APIClient, path: str) -> None:
    response = api.options(path)

    assert response.status_code == 200
    assert response.json() == {"methods": response["Allow"].split(", ")}


@pytest.mark.parametrize("accept", ["text/html", "application/xml;q=1", "nonsense"])
def test_an_answer_in_another_format_is_not_to_be_had(api: APIClient, accept: str) -> None:
    problem_of(api.get("/api/v1/status/", HTTP_ACCEPT=accept), 406, "not-acceptable")


def test_an_unexpected_error_gives_nothing_away(
    api: APIClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, settings: Any
) -> None:
    def fail(texts: list[str], by: User) -> None:
        raise RuntimeError("the secret is swordfish")

    settings.DEBUG = True
    monkeypatch.setattr(labeler, "label", fail)
    api.raise_request_exception = False

    response = api.post("/api/v1/labels/", {"texts": [TEXT]}, format="json")

    problem = problem_of(response, 500, "internal-error")
    assert b"swordfish" not in response.content
    logged = [record for record in caplog.records if "request_failed" in record.getMessage()]
    assert len(logged) == 1
    assert problem["request_id"] in str(logged[0].msg)


@pytest.mark.parametrize(
    ("error", "status", "slug"),
    [
        (ValidationError("No."), 400, "invalid"),
        (ValidationError({"description": ["No."], "external_id": ["Nor this."]}), 400, "invalid"),
        (rest.NotAuthenticated(), 401, "not-authenticated"),
        (rest.AuthenticationFailed(), 401, "not-authenticated"),
        (rest.PermissionDenied(), 403, "forbidden"),
        (PermissionDenied("/etc/passwd"), 403, "forbidden"),
        (Http404("no Secret matches"), 404, "not-found"),
        (rest.NotFound(), 404, "not-found"),
        (rest.MethodNotAllowed("PUT"), 405, "method-not-allowed"),
        (rest.NotAcceptable(), 406, "not-acceptable"),
        (DuplicateExternalId("Another component has it."), 409, "duplicate-external-id"),
        (exceptions.NotYours("It is another's."), 403, "not-yours"),
        (UnderBlindReview("It waits for a blind decision."), 403, "under-blind-review"),
        (exceptions.UnknownRecord("There is no review 1."), 404, "not-found"),
        (UnknownPrediction("There is no prediction 1."), 404, "not-found"),
        (exceptions.AlreadyDecided("It is decided."), 409, "already-decided"),
        (exceptions.LeaseLost("It has run out."), 409, "lease-lost"),
        (exceptions.TextChanged("It was edited."), 409, "text-changed"),
        (exceptions.AlreadyAnswered("It has been answered."), 409, "already-answered"),
        (exceptions.UndoTooLate("It is too late."), 409, "undo-too-late"),
        (NotArchived("The version is not here."), 409, "not-archived"),
        (DomainError("It cannot be."), 409, "refused"),
        (exceptions.SameLabel("It stands."), 422, "same-label"),
        (exceptions.MissingReason("Say why."), 422, "missing-reason"),
        (exceptions.ReasonCodeRetired("It is retired."), 422, "reason-code-retired"),
        (exceptions.LabellingStopped("An admin has stopped it."), 503, "labelling-stopped"),
        (rest.Throttled(wait=7.2), 429, "too-many-requests"),
        (NotServing("no bundle at /var/models/secret"), 503, "not-serving"),
        (LoadError("no bundle at /var/models/secret"), 503, "model-failed"),
        (NoRegulationInForce("No regulation is in force: an admin must enter one."), 503, "no-regulation"),
        (OperationalError("could not connect to secret.example"), 503, "unavailable"),
    ],
)
def test_every_error_becomes_a_problem_at_one_place(
    api: APIClient, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int, slug: str
) -> None:
    def fail(texts: list[str], by: User) -> None:
        raise error

    monkeypatch.setattr(labeler, "label", fail)

    response = api.post("/api/v1/labels/", {"texts": [TEXT]}, format="json")

    problem_of(response, status, slug)
    assert b"secret" not in response.content.lower()
    assert ("Retry-After" in response) == (slug in ("too-many-requests", "not-serving", "unavailable"))


def test_every_refusal_of_the_domain_is_told_by_a_kind_of_its_own() -> None:
    elsewhere = {"TooManyTokens", "AccountsExist", "NothingToReview"}
    refusals = {cls for cls in vars(exceptions).values() if isinstance(cls, type) and issubclass(cls, DomainError)}
    told = {cls.__name__: json.loads(handle(cls("No."), {}).content)["type"] for cls in refusals - {DomainError}}

    assert {name for name, kind in told.items() if kind == "/api/problems/refused/"} == elsewhere


def test_an_error_outside_a_request_has_no_request_id() -> None:
    response = handle(Http404(), {})

    assert json.loads(response.content)["request_id"] == ""


@pytest.mark.parametrize("slug", KINDS)
def test_the_type_of_a_problem_leads_to_its_explanation(api_client: Any, slug: str) -> None:
    explanation = api_client().get(f"/api/problems/{slug}/").json()

    kind = KINDS[slug]
    assert (explanation["type"], explanation["title"], explanation["status"]) == (kind.type, kind.title, kind.status)
    assert explanation["detail"] == kind.advice


def test_the_explanation_of_a_problem_can_only_be_read(api_client: Any) -> None:
    response = api_client().post("/api/problems/invalid/")

    problem_of(response, 405, "method-not-allowed")
    assert response["Allow"] == "GET, HEAD"


def test_an_unknown_kind_of_problem_has_no_explanation(api_client: Any) -> None:
    problem_of(api_client().get("/api/problems/unheard-of/"), 404, "not-found")
