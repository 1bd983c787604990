"""What waits for officers, in whose hands it is, and why each review came."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.db.models import Count, Min, Prefetch, prefetch_related_objects
from django.db.models.functions import Left
from django.utils import timezone

from components.models import Answer, Decision, Review, Route, User
from components.models.users import shown_name
from components.permissions import REVIEW, may_decide, sees_labels
from components.services.undoing import UNDO_SECONDS
from mlops.contracts import Label

ROWS = 50
BEGINNING = 300
"""So many characters of a description stand in a row."""

HIDDEN = "Its score is too uncertain to stand alone; the model's answer is hidden until you decide."


@dataclass(frozen=True, slots=True)
class InHand:
    """How many reviews somebody has in hand."""

    name: str
    reviews: int


@dataclass(frozen=True, slots=True)
class Counts:
    """How much waits: `open` for officers, of which some are in somebody's hand, and `asked` for technicians.

    Counted for one officer, `open` and `oldest` are of what that officer may take, and `others` are open besides: the
    officer's own, passed on by the officer, a second opinion on the officer's decision, or in a colleague's hand.
    """

    open: int
    others: int
    asked: int
    oldest: datetime | None
    in_hand: tuple[InHand, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One waiting review as the queue shows it. `mine` and `holder`: in whose hand it is at this moment.

    `own`: whoever looks decides reviews, but this is about their own component or text, so a colleague decides it.
    """

    review: Review
    beginning: str
    why: str
    mine: bool
    own: bool
    holder: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """One page of the queue, in the order in which it is worked."""

    rows: tuple[Row, ...]
    page: Page[int]


def counts(officer: User | None = None) -> Counts:
    """How much waits now: for this officer, or for all of them together."""
    everything = Review.objects.open()
    offered = everything if officer is None else everything.takeable_by(officer)
    waiting = offered.aggregate(open=Count("pk"), oldest=Min("opened_at"))
    held = (
        Review.objects.in_hand()
        .values_list("holder__first_name", "holder__last_name", "holder__username")
        .annotate(reviews=Count("pk"))
        .order_by("holder__username")
    )
    return Counts(
        open=waiting["open"],
        others=0 if officer is None else max(0, everything.count() - waiting["open"]),
        asked=Review.objects.filter(state=Review.State.ASKED).count(),
        oldest=waiting["oldest"],
        in_hand=tuple(InHand(shown_name(first, last, name), count) for first, last, name, count in held),
    )


def waiting(*, page: str, for_user: User) -> Waiting:
    """The page of that number, else the nearest there is."""
    # The numbers first: what stands in the rows is then fetched for these alone, however far down the queue they are.
    numbers = Paginator(Review.objects.open().in_order().values_list("pk", flat=True), ROWS).get_page(page)
    reviews = (
        Review.objects.filter(pk__in=list(numbers))
        .in_order()
        .select_related("component", "description", "holder")
        .only(
            *("id", "blind", "escalated", "state", "opened_at", "leased_until", "holder", "component__external_id"),
            *("component__entered_by", "description__written_by"),
            *("holder__first_name", "holder__last_name", "holder__username"),
        )
        .annotate(beginning=Left("description__text", BEGINNING))
        .prefetch_related(*_told())
    )
    return Waiting(tuple(_row(review, for_user) for review in reviews), numbers)


def reasons(review: Review, *, for_user: User) -> list[str]:
    """Why this review came, a sentence each, the weightiest first; nothing of a label that is hidden from the user."""
    told = [_passed_on(decision) for decision in _of(review, Decision.Outcome.ESCALATE)[:1] if review.escalated]
    told += [_answered(decision) for decision in _of(review, Decision.Outcome.ASK)[:1] if hasattr(decision, "answer")]
    hidden = _hidden(review, for_user)
    routes = sorted(review.routes.all(), key=lambda route: _WEIGHTS.index(Route.Reason(route.reason)))
    return told + [_routed(route, hidden=hidden) for route in routes]


def with_reasons(reviews: Iterable[Review]) -> None:
    """Fetch for all of these at once what `reasons` tells of each."""
    prefetch_related_objects(list(reviews), *_told())


def undoable(officer: User) -> Decision | None:
    """The officer's newest decision, while it is young enough to be undone; None where there is none."""
    newest = (
        Decision.objects.filter(officer=officer)
        .select_related("component", "undone_by")
        .only("outcome", "value", "decided_at", "review", "component__external_id", "undone_by__id")
        .order_by("-decided_at")
        .first()
    )
    if newest is None or newest.outcome == Decision.Outcome.UNDO or seconds_to_undo(newest) <= 0:
        return None
    return newest


def seconds_to_undo(decision: Decision) -> int:
    """How many whole seconds the decision can still be undone."""
    age = timezone.now() - decision.decided_at
    return int(UNDO_SECONDS - age.total_seconds())


_WEIGHTS = (
    Route.Reason.QUESTION,
    Route.Reason.STOPPED,
    Route.Reason.UNCERTAIN,
    Route.Reason.SECOND,
    Route.Reason.AUDIT,
)


def _told() -> tuple["Prefetch[str]", ...]:
    spoken = Decision.objects.telling_no_label().filter(undone_by=None)
    return (
        Prefetch("routes", Route.objects.select_related("by")),
        Prefetch("decisions", spoken.select_related("officer", "answer__answered_by"), to_attr="spoken"),
    )


def _of(review: Review, outcome: Decision.Outcome) -> list[Decision]:
    spoken: list[Decision] = review.spoken  # type: ignore[attr-defined]  # by `_told`
    return [decision for decision in spoken if decision.outcome == outcome]


def _row(review: Review, user: User) -> Row:
    return Row(
        review=review,
        beginning=review.beginning,  # type: ignore[attr-defined]  # annotated
        why=reasons(review, for_user=user)[0],
        mine=review.held_by(user),
        own=user.has_perm(REVIEW) and not may_decide(user, review),
        holder=review.in_hand_of.shown_name() if review.in_hand_of else "",
    )


def _hidden(review: Review, user: User) -> bool:
    if review.state in (Review.State.OPEN, Review.State.ASKED):
        # No other review of its component is unfinished: the answer costs no query.
        return review.blind and user.has_perm(REVIEW)
    return not sees_labels(user, review.component)


def _passed_on(decision: Decision) -> str:
    return f"Passed on by a colleague: “{decision.note}”"


def _answered(decision: Decision) -> str:
    answer: Answer = decision.answer
    return f"{_given_name(answer.answered_by)} answered: “{answer.text}”"


def _routed(route: Route, *, hidden: bool) -> str:
    match route.reason:
        case Route.Reason.QUESTION:
            return f"{_given_name(route.by)} asks: “{route.note}”" if route.by else f"A question: “{route.note}”"
        case Route.Reason.STOPPED:
            return "Nobody has labelled it: automatic labelling was stopped."
        case Route.Reason.SECOND:
            return "Drawn for a second decision, independent of the first."
        case Route.Reason.AUDIT:
            return "Drawn at random."
    if hidden or route.score is None or route.threshold is None:
        return HIDDEN
    given = Label.of_score(route.score, route.threshold)
    chance = route.score if given is Label.COMPLIANT else 1 - route.score
    return f"Labelled {given}, but {given.other()} with a probability of {percentage(chance)}."


def percentage(share: float) -> str:
    """A share in whole per cent; one that is not quite 0 or 1 is never rounded to it."""
    if 0 < share < 0.005:
        return "less than 1 %"
    if 0.995 <= share < 1:
        return "more than 99 %"
    return f"{share * 100:.0f} %"


def _given_name(user: User) -> str:
    return user.first_name or user.username
