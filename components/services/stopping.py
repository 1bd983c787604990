"""Stop automatic labelling, so that people decide on every new component, and resume it."""

from django.db import transaction

from audit.services import record
from components.models import StopSwitch, User
from components.models.reviews import MAX_REASON_CHARACTERS
from components.services.memory import Remembered
from components.services.remarks import remark


def stop_labelling(*, reason: str, by: User) -> StopSwitch:
    """From now on no model is asked about a component: each new one waits for a person. Stopping twice is no error.

    Raises MissingReason without a reason.
    """
    return _set(stopped=True, reason=reason, by=by, action="labelling_stopped")


def resume_labelling(*, reason: str, by: User) -> StopSwitch:
    """From now on the model labels again; what waits for a person still does. Raises MissingReason."""
    return _set(stopped=False, reason=reason, by=by, action="labelling_resumed")


def is_stopped() -> bool:
    """Whether automatic labelling is stopped: now, where this process set the switch, else a second ago."""
    return _remembered()


def is_stopped_now() -> bool:
    """The same without a memory: for who is about to write a model's label."""
    return _ask()


def _ask() -> bool:
    return bool(StopSwitch.objects.values_list("stopped", flat=True).first())


_remembered = Remembered(_ask, about=StopSwitch)


def _set(*, stopped: bool, reason: str, by: User, action: str) -> StopSwitch:
    reason = remark(reason, field="reason", missing="Say why: everybody will see it.", most=MAX_REASON_CHARACTERS)
    with transaction.atomic():
        before = _ask()
        switch = StopSwitch.objects.create(stopped=stopped, reason=reason, set_by=by)
        record(
            action,
            by=by,
            subject=switch,
            before={"stopped": before},
            after={"stopped": stopped, "reason": reason},
            rows=[switch],
        )
    return switch
