"""What an auditor asks: who did what, whether it still stands, and a pack to take away."""

import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import cast

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from audit import standing
from audit.ledgers import UNREADABLE, named_in
from audit.models import Event
from components.exceptions import DomainError, UnderBlindReview, UnknownRecord
from components.forms.audit import PackForm, SearchForm
from components.models import Decision, User
from components.packs.exceptions import Unreadable
from components.permissions import EXPORT_AUDIT, REPLAY, VIEW_AUDIT
from components.refusals import status_of
from components.searching import exports, search
from components.services.exporting import export
from components.services.replaying import replay_decision
from components.views.guards import PageRequest, requires

PACKS_SHOWN = 20


@never_cache
@require_safe
@requires(VIEW_AUDIT)
def audit_search(request: PageRequest) -> HttpResponse:
    """Events, narrowed by the address, the newest first; and whether the chain stands, where that is asked for."""
    form = SearchForm(request.GET)
    try:
        found = search(form.wishes, before=_position(request, "before"), after=_position(request, "after"))
        chain = standing.chain(Path(settings.AUDIT_ANCHORS))
        glance = standing.glance() if "check" in request.GET else None
    except UNREADABLE:
        return _unreadable(request)
    return render(request, "audit/search.html", {"form": form, "found": found, "chain": chain, "glance": glance})


def _unreadable(request: PageRequest, position: int | None = None) -> HttpResponse:
    """That an event was changed so that it cannot be read; raises again where it is the database that fails."""
    return render(request, "audit/unreadable.html", {"position": position, "last": _last_position()})


def _last_position() -> int | None:
    return Event.objects.last_first().values_list("position", flat=True).first()


def _position(request: HttpRequest, name: str) -> int | None:
    wish = request.GET.get(name, "")
    return int(wish[:18]) if wish.isascii() and wish.isdecimal() else None


@never_cache
@require_safe
@requires(VIEW_AUDIT)
def audit_event(request: PageRequest, position: int) -> HttpResponse:
    """One event: what changed, the rows it wrote, its place in the chain, and whether all of it still stands."""
    try:
        event = get_object_or_404(Event, position=position)
    except UNREADABLE:
        return _unreadable(request, position)
    context = {
        "event": event,
        "changes": _side_by_side(event),
        "standing": standing.standing_of(event),
        "last": _last_position(),
        # Their keys alone: other columns may be unreadable, which is for the rows beside them to say.
        "decisions": Decision.objects.filter(pk__in=_decisions_of(event)).only("pk"),
    }
    return render(request, "audit/event.html", context)


def _side_by_side(event: Event) -> list[tuple[str, object, object]]:
    """Each name with its value before and after; None where there was none."""
    before, after = _values(event.before), _values(event.after)
    return [(name, before.get(name), after.get(name)) for name in sorted({*before, *after})]


def _values(side: object) -> dict[str, object]:
    """What one side tells, name by name; a side that was tampered with, so that it has no names, as a single value."""
    return side if isinstance(side, dict) else {"no names": side}


def _decisions_of(event: Event) -> Iterable[int]:
    if event.subject_type == "components.decision":
        return [int(event.subject_id[:18])] if event.subject_id.isdecimal() else []
    return [key for label, key, _ in named_in(event.rows) if label == "components.decision"]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@requires(EXPORT_AUDIT)
def audit_pack(request: PageRequest) -> HttpResponse:
    """A form for a pack, which is the answer to it; and the packs that were made last."""
    form = PackForm(request.POST if request.method == "POST" else None, initial=request.GET.dict())
    if form.is_bound and form.is_valid():
        try:
            return _download(form, request)
        except DomainError as refusal:
            form.refuse(refusal)
    context = {"form": form, **_made(None if request.user.has_perm(VIEW_AUDIT) else request.user)}
    return render(request, "audit/pack.html", context, status=form.status)


def _made(by: User | None) -> dict[str, object]:
    try:
        return {"made": list(exports(by=by)[:PACKS_SHOWN])}
    except UNREADABLE:
        # Packs are made all the same; this raises again where it is the database that fails.
        return {"made": [], "unreadable": _last_position()}


def _download(form: PackForm, request: PageRequest) -> HttpResponse:
    scope = form.scope
    with tempfile.TemporaryDirectory(dir=settings.VAR_DIR, prefix="packs-") as directory:
        pack = export(scope, to=Path(directory) / scope.file_name, by=request.user)
        # Open files outlive their directory: what is sent needs no cleaning up.
        answer = FileResponse(pack.path.open("rb"), as_attachment=True, filename=scope.file_name)
    answer["X-Pack-SHA256"] = pack.digest
    return cast(HttpResponse, answer)  # it streams, which no caller here minds


@never_cache
@require_POST
@requires(REPLAY)
def decision_replay(request: PageRequest, pk: int) -> HttpResponse:
    """Run the decision's text once more on the archived model version, and say whether it answers the same."""
    decision = get_object_or_404(Decision.objects.only("component_id"), pk=pk)
    try:
        replayed = replay_decision(decision_id=pk, by=request.user)
    except UnknownRecord as refusal:
        raise Http404(str(refusal)) from refusal
    except (UnderBlindReview, Unreadable) as refusal:
        context = {"decision": decision, "refusal": refusal}
        return render(request, "audit/replay.html", context, status=status_of(type(refusal)))
    return render(request, "audit/replay.html", {"decision": decision, "replayed": replayed})
