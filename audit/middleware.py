"""Tells events which request they come from."""

import ipaddress
from collections.abc import Callable
from typing import TYPE_CHECKING

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from audit.context import acting

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser

_ORIGINS = (("/api/", "api"), ("/admin/", "admin"))


class AuditMiddleware:
    """After those that know the session's user and name the request for the logs."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        def person() -> "AbstractBaseUser | None":
            # Asked when an event is written: the API authenticates only in its view.
            user = getattr(request, "user", None)
            return user if user is not None and user.is_authenticated else None

        request_id = str(structlog.contextvars.get_contextvars().get("request_id", ""))
        with acting(origin=_origin(request), address=_address(request), request_id=request_id, person=person):
            return self.get_response(request)


def _origin(request: HttpRequest) -> str:
    for prefix, origin in _ORIGINS:
        if request.path_info.startswith(prefix):
            return origin
    return "page"


def _address(request: HttpRequest) -> str:
    """The client's IP address; behind a proxy, the one that the proxy added last."""
    told = ""
    if settings.SECURE_PROXY_SSL_HEADER:
        told = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
        if told.count(":") == 1:
            told = told.partition(":")[0]  # some proxies add the port
    try:
        return str(ipaddress.ip_address(told))
    except ValueError:
        return str(request.META.get("REMOTE_ADDR", ""))
