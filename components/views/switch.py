"""The stop switch of automatic labelling."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from components.exceptions import DomainError
from components.forms import SwitchForm
from components.models import StopSwitch
from components.permissions import STOP
from components.services.stopping import is_stopped, resume_labelling, stop_labelling
from components.views.guards import PageRequest, requires

SHOWN = 20


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@requires(STOP)
def stop_switch(request: PageRequest) -> HttpResponse:
    """Stop automatic labelling or resume it, with a reason; what was done with the switch before stands below."""
    form = SwitchForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            _turn(form, request)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            return redirect("stop-switch")
    context = {
        "form": form,
        "stopped": is_stopped(),
        "turns": StopSwitch.objects.select_related("set_by")[:SHOWN],
    }
    return render(request, "components/stop_switch.html", context, status=form.status)


def _turn(form: SwitchForm, request: PageRequest) -> None:
    reason = form.cleaned_data["reason"]
    if form.cleaned_data["stopped"]:
        stop_labelling(reason=reason, by=request.user)
        messages.success(request, "Automatic labelling is stopped: people decide on every new component.")
    else:
        resume_labelling(reason=reason, by=request.user)
        messages.success(request, "Automatic labelling is resumed.")
