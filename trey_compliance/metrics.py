"""What Prometheus collects: for the holder of METRICS_TOKEN, and for staff in a browser."""

import hmac
from collections.abc import Iterator
from typing import Final

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_prometheus.exports import ExportToDjangoView
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from mlops import labeler


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """The metrics of this process, or of all where PROMETHEUS_MULTIPROC_DIR is set; 403 for anybody else."""
    if not (_holds_token(request) or request.user.is_staff):
        raise PermissionDenied("Send METRICS_TOKEN as a bearer token.")
    response: HttpResponse = ExportToDjangoView(request)
    response.content += generate_latest(_OF_THE_DATABASE)
    return response


class _RegistryOfVersions(Collector):
    """What the worker found at the registry of model versions: it has no address of its own to be collected from."""

    def collect(self) -> Iterator[Metric]:
        try:
            status = labeler.registry_status()
        except DatabaseError:
            # What the process counts by itself is collected all the same.
            return
        if status.kind:
            up = GaugeMetricFamily("trey_registry_up", "Whether the last look could read the registry of versions.")
            up.add_metric([], status.lost_since is None)
            yield up
        if status.last_complete:
            last = GaugeMetricFamily("trey_registry_last_complete_seconds", "Time of the last look that could read it.")
            last.add_metric([], status.last_complete.timestamp())
            yield last
        versions = GaugeMetricFamily("trey_model_versions", "Model versions that are known.", labels=["state"])
        for state, count in status.versions.items():
            versions.add_metric([state.value], count)
        yield versions

    def describe(self) -> Iterator[Metric]:
        """Nothing: the database is not asked before somebody collects."""
        return iter(())


_OF_THE_DATABASE: Final = CollectorRegistry()
_OF_THE_DATABASE.register(_RegistryOfVersions())


def _holds_token(request: HttpRequest) -> bool:
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    expected = settings.METRICS_TOKEN
    # Compared in constant time: the time of an answer must not tell how much of a guess was right.
    return bool(expected) and scheme == "Bearer" and hmac.compare_digest(given.encode(), expected.encode())
