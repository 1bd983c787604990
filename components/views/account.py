"""What belongs to the person who has logged in."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from components.exceptions import DomainError, UnknownToken
from components.forms import TokenForm
from components.permissions import VIEW_COMPONENTS
from components.services.tokens import create_token, revoke_token, tokens_of
from components.views.guards import PageRequest, requires


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@requires(VIEW_COMPONENTS, programs=True)
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
    return render(request, "account/tokens.html", context, status=form.status)


@require_POST
@requires(VIEW_COMPONENTS, programs=True)
def token_revoke(request: PageRequest, token_key: str) -> HttpResponse:
    """Delete one of one's own tokens."""
    try:
        revoke_token(token_key, by=request.user)
    except UnknownToken as refusal:
        raise Http404(str(refusal)) from refusal
    messages.success(request, f"The token {token_key}… is revoked.")
    return redirect("tokens")
