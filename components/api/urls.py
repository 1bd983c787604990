from django.contrib.auth.decorators import login_required
from django.urls import path, re_path, register_converter
from django.urls.converters import IntConverter
from drf_spectacular.views import SpectacularJSONAPIView, SpectacularSwaggerSplitView

from components.api.views import addresses, components, decisions, labels, model, reviews

app_name = "api"


class Key(IntConverter):
    """A number that a row can have; what is larger is no address."""

    regex = "[0-9]{1,18}"


register_converter(Key, "key")

urlpatterns = [
    path("v1/components/", components.Components.as_view(), name="components"),
    path("v1/components/<key:id>/", components.OneComponent.as_view(), name="component"),
    path("v1/components/<key:id>/history/", components.History.as_view(), name="component-history"),
    path("v1/components/<key:id>/question/", components.Question.as_view(), name="component-question"),
    path("v1/labels/", labels.Labels.as_view(), name="labels"),
    path("v1/predictions/<key:id>/explanation/", model.Explanation.as_view(), name="explanation"),
    path("v1/reviews/", reviews.Reviews.as_view(), name="reviews"),
    path("v1/reviews/next/", reviews.NextReview.as_view(), name="review-next"),
    path("v1/reviews/<key:id>/", reviews.OneReview.as_view(), name="review"),
    path("v1/reviews/<key:id>/claim/", reviews.Claim.as_view(), name="review-claim"),
    path("v1/reviews/<key:id>/keep/", reviews.Keep.as_view(), name="review-keep"),
    path("v1/reviews/<key:id>/release/", reviews.Release.as_view(), name="review-release"),
    path("v1/reviews/<key:id>/decision/", reviews.Decide.as_view(), name="review-decision"),
    path("v1/decisions/<key:id>/undo/", decisions.Undo.as_view(), name="decision-undo"),
    path("v1/decisions/<key:id>/answer/", decisions.NewAnswer.as_view(), name="decision-answer"),
    path("v1/decisions/<key:id>/replay/", decisions.Replay.as_view(), name="decision-replay"),
    path("v1/reason-codes/", decisions.ReasonCodes.as_view(), name="reason-codes"),
    path("v1/stop-switch/", model.Switch.as_view(), name="stop-switch"),
    path("v1/status/", labels.Status.as_view(), name="status"),
    path("v1/schema/", SpectacularJSONAPIView.as_view(api_version="1"), name="schema"),
    path(
        "v1/docs/",
        login_required(SpectacularSwaggerSplitView.as_view(url_name="api:schema", template_name="api/docs.html")),
        name="docs",
    ),
    path("problems/<slug:slug>/", addresses.problem, name="problem"),
    re_path("", addresses.not_found),
]
