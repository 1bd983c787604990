"""Who may see a page, and in what form its forms must come."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit

from django.contrib.auth.decorators import login_required, permission_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django_htmx.http import HttpResponseClientRefresh
from django_htmx.middleware import HtmxDetails

from components.models import User
from components.permissions import sees_pages

MULTIPART = "multipart/form-data"
FORM_TYPES = (MULTIPART, "application/x-www-form-urlencoded")
REPLACED = "\ufffd"

View = Callable[..., HttpResponse]


class PageRequest(HttpRequest):
    """A request of somebody who has logged in."""

    htmx: HtmxDetails
    user: User


def requires(permission: str, *, programs: bool = False) -> Callable[[View], View]:
    """Send who is not logged in to the log-in page, and answer 403 to who lacks the permission.

    Accounts of API clients get 403 too, but for the pages that are for `programs`.
    """

    def decorate(view: View) -> View:
        guarded = login_required(_for_people(permission_required(permission, raise_exception=True)(view), programs))

        @wraps(view)
        def answer(request: PageRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.htmx and not request.user.is_authenticated:
                # A redirect would put the log-in page in the place of the fragment.
                return HttpResponseClientRefresh()
            if request.method == "POST" and not request.user.is_authenticated:
                # Back to the page that the form stood on: many an address takes forms only.
                return redirect_to_login(_page_of_form(request))
            return guarded(request, *args, **kwargs)

        # Declared on the view as well, for whoever goes through all addresses.
        answer.__dict__.update(permission=permission, programs=programs)
        return answer

    return decorate


def _page_of_form(request: HttpRequest) -> str:
    sent_from = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(sent_from, {request.get_host()}, require_https=request.is_secure()):
        return urlsplit(sent_from)._replace(scheme="", netloc="").geturl()
    return request.get_full_path()


def _for_people(view: View, programs: bool) -> View:
    @wraps(view)
    def answer(request: PageRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not programs and not sees_pages(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return answer


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


def wants_fragment(request: PageRequest) -> bool:
    return bool(request.htmx) and not request.htmx.history_restore_request
