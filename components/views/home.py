"""The page that a person begins at: what waits for them, and how they do."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from audit import standing
from components import figures
from components.charts import bars_of
from components.models import Component, Decision, ReasonCode, Review, User
from components.permissions import (
    EXPORT_AUDIT,
    REVIEW,
    STOP,
    SUBMIT_COMPONENTS,
    VIEW_COMPONENTS,
    VIEW_REVIEWS,
    marking_hidden,
    sees_pages,
)
from components.queue import counts
from components.services.policies import policy_in_force
from components.services.stopping import is_stopped
from components.views.guards import PageRequest, requires
from mlops import labeler

LATEST = 10
MOST_QUESTIONS = 50


@never_cache
@require_safe
@requires(VIEW_COMPONENTS, programs=True)
def home(request: PageRequest) -> HttpResponse:
    """What each of the person's roles begins the day with. An API client has its tokens and nothing else."""
    user = request.user
    if not sees_pages(user):
        return redirect("tokens")
    # A superuser may do everything; what they work as is administration.
    decides = user.has_perm(REVIEW) and not user.is_superuser
    asked = list(Decision.objects.open_questions().asked_of(user)[: MOST_QUESTIONS + 1])
    context: dict[str, Any] = {"questions": asked[:MOST_QUESTIONS], "more_questions": len(asked) > MOST_QUESTIONS}
    if user.has_perm(STOP):
        context["desk"] = _desk()
    if decides:
        context["officer"] = _officer(user)
    if user.has_perm(EXPORT_AUDIT) and not decides:
        context["chain"] = standing.chain(Path(settings.AUDIT_ANCHORS))
    if user.has_perm(SUBMIT_COMPONENTS) and not user.has_perm(VIEW_REVIEWS):
        context["mine"] = _mine(user)
    return render(request, "home/home.html", context)


def _mine(user: User) -> list[Component]:
    waiting = Prefetch("reviews", Review.objects.unfinished(), to_attr="unfinished")
    own = Component.objects.rows().entered_by(user).prefetch_related(waiting)
    return list(marking_hidden(own, user)[:LATEST])


def _officer(user: User) -> dict[str, Any]:
    pace = figures.pace_of(user)
    return {
        "queue": counts(user),
        "pace": pace,
        "chart": bars_of([(f"{day:%-d %b}", count) for day, count in pace.days]),
        "agreements": [
            ("Colleagues", figures.agreement_with_colleagues(user)),
            ("Your own past", figures.agreement_with_own_past(user)),
        ],
        "overrides": figures.overrides_of(user),
    }


def _desk() -> dict[str, Any]:
    return {
        "stopped": is_stopped(),
        "policy": policy_in_force(),
        "serving": labeler.status(),
        "queue": counts(),
        "codes": ReasonCode.objects.on_offer().count(),
        "unlabelled": Component.objects.awaiting_label().count(),
    }
