from django.contrib.auth.decorators import login_required
from django.urls import path, re_path
from drf_spectacular.views import SpectacularJSONAPIView, SpectacularSwaggerSplitView

from components.api import views

app_name = "api"

urlpatterns = [
    path("v1/components/", views.Components.as_view(), name="components"),
    path("v1/components/<int:id>/", views.OneComponent.as_view(), name="component"),
    path("v1/labels/", views.Labels.as_view(), name="labels"),
    path("v1/status/", views.Status.as_view(), name="status"),
    path("v1/schema/", SpectacularJSONAPIView.as_view(api_version="1"), name="schema"),
    path(
        "v1/docs/",
        login_required(SpectacularSwaggerSplitView.as_view(url_name="api:schema", template_name="api/docs.html")),
        name="docs",
    ),
    path("problems/<slug:slug>/", views.problem, name="problem"),
    re_path("", views.not_found),
]
