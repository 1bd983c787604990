"""The review queue: what waits, one item with its form, and what an officer does with it.

Each verb is a POST. A form gets the next page in answer; the script of the page, which asks as htmx does, gets the
fragment that it needs.
"""

from collections.abc import Sequence
from http import HTTPStatus
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from components import queue
from components.exceptions import AlreadyDecided, DomainError, LeaseLost, NothingToReview
from components.forms.reviews import DecisionForm, faults_of, lease_of
from components.models import Review
from components.permissions import REVIEW, VIEW_REVIEWS
from components.services import deciding, reviewing
from components.views.guards import PageRequest, requires, wants_fragment
from components.views.items import Refusal, besides, refuse, show


@never_cache
@require_safe
@requires(VIEW_REVIEWS)
def review_queue(request: PageRequest) -> HttpResponse:
    """What waits, in the order in which it is worked, with the reason of each."""
    waiting = queue.waiting(page=request.GET.get("page", ""), for_user=request.user)
    counts = queue.counts(request.user if request.user.has_perm(REVIEW) else None)
    context = {"waiting": waiting, "counts": counts, "last": queue.undoable(request.user)}
    return render(request, "reviews/queue.html", context)


@never_cache
@vary_on_headers("HX-Request")
@require_safe
@requires(VIEW_REVIEWS)
def review(request: PageRequest, pk: int) -> HttpResponse:
    """One review: what is to be decided, and the form for whoever has it in hand."""
    found = get_object_or_404(Review.objects.with_all(), pk=pk)
    return show(request, found)


@require_POST
@requires(REVIEW)
def review_next(request: PageRequest) -> HttpResponse:
    """Take the next review in hand, or the one that `review` names, and show it; 204 to a script where none waits."""
    wanted = request.POST.get("review", "")
    try:
        if wanted.isdecimal():
            claimed = reviewing.claim(review_id=int(wanted[:18]), by=request.user)
        else:
            claimed = reviewing.claim_next(by=request.user, besides=besides(request))
    except NothingToReview as refusal:
        if wants_fragment(request):
            return HttpResponse(status=HTTPStatus.NO_CONTENT)
        messages.info(request, str(refusal))
        return redirect("review-queue")
    except DomainError as refusal:
        if wanted.isdecimal():
            return refuse(request, int(wanted[:18]), Refusal.of(refusal))
        messages.error(request, str(refusal))
        return redirect("review-queue")
    if wants_fragment(request) or request.POST.get("note"):
        return show(request, claimed.review, note=request.POST.get("note", ""))
    return redirect("review", claimed.review.pk)


@require_POST
@requires(REVIEW)
def review_decide(request: PageRequest, pk: int) -> HttpResponse:
    """Decide, and go on to the next; or the same item again with what was typed, and why it was refused."""
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return refuse(request, pk, Refusal.of_form(form.faults()))
    try:
        decision = deciding.decide(review_id=pk, by=request.user, **form.wish.arguments())
    except ValidationError as error:
        return refuse(request, pk, Refusal.of_form(faults_of(error)))
    except DomainError as refusal:
        return refuse(request, pk, Refusal.of(refusal))
    if wants_fragment(request):
        return render(request, "reviews/_last.html", {"last": decision})
    return _next_or_queue(request, besides=besides(request))


@require_POST
@requires(REVIEW)
def review_keep(request: PageRequest, pk: int) -> HttpResponse:
    """The heartbeat of whoever has the review before the eyes: 204, or a sentence that says why it is lost."""
    try:
        reviewing.keep(review_id=pk, lease=lease_of(request.POST), by=request.user)
    except DomainError as error:
        refusal = Refusal.of(error)
        return HttpResponse(refusal.sentences[0], status=refusal.status, content_type="text/plain; charset=utf-8")
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


@require_POST
@requires(REVIEW)
def review_release(request: PageRequest, pk: int) -> HttpResponse:
    """Give the review back to the queue undecided, and go on to the next."""
    try:
        reviewing.release(review_id=pk, lease=lease_of(request.POST), by=request.user)
    except (LeaseLost, AlreadyDecided):
        # It is in the officer's hand no more, which is all that was wished.
        pass
    except DomainError as error:
        return refuse(request, pk, Refusal.of(error))
    if wants_fragment(request):
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    return _next_or_queue(request, besides=(*besides(request), pk))


@require_POST
@requires(REVIEW)
def decision_undo(request: PageRequest, pk: int) -> HttpResponse:
    """Take one's decision of the last minute back, and show its review again, in hand."""
    try:
        undone = deciding.undo(decision_id=pk, by=request.user)
    except DomainError as error:
        refusal = Refusal.of(error)
        if wants_fragment(request):
            return render(request, "reviews/_last.html", {"refusal": refusal}, status=refusal.status)
        messages.error(request, str(error))
        return redirect("review-queue")
    if wants_fragment(request):
        return show(request, get_object_or_404(Review.objects.with_all(), pk=undone.review_id))
    messages.success(request, "Your decision is undone: the review is in your hands again.")
    return redirect("review", undone.review_id)


def _next_or_queue(request: PageRequest, *, besides: Sequence[int]) -> HttpResponse:
    try:
        claimed = reviewing.claim_next(by=request.user, besides=besides)
    except DomainError as refusal:
        messages.info(request, str(refusal))
        return redirect("review-queue")
    skipped = f"?{urlencode({'besides': besides}, doseq=True)}" if besides else ""
    return redirect(f"{reverse('review', args=[claimed.review.pk])}{skipped}")
