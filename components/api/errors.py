"""Where every error becomes an HTTP answer: the domain's, the model's, the framework's and the unexpected."""

from collections.abc import Mapping
from typing import Any

import structlog
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.core.signals import got_request_exception
from django.http import Http404, HttpResponse
from rest_framework import exceptions as rest

from components import exceptions as domain
from components.api import problems
from components.api.problems import Fault, Problem, Refusal
from components.exceptions import UnderBlindReview
from components.outages import outage_of
from mlops import exceptions as model

logger = structlog.get_logger(__name__)

RETRY_SECONDS = "10"

_REST_KINDS: Mapping[type[rest.APIException], problems.Kind] = {
    rest.NotAuthenticated: problems.NOT_AUTHENTICATED,
    rest.AuthenticationFailed: problems.NOT_AUTHENTICATED,
    rest.MethodNotAllowed: problems.METHOD_NOT_ALLOWED,
    rest.NotAcceptable: problems.NOT_ACCEPTABLE,
    rest.Throttled: problems.TOO_MANY_REQUESTS,
}

_DOMAIN_KINDS: Mapping[type[Exception], problems.Kind] = {
    domain.NotYours: problems.NOT_YOURS,
    domain.OwnComponent: problems.OWN_COMPONENT,
    domain.UnknownRecord: problems.NOT_FOUND,
    domain.UnknownToken: problems.NOT_FOUND,
    domain.DuplicateExternalId: problems.DUPLICATE_EXTERNAL_ID,
    domain.AlreadyDecided: problems.ALREADY_DECIDED,
    domain.LeaseLost: problems.LEASE_LOST,
    domain.TextChanged: problems.TEXT_CHANGED,
    domain.AlreadyAnswered: problems.ALREADY_ANSWERED,
    domain.UndoTooLate: problems.UNDO_TOO_LATE,
    domain.SameLabel: problems.SAME_LABEL,
    domain.MissingReason: problems.MISSING_REASON,
    domain.ReasonCodeRetired: problems.REASON_CODE_RETIRED,
    domain.LabellingStopped: problems.LABELLING_STOPPED,
    domain.NoRegulationInForce: problems.NO_REGULATION,
    domain.DomainError: problems.REFUSED,
    UnderBlindReview: problems.UNDER_BLIND_REVIEW,
    model.UnknownRecord: problems.NOT_FOUND,
    model.NotArchived: problems.NOT_ARCHIVED,
}
"""Errors whose message is a sentence for whoever asked, told as it is. Of two classes of an error the nearer counts."""


def handle(error: Exception, context: Mapping[str, Any]) -> HttpResponse:
    """The problem document for any exception that leaves a view of the API."""
    problem = _known(error) or _of_framework(error)
    if problem is None:
        # Observers of failed requests (log, metrics, error trackers) hear of it as if it had left the view.
        got_request_exception.send(sender=type(context["view"]), request=context["request"]._request)
        problem = Problem(problems.INTERNAL_ERROR, "Something went wrong on our side: report it with its request_id.")
    return problem.response()


def _known(error: Exception) -> Problem | None:
    """What the API, the domain and the model refuse or cannot do."""
    retry = {"Retry-After": RETRY_SECONDS}
    if kind := next((_DOMAIN_KINDS[root] for root in type(error).__mro__ if root in _DOMAIN_KINDS), None):
        return Problem(kind, str(error))
    match error:
        case Refusal():
            return error.problem
        case ValidationError():
            return problems.invalid(faults_of(error)).problem
        case model.NotServing():
            return Problem(problems.NOT_SERVING, "No model is serving: send the same request again later.", (), retry)
        case model.ModelError():
            logger.exception("model_failed")
            return Problem(problems.MODEL_FAILED, "The model could not label this: report it with its request_id.")
    if outage := outage_of(error):
        logger.error("database_unavailable", exc_info=error)
        return Problem(problems.UNAVAILABLE, f"{outage.value} Send it again later.", (), retry)
    return None


def _of_framework(error: Exception) -> Problem | None:
    match error:
        case Http404():
            return Problem(problems.NOT_FOUND, "There is nothing at this address.")
        case rest.NotFound():
            return Problem(problems.NOT_FOUND, str(error.detail))
        case PermissionDenied() | rest.PermissionDenied():
            return Problem(problems.FORBIDDEN, str(getattr(error, "detail", problems.FORBIDDEN.advice)))
        case rest.APIException():
            kind = _REST_KINDS.get(type(error))
            return Problem(kind, f"{error.detail} {kind.advice}", headers=_headers(error)) if kind else None
    return None


def _headers(error: rest.APIException) -> dict[str, str]:
    headers = {}
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(max(1, round(wait)))
    return headers


def faults_of(error: ValidationError) -> list[Fault]:
    """The faults that the domain found in the fields of a request's body."""
    by_field = error.error_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.error_list}
    return [
        Fault.at("#" if name == NON_FIELD_ERRORS else f"#/{name}", str(one.messages[0]), str(one.code or "invalid"))
        for name, errors in by_field.items()
        for one in errors
    ]
