"""What an auditor asks: who did what, whether it still stands, and a pack to take away."""

from http import HTTPStatus

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST

from components.exceptions import UnknownRecord
from components.models import Decision
from components.packs.exceptions import UnderBlindReview
from components.permissions import REPLAY
from components.services.replaying import replay_decision
from components.views.guards import PageRequest, requires


@require_POST
@requires(REPLAY)
def decision_replay(request: PageRequest, pk: int) -> HttpResponse:
    """Run the decision's text once more on the archived model version, and say whether it answers the same."""
    decision = get_object_or_404(Decision, pk=pk)
    try:
        replayed = replay_decision(decision_id=pk, by=request.user)
    except UnknownRecord as refusal:
        raise Http404(str(refusal)) from refusal
    except UnderBlindReview as refusal:
        context = {"decision": decision, "refusal": refusal}
        return render(request, "audit/replay.html", context, status=HTTPStatus.FORBIDDEN)
    return render(request, "audit/replay.html", {"decision": decision, "replayed": replayed})
