"""The components: the list, the form for a new one, and one with its label."""

from http import HTTPStatus

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from components.exceptions import DomainError, TextChanged
from components.filters import ComponentFilter
from components.forms import EditForm, SubmitForm
from components.history import story_of
from components.listing import PAGE_SIZES, page_of
from components.models import Component, Decision, Regulation, User
from components.permissions import (
    EDIT_COMPONENTS,
    SUBMIT_COMPONENTS,
    VIEW_COMPONENTS,
    marking_hidden,
    may_change,
    sees_labels,
)
from components.reading import split_where_reading_ended
from components.services import submit_component
from components.services.editing import edit_description
from components.views.guards import PageRequest, requires, wants_fragment


@vary_on_headers("HX-Request")
@require_safe
@requires(VIEW_COMPONENTS)
def component_list(request: PageRequest) -> HttpResponse:
    """Components, searched, narrowed and sorted by the address; the rows alone for htmx."""
    filterset = ComponentFilter(request.GET, queryset=Component.objects.rows(), request=request)
    listing = page_of(filterset.qs, request.GET)
    template = "components/_results.html" if wants_fragment(request) else "components/list.html"
    return render(request, template, {"filterset": filterset, "listing": listing, "page_sizes": PAGE_SIZES})


@require_http_methods(["GET", "HEAD", "POST"])
@requires(SUBMIT_COMPONENTS)
def component_submit(request: PageRequest) -> HttpResponse:
    """A form for one description; then the component's page, or the form again for the next."""
    form = SubmitForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            component = submit_component(by=request.user, **form.cleaned_data)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            if "another" in request.POST:
                return redirect(f"{reverse('component-submit')}?after={component.pk}")
            messages.success(request, _announcement(component, request.user))
            return redirect("component-detail", component.pk)
    context = {
        "form": form,
        "after": _submitted_before(request),
        "regulation": Regulation.objects.in_force_now(),
    }
    return render(request, "components/submit.html", context, status=form.status)


def _announcement(component: Component, user: User) -> str:
    if not sees_labels(user, component):
        return "Submitted. Somebody decides on it blind, so you cannot see its label until then."
    if component.label is not None:
        return f"Submitted and labelled {component.label.value}."
    if component.reviews.unfinished().exists():
        return "Submitted without a label: an officer decides on it."
    return "Kept without a label: no model could label it now. It will be labelled as soon as one can."


def _submitted_before(request: PageRequest) -> Component | None:
    after = request.GET.get("after", "")
    if not after.isdecimal():
        return None
    own = Component.objects.with_label().entered_by(request.user)
    return marking_hidden(own, request.user).filter(pk=int(after[:18])).first()


@vary_on_headers("HX-Request")
@require_safe
@requires(VIEW_COMPONENTS)
def component_detail(request: PageRequest, pk: int) -> HttpResponse:
    """One component, its label and its story. While it waits for a label, htmx asks again and again."""
    component = get_object_or_404(Component.objects.with_label(), pk=pk)
    hidden = not sees_labels(request.user, component)
    if wants_fragment(request) and (component.label is None or hidden):
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    template = "components/_component.html" if wants_fragment(request) else "components/detail.html"
    read, unread = (component.description, "") if hidden else _read_and_unread(component)
    question = Decision.objects.open_questions().about(component).first()
    context = {
        "component": component,
        "hidden": hidden,
        "story": story_of(component, hidden=hidden),
        "review": component.reviews.unfinished().select_related("holder").first(),
        "editable": request.user.has_perm(EDIT_COMPONENTS) and may_change(request.user, component),
        "question": question,
        "answerable": question is not None and Decision.objects.answerable_by(request.user).contains(question),
        "read": read,
        "unread": unread,
    }
    return render(request, template, context)


def _read_and_unread(component: Component) -> tuple[str, str]:
    prediction = component.label.prediction if component.label else None
    if prediction is None or not prediction.truncated or prediction.text != component.description:
        return component.description, ""
    return split_where_reading_ended(component.description, prediction.text_seen)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(EDIT_COMPONENTS)
def component_edit(request: PageRequest, pk: int) -> HttpResponse:
    """A description anew. Where it was edited meanwhile, both texts are shown and what was typed is kept."""
    component = get_object_or_404(Component.objects.with_label(), pk=pk)
    if not may_change(request.user, component):
        raise PermissionDenied
    first = {"description": component.description, "number": component.description_number}
    form = EditForm(request.POST if request.method == "POST" else None, initial=first)
    changed = None
    if form.is_bound and form.is_valid():
        try:
            edited = edit_description(component_id=pk, by=request.user, **form.cleaned_data)
        except TextChanged as refusal:
            changed = component.descriptions.select_related("written_by").latest("number")
            form.now_about(changed.number, refusal)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _announcement_of_edit(edited, form.cleaned_data["number"], request.user))
            return redirect("component-detail", pk)
    context = {"form": form, "component": component, "changed": changed}
    return render(request, "components/edit.html", context, status=form.status)


def _announcement_of_edit(component: Component, number: int, user: User) -> str:
    if component.description_number == number:
        return "Nothing changed: the text is the same as before."
    if not sees_labels(user, component):
        return "Saved. Somebody decides on the new text blind, so you cannot see its label until then."
    if component.label is None:
        return "Saved. The new text waits for its label."
    return f"Saved, and labelled again: {component.label.value}."
