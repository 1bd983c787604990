"""One review as a page or a fragment: in whoever's hand it is, whatever was refused."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render

from components import queue
from components.exceptions import (
    AlreadyAnswered,
    AlreadyDecided,
    DomainError,
    LeaseLost,
    MissingReason,
    NoRegulationInForce,
    NotYours,
    OwnComponent,
    ReasonCodeRetired,
    SameLabel,
    TextChanged,
    UndoTooLate,
    UnknownRecord,
)
from components.forms.reviews import DecisionForm
from components.models import Decision, ReasonCode, Regulation, Review
from components.models.reviews import MAX_BESIDES
from components.permissions import REVIEW, may_decide, sees_labels
from components.refusals import status_of
from components.views.guards import PageRequest, wants_fragment

AGAIN, NEXT, NOTHING = "again", "next", ""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why something was not done, and what to do now. `way` is the button that is offered, if any."""

    sentences: tuple[str, ...]
    advice: str
    way: str
    status: HTTPStatus

    @classmethod
    def of(cls, error: DomainError) -> "Refusal":
        """What the domain refused, for an officer at a review."""
        advice, way = _ADVICE.get(type(error), ("", NOTHING))
        return cls((str(error),), advice, way, status_of(type(error)))

    @classmethod
    def of_form(cls, faults: Sequence[str]) -> "Refusal":
        """What was wrong in the form."""
        return cls(tuple(faults), "Nothing was decided.", NOTHING, HTTPStatus.UNPROCESSABLE_ENTITY)


_ADVICE: Mapping[type[DomainError], tuple[str, str]] = {
    LeaseLost: ("Nothing was decided. Claim it again, and decide.", AGAIN),
    AlreadyDecided: ("What you chose was not saved. Go on with the next.", NEXT),
    NotYours: ("What you chose was not saved. Go on with the next.", NEXT),
    OwnComponent: ("", NEXT),
    TextChanged: ("Nothing was decided. The new text gets a review of its own.", NEXT),
    SameLabel: ("To keep the label, confirm it.", NOTHING),
    MissingReason: ("Nothing was decided yet.", NOTHING),
    ReasonCodeRetired: ("Choose another: nothing was decided yet.", NOTHING),
    UndoTooLate: ("It stands. Ask for another review, if it must not.", NOTHING),
    AlreadyAnswered: ("Load the page again.", NOTHING),
    NoRegulationInForce: ("Nothing was decided; what you wrote is kept.", NOTHING),
    UnknownRecord: ("", NEXT),
}


def show(
    request: PageRequest,
    review: Review,
    *,
    form: DecisionForm | None = None,
    note: str = "",
    refusal: Refusal | None = None,
) -> HttpResponse:
    """The item, alone for a script; `form` or `note` is what was typed before."""
    fragment = wants_fragment(request)
    form = form or _form(review, note)
    sees = sees_labels(request.user, review.component)
    stands = _stands(review) if sees else ""
    form.initial["stands"] = stands
    form.codes = tuple(ReasonCode.objects.on_offer()) if review.held_by(request.user) else ()
    context = _context(request, review, sees=sees) | {"stands": stands, "form": form, "refusal": refusal}
    if not fragment:
        context["last"] = queue.undoable(request.user)
        context["besides"] = besides(request)
        context["lease_seconds"] = settings.REVIEW_LEASE_SECONDS
    template = "reviews/_item.html" if fragment else "reviews/review.html"
    return render(request, template, context, status=refusal.status if refusal else HTTPStatus.OK)


def refuse(request: PageRequest, pk: int, refusal: Refusal) -> HttpResponse:
    """The item as it is now, what was typed, and why it was refused. Raises Http404 where there is no such review."""
    try:
        review = Review.objects.with_all().get(pk=pk)
    except Review.DoesNotExist as error:
        raise Http404(" ".join(refusal.sentences)) from error
    form = _form(review, request.POST.get("note", ""))
    form.initial["reason_code"] = request.POST.get("reason_code", "")
    form.initial["shown"] = request.POST.get("shown") or form.initial["shown"]
    return show(request, review, form=form, refusal=refusal)


def besides(request: PageRequest) -> list[int]:
    """The reviews that are not to come next: those that were skipped, and with a script the one before the eyes."""
    named = request.POST.getlist("besides") or request.GET.getlist("besides")
    return [int(word[:18]) for word in named[-MAX_BESIDES:] if word.isdecimal()]


def _form(review: Review, note: str) -> DecisionForm:
    return DecisionForm(
        auto_id=f"review-{review.pk}-%s",
        initial={
            "note": note,
            "number": review.description.number,
            "lease": review.lease,
            "shown": f"{time.time():.1f}",
        },
    )


def _stands(review: Review) -> str:
    """The label that stands, where it is that of this text; else empty."""
    component = review.component
    if component.label is None or component.description_number != review.description.number:
        return ""
    return component.label.value


def _context(request: PageRequest, review: Review, *, sees: bool) -> dict[str, object]:
    officer, held = request.user.has_perm(REVIEW), review.held_by(request.user)
    own = officer and not may_decide(request.user, review)
    queue.with_reasons([review])
    return {
        "review": review,
        "component": review.component,
        "held": held,
        "free": officer and not own and review.state == Review.State.OPEN and not review.in_hand,
        "own": own,
        "taken": review.held_by_another(request.user),
        "sees": sees,
        "reasons": queue.reasons(review, for_user=request.user),
        "decisions": _decisions(review, sees=sees),
        "regulation": Regulation.objects.in_force_now(),
    }


def _decisions(review: Review, *, sees: bool) -> list[Decision]:
    made = review.decisions.select_related("officer", "reason_code", "answer__answered_by").order_by("pk")
    # What was decided and undone would tell whether the hidden label was confirmed.
    return list(made if sees else made.telling_no_label())
