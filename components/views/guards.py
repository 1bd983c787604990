"""Who may see a page."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth.decorators import login_required, permission_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.http import HttpResponseClientRefresh
from django_htmx.middleware import HtmxDetails

from components.models import User
from components.permissions import sees_pages

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


def wants_fragment(request: PageRequest) -> bool:
    return bool(request.htmx) and not request.htmx.history_restore_request
