"""What technicians ask officers, and answer them."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from components.exceptions import DomainError, NotYours
from components.forms import AnswerForm, AskForm
from components.models import Component, Decision
from components.permissions import EDIT_COMPONENTS, may_change
from components.services.questions import answer
from components.services.routing import ask_for_review
from components.views.guards import PageRequest, requires


@require_http_methods(["GET", "HEAD", "POST"])
@requires(EDIT_COMPONENTS)
def component_ask(request: PageRequest, pk: int) -> HttpResponse:
    """Have an officer look at a component, with a question."""
    component = get_object_or_404(Component, pk=pk)
    if not may_change(request.user, component):
        raise PermissionDenied
    form = AskForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            ask_for_review(component_id=pk, note=form.cleaned_data["note"], by=request.user)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "Asked: an officer will look at it.")
            return redirect("component-detail", pk)
    return render(request, "components/ask.html", {"form": form, "component": component}, status=form.status)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(EDIT_COMPONENTS)
def question_answer(request: PageRequest, pk: int) -> HttpResponse:
    """Answer the question that an officer's decision asked; the review goes back to the officers."""
    question = get_object_or_404(Decision.objects.questions().answerable_by(request.user), pk=pk)
    waits = Decision.objects.open_questions().contains(question)
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            answer(decision_id=pk, text=form.cleaned_data["text"], by=request.user)
        except NotYours as refusal:
            raise PermissionDenied from refusal
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "Answered: the review is with the officers again.")
            return redirect("component-detail", question.component_id)
    context = {"form": form, "question": question, "waits": waits}
    return render(request, "components/answer.html", context, status=form.status)
