"""What is answered when no view could: the API's clients are told in its own form, people by a page."""

import sys

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.views.defaults import server_error as server_error_page

from components.api import problems
from components.api.errors import handle
from components.api.problems import Problem
from components.outages import outage_of
from components.views import troubles

API = "/api/"


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400 for what cannot be read, such as a Host that is not ours; 413 for what is too large."""
    if not request.path_info.startswith(API):
        return troubles.bad_request(request, exception)
    if isinstance(exception, RequestDataTooBig):
        return Problem(problems.TOO_LARGE, problems.TOO_LARGE.advice).response()
    return Problem(problems.MALFORMED, "The request cannot be read: check its headers and its address.").response()


def server_error(request: HttpRequest) -> HttpResponse:
    """503 where the database is out, else 500, without a word of what went wrong: that is in the log."""
    error = sys.exception()  # which Django is handling
    outage = outage_of(error)
    if not request.path_info.startswith(API):
        return troubles.unavailable(outage) if outage else server_error_page(request)
    if outage and isinstance(error, Exception):
        return handle(error, {})
    return Problem(problems.INTERNAL_ERROR, problems.INTERNAL_ERROR.advice).response()
