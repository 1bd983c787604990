"""Stop automatic labelling, so that people decide on every new component, and resume it."""

from django.db import transaction

from audit.services import record
from components.models import StopSwitch, User


def stop_labelling(*, reason: str, by: User) -> StopSwitch:
    """From now on no model is asked about a component: each new one waits for a person. Stopping twice is no error."""
    return _set(stopped=True, reason=reason, by=by, action="labelling_stopped")


def resume_labelling(*, reason: str, by: User) -> StopSwitch:
    """From now on the model labels again; what waits for a person still does."""
    return _set(stopped=False, reason=reason, by=by, action="labelling_resumed")


def is_stopped() -> bool:
    """Whether automatic labelling is stopped at this moment."""
    return bool(StopSwitch.objects.values_list("stopped", flat=True).first())


def _set(*, stopped: bool, reason: str, by: User, action: str) -> StopSwitch:
    switch = StopSwitch(stopped=stopped, reason=reason, set_by=by)
    switch.clean_fields(exclude={"set_by"})
    with transaction.atomic():
        switch.save()
        record(action, by=by, subject=switch, after={"reason": reason}, rows=[switch])
    return switch
