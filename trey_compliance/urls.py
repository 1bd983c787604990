"""The root of all addresses."""

from django.contrib import admin
from django.urls import include, path

from trey_compliance import health
from trey_compliance.metrics import metrics

urlpatterns = [
    path("", include("components.urls")),
    path("api/", include("components.api.urls")),
    path("admin/", admin.site.urls),
    path("healthz/live", health.live, name="live"),
    path("healthz/ready", health.ready, name="ready"),
    path("metrics", metrics, name="metrics"),
]

handler400 = "trey_compliance.errors.bad_request"
handler500 = "trey_compliance.errors.server_error"
