"""What stands beside a review and is loaded after it: the words that drove the label, and what was decided before."""

import structlog
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from components.exceptions import DomainError
from components.marking import mark
from components.models import Review, User
from components.permissions import VIEW_REVIEWS, sees_labels
from components.services.explaining import explain_review
from components.similar import similar_to
from components.views.guards import PageRequest, requires, wants_fragment
from mlops.exceptions import ModelError, NotArchived

logger = structlog.get_logger(__name__)


@never_cache
@vary_on_headers("HX-Request")
@require_safe
@requires(VIEW_REVIEWS)
def review_words(request: PageRequest, pk: int) -> HttpResponse:
    """The words that drove the model's label, marked in the text and in a table; never those of a hidden label."""
    review = get_object_or_404(Review.objects.with_all(), pk=pk)
    context = {"review": review, "component": review.component, **_explained(review, request.user)}
    template = "reviews/_words.html" if wants_fragment(request) else "reviews/words.html"
    return render(request, template, context)


@never_cache
@vary_on_headers("HX-Request")
@require_safe
@requires(VIEW_REVIEWS)
def review_similar(request: PageRequest, pk: int) -> HttpResponse:
    """The decided components most like this one, with what was decided and by whom."""
    review = get_object_or_404(Review.objects.with_all(), pk=pk)
    context = {
        "review": review,
        "component": review.component,
        "sees": sees_labels(request.user, review.component),
        "similar": similar_to(review.description.text, component_id=review.component_id, for_user=request.user),
    }
    template = "reviews/_similar.html" if wants_fragment(request) else "reviews/similar.html"
    return render(request, template, context)


def _explained(review: Review, user: User) -> dict[str, object]:
    try:
        return {"marked": mark(explain_review(review, by=user))}
    except DomainError as refusal:
        return {"trouble": str(refusal)}
    except NotArchived:
        return {"trouble": "The model version that gave this label is not in this installation: its words are unknown."}
    except ModelError:
        logger.exception("explanation_failed", prediction=review.prediction_id)
        return {"trouble": "The model could not tell its words. Decide by the text."}
