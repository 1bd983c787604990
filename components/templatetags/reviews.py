"""How reviews, decisions and the weight of words are written in pages."""

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from components.marking import Marked
from components.models import Decision
from components.queue import percentage, seconds_to_undo
from mlops.contracts import Label

register = template.Library()


@register.filter
def left_to_undo(decision: Decision) -> int:
    """How many whole seconds the decision can still be undone."""
    return seconds_to_undo(decision)


@register.filter
def marked_text(marked: Marked) -> SafeString:
    """The whole text, its words marked, without white space that is not its own."""
    pieces = format_html_join(
        "",
        "{}",
        (
            (
                format_html('<mark class="towards-{} strength-{}">{}</mark>', piece.towards, piece.strength, piece.text)
                if piece.towards
                else piece.text,
            )
            for piece in marked.pieces
        ),
    )
    return format_html('{}<span class="unread">{}</span>', pieces, marked.unread) if marked.unread else pieces


@register.filter
def per_cent(share: float) -> str:
    """A share in whole per cent."""
    return percentage(share)


@register.filter
def signed(number: float) -> str:
    """Two decimals with their sign, the minus being a minus; none before nothing."""
    return "0.00" if abs(number) < 0.005 else f"{number:+.2f}".replace("-", "\N{MINUS SIGN}")


@register.filter
def opposite(value: str) -> str:
    """The other label."""
    return Label(value).other().value


@register.filter
def summary(decision: Decision) -> str:
    """A decision in a few words, for whoever has just taken it."""
    name = decision.component.external_id or f"component {decision.component_id}"
    match decision.outcome:
        case Decision.Outcome.ESCALATE:
            return f"Passed {name} on to a colleague."
        case Decision.Outcome.ASK:
            return f"Asked the technician about {name}."
    return f"Decided: {name} is {decision.value}."
