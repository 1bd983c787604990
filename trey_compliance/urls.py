"""The root of all addresses."""

from django.contrib import admin
from django.urls import include, path

from trey_compliance import health

urlpatterns = [
    path("", include("components.urls")),
    path("api/", include("components.api.urls")),
    path("admin/", admin.site.urls),
    path("healthz/live", health.live, name="live"),
    path("healthz/ready", health.ready, name="ready"),
]

handler400 = "components.views.bad_request"
