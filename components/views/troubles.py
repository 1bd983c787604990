"""Pages for requests that could not be read, or not be answered."""

from http import HTTPStatus

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader

from components.outages import Outage


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The page for what cannot be read, or is too large to be read."""
    if isinstance(exception, RequestDataTooBig):
        return render(request, "413.html", status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    return render(request, "400.html", status=HTTPStatus.BAD_REQUEST)


def unavailable(outage: Outage) -> HttpResponse:
    """The page for what the database did not do; made without it, and so for nobody in particular."""
    page = loader.get_template("503.html").render({"outage": outage})
    return HttpResponse(page, status=HTTPStatus.SERVICE_UNAVAILABLE, headers={"Retry-After": "10"})
