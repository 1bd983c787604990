"""The pages: parse, ask or call one service, render."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote_to_bytes

from django.contrib import messages
from django.contrib.auth.decorators import login_required, permission_required
from django.core.exceptions import BadRequest, RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import HttpResponseClientRefresh
from django_htmx.middleware import HtmxDetails

from components.exceptions import DomainError, NoRegulationInForce, UnknownToken
from components.filters import ComponentFilter
from components.forms import SubmitForm, TokenForm
from components.listing import PAGE_SIZES, page_of
from components.models import Component, Regulation, User
from components.permissions import SUBMIT_COMPONENTS, VIEW_COMPONENTS
from components.reading import split_where_reading_ended
from components.services import submit_component
from components.services.tokens import create_token, revoke_token, tokens_of

MULTIPART = "multipart/form-data"
FORM_TYPES = (MULTIPART, "application/x-www-form-urlencoded")
REPLACED = "\ufffd"

View = Callable[..., HttpResponse]


class PageRequest(HttpRequest):
    """A request of somebody who has logged in."""

    htmx: HtmxDetails
    user: User


def requires(permission: str) -> Callable[[View], View]:
    """Send who is not logged in to the log-in page, and answer 403 to who lacks the permission."""

    def decorate(view: View) -> View:
        guarded = login_required(permission_required(permission, raise_exception=True)(view))

        @wraps(view)
        def answer(request: PageRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.htmx and not request.user.is_authenticated:
                # A redirect would put the log-in page in the place of the fragment.
                return HttpResponseClientRefresh()
            return guarded(request, *args, **kwargs)

        return answer

    return decorate


def in_utf8(view: View) -> View:
    """Answer 400 to a form whose characters are not whole; Django itself would replace what is broken."""
    protected = csrf_protect(view)

    # The check for forged requests parses a form as it comes in and keeps none of its bytes: it has to come second.
    @csrf_exempt
    @wraps(view)
    def answer(request: PageRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not _is_utf8(request):
            raise BadRequest("The form is not encoded as UTF-8.")
        return protected(request, *args, **kwargs)

    return answer


def _is_utf8(request: HttpRequest) -> bool:
    if request.content_type not in FORM_TYPES:
        return True
    if (request.content_params or {}).get("charset", "utf-8").lower() not in ("utf-8", "utf8"):
        return False
    try:
        body = request.body if request.content_type == MULTIPART else unquote_to_bytes(request.body)
        characters = body.decode()
    except (UnicodeDecodeError, UnreadablePostError):
        return False
    # A part of a form may be encoded once more; a character was replaced in it where the form itself holds no such.
    return REPLACED in characters or not any(REPLACED in text for _, texts in request.POST.lists() for text in texts)


def _wants_fragment(request: PageRequest) -> bool:
    return bool(request.htmx) and not request.htmx.history_restore_request


@vary_on_headers("HX-Request")
@require_safe
@requires(VIEW_COMPONENTS)
def component_list(request: PageRequest) -> HttpResponse:
    """Components, searched, narrowed and sorted by the address; the rows alone for htmx."""
    filterset = ComponentFilter(request.GET, queryset=Component.objects.rows(), request=request)
    listing = page_of(filterset.qs, request.GET)
    template = "components/_results.html" if _wants_fragment(request) else "components/list.html"
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
    if _wants_fragment(request) and component.label is None:
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    template = "components/_component.html" if _wants_fragment(request) else "components/detail.html"
    read, unread = _read_and_unread(component)
    history = component.labels.select_related("prediction__model_version", "regulation")
    return render(request, template, {"component": component, "history": history, "read": read, "unread": unread})


def _read_and_unread(component: Component) -> tuple[str, str]:
    prediction = component.label.prediction if component.label else None
    if prediction is None or not prediction.truncated or prediction.text != component.description:
        return component.description, ""
    return split_where_reading_ended(component.description, prediction.text_seen)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@requires(VIEW_COMPONENTS)
def tokens(request: PageRequest) -> HttpResponse:
    """One's own tokens for the REST API. A new one is shown in the answer to its creation, and never again."""
    form = TokenForm(request.POST if request.method == "POST" else None)
    created = ""
    if form.is_bound and form.is_valid():
        try:
            created = create_token(by=request.user, expiry=form.expiry)
        except DomainError as refusal:
            form.refuse(refusal)
    context = {
        "form": form,
        "created": created,
        "tokens": tokens_of(request.user),
        "now": timezone.now(),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "account/tokens.html", context, status=status)


@require_POST
@requires(VIEW_COMPONENTS)
def token_revoke(request: PageRequest, token_key: str) -> HttpResponse:
    """Delete one of one's own tokens."""
    try:
        revoke_token(token_key, by=request.user)
    except UnknownToken as refusal:
        raise Http404(str(refusal)) from refusal
    messages.success(request, f"The token {token_key}… is revoked.")
    return redirect("tokens")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The page for what cannot be read, or is too large to be read."""
    if isinstance(exception, RequestDataTooBig):
        return render(request, "413.html", status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    return render(request, "400.html", status=HTTPStatus.BAD_REQUEST)
