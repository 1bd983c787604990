"""How labels, scores and waits are written in pages."""

import math
from datetime import datetime, timedelta
from typing import Any

from django import template
from django.utils import timezone

from components.models import StopSwitch
from components.queue import percentage
from components.services.stopping import is_stopped
from mlops import labeler
from mlops.contracts import Label

register = template.Library()


@register.filter
def probability(value: float) -> str:
    """Three decimals; a number that is not quite 0 or 1 is never rounded to it."""
    if 0 < value < 0.0005:
        return "<0.001"
    if 0.9995 <= value < 1:
        return ">0.999"
    return f"{value:.3f}"


@register.filter
def certainty(prediction: Any) -> float:
    """The probability of the label that a prediction gave, in [0, 1]."""
    score: float = prediction.score
    return score if prediction.label == Label.NON_COMPLIANT else 1 - score


@register.filter
def percent(value: float) -> str:
    """A number in [0, 1] as a coordinate of 100, with a point whatever the language."""
    return f"{value * 100:.1f}"


@register.filter
def kappa_place(value: float) -> str:
    """A number in [-1, 1] as a coordinate of 100."""
    return percent((value + 1) / 2)


@register.filter
def in_percent(value: float) -> str:
    """A share in words: whole per cent, but below ten with two digits."""
    return percentage(value) if value >= 0.1 else f"{100 * value:.2g} %"


@register.filter
def minutes(wait: timedelta) -> str:
    """A wait in whole minutes, rounded up."""
    count = max(1, math.ceil(wait / timedelta(minutes=1)))
    return "1 minute" if count == 1 else f"{count} minutes"


@register.filter
def from_now(wait: timedelta) -> datetime:
    """The time at which a wait that begins now is over."""
    return timezone.localtime() + wait


@register.simple_tag
def last_stop() -> StopSwitch | None:
    """The turn of the switch that stopped automatic labelling; None while it runs."""
    return StopSwitch.objects.select_related("set_by").first() if is_stopped() else None


@register.simple_tag
def serving_problem() -> str:
    """Why no model is serving in this process; empty while one is."""
    status = labeler.status()
    return "" if status.serving else status.problem


@register.simple_tag
def swap_problem() -> str:
    """Why this process cannot serve the champion that is deployed, while the one before serves on; else empty."""
    status = labeler.status()
    return status.problem if status.serving else ""
