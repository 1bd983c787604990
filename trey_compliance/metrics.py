"""What Prometheus collects: for the holder of METRICS_TOKEN, and for staff in a browser."""

import hmac

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_prometheus.exports import ExportToDjangoView


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """The metrics of this process, or of all where PROMETHEUS_MULTIPROC_DIR is set; 403 for anybody else."""
    if not (_holds_token(request) or request.user.is_staff):
        raise PermissionDenied("Send METRICS_TOKEN as a bearer token.")
    response: HttpResponse = ExportToDjangoView(request)
    return response


def _holds_token(request: HttpRequest) -> bool:
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    expected = settings.METRICS_TOKEN
    # Compared in constant time: the time of an answer must not tell how much of a guess was right.
    return bool(expected) and scheme == "Bearer" and hmac.compare_digest(given.encode(), expected.encode())
