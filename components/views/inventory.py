"""The components: the list, the form for a new one, and one with its label."""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from components.exceptions import DomainError, NoRegulationInForce
from components.filters import ComponentFilter
from components.forms import SubmitForm
from components.listing import PAGE_SIZES, page_of
from components.models import Component, Regulation
from components.permissions import SUBMIT_COMPONENTS, VIEW_COMPONENTS
from components.reading import split_where_reading_ended
from components.services import submit_component
from components.views.guards import PageRequest, in_utf8, requires, wants_fragment


@vary_on_headers("HX-Request")
@require_safe
@requires(VIEW_COMPONENTS)
def component_list(request: PageRequest) -> HttpResponse:
    """Components, searched, narrowed and sorted by the address; the rows alone for htmx."""
    filterset = ComponentFilter(request.GET, queryset=Component.objects.rows(), request=request)
    listing = page_of(filterset.qs, request.GET)
    template = "components/_results.html" if wants_fragment(request) else "components/list.html"
    return render(request, template, {"filterset": filterset, "listing": listing, "page_sizes": PAGE_SIZES})


@in_utf8
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
            messages.success(request, _announcement(component))
            return redirect("component-detail", component.pk)
    context = {
        "form": form,
        "after": _submitted_before(request),
        "regulation": _regulation_in_force(),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "components/submit.html", context, status=status)


def _announcement(component: Component) -> str:
    if component.label is None:
        return "Kept without a label: no model could label it now. It will be labelled as soon as one can."
    return f"Submitted and labelled {component.label.value}."


def _submitted_before(request: PageRequest) -> Component | None:
    after = request.GET.get("after", "")
    if not after.isdecimal():
        return None
    return Component.objects.with_label().filter(entered_by=request.user, pk=int(after[:18])).first()


def _regulation_in_force() -> Regulation | None:
    try:
        return Regulation.objects.in_force(timezone.localdate())
    except NoRegulationInForce:
        return None


@vary_on_headers("HX-Request")
@require_safe
@requires(VIEW_COMPONENTS)
def component_detail(request: PageRequest, pk: int) -> HttpResponse:
    """One component, its label and how it came to it. While it waits for one, htmx asks again and again."""
    component = get_object_or_404(Component.objects.with_label(), pk=pk)
    if wants_fragment(request) and component.label is None:
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    template = "components/_component.html" if wants_fragment(request) else "components/detail.html"
    read, unread = _read_and_unread(component)
    history = component.labels.select_related("prediction__model_version", "regulation")
    return render(request, template, {"component": component, "history": history, "read": read, "unread": unread})


def _read_and_unread(component: Component) -> tuple[str, str]:
    prediction = component.label.prediction if component.label else None
    if prediction is None or not prediction.truncated or prediction.text != component.description:
        return component.description, ""
    return split_where_reading_ended(component.description, prediction.text_seen)
