"""How officers work, in figures: their pace, how far they agree, and how often they override the model."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from statistics import median

from django.db.models import Case, Count, Exists, F, OuterRef, Q, Subquery, When, Window
from django.db.models.functions import Lag, TruncDate
from django.utils import timezone

from components.agreement import Agreement, Share, agreement_of, share_of
from components.models import Decision, Review, User
from components.querysets import DecisionQuerySet

PACE_DAYS = 14
OVERRIDE_DAYS = 90
MOST_COMPARED = 1000
"""So many of an officer's newest decisions are looked at for agreement."""


@dataclass(frozen=True, slots=True)
class Pace:
    """Decisions a day, the oldest day first, and the median of the seconds that each took; None without any."""

    days: tuple[tuple[date, int], ...]
    decisions: int
    median_seconds: float | None


@dataclass(frozen=True, slots=True)
class Overrides:
    """Of the decisions on texts that the model had labelled, how many differ from it: label shown, and hidden."""

    who: str
    shown: Share
    blind: Share


def pace_of(officer: User) -> Pace:
    """The last PACE_DAYS days, today included, by the clock of the installation; what was undone counts as work."""
    today = timezone.localdate()
    first = today - timedelta(days=PACE_DAYS - 1)
    start = timezone.make_aware(datetime.combine(first, time.min))
    worked = Decision.objects.filter(officer=officer, decided_at__gte=start).exclude(outcome=Decision.Outcome.UNDO)
    by_day = dict(
        worked.order_by().annotate(day=TruncDate("decided_at")).values_list("day").annotate(decisions=Count("pk"))
    )
    days = tuple((day, by_day.get(day, 0)) for day in (first + timedelta(days=n) for n in range(PACE_DAYS)))
    decisions = sum(by_day.values())
    middle = worked.order_by("seconds").values_list("seconds", flat=True)[
        max(0, decisions - 1) // 2 : decisions // 2 + 1
    ]
    return Pace(days, decisions, median(middle) if decisions else None)


def agreement_with_colleagues(officer: User) -> Agreement:
    """The officer's newest label of a text against a colleague's newest, by the same regulation.

    Only where the later of the two did not see a label: else it is no opinion of its own.
    """
    # The sums keep SQLite from reading all of an officer or of a regulation for each decision: a text has few.
    same = (
        Decision.objects.standing()
        .alias(who=F("officer_id") + 0, law=F("regulation_id") + 0)
        .filter(description=OuterRef("description"), law=OuterRef("regulation"))
    )
    theirs = same.exclude(who=officer.pk).order_by("-pk")
    compared = (
        _newest(Decision.objects.filter(officer=officer))
        .filter(~Exists(same.filter(who=officer.pk, pk__gt=OuterRef("pk"))))
        .annotate(other=Subquery(theirs.values("value")[:1]))
        .exclude(other=None)
        .alias(other_key=Subquery(theirs.values("pk")[:1]), other_blind=Subquery(theirs.values("blind")[:1]))
        .filter(Q(other_key__lt=F("pk"), blind=True) | Q(other_key__gt=F("pk"), other_blind=True))
    )
    return agreement_of(Counter(compared.order_by().values_list("value", "other").iterator()))


def agreement_with_own_past(officer: User) -> Agreement:
    """The officer's labels of one and the same text, each against the one before, by the same regulation.

    Only where the later did not see a label, or was about another component of the same description.
    """
    compared = (
        _newest(Decision.objects.filter(officer=officer))
        .annotate(past=_before("value"), elsewhere=_before("component_id"))
        .filter(Q(blind=True) | ~Q(elsewhere=F("component_id")), past__isnull=False)
    )
    return agreement_of(Counter(compared.order_by().values_list("past", "value").iterator()))


def overrides_of(officer: User) -> list[Overrides]:
    """The officer's and everybody's, over the last OVERRIDE_DAYS days."""
    since = timezone.now() - timedelta(days=OVERRIDE_DAYS)
    hidden = Review.objects.unfinished().filter(component=OuterRef("component"), blind=True)
    decided = (
        Decision.objects.standing()
        .filter(decided_at__gte=since, review__prediction__isnull=False)
        .exclude(Exists(hidden))  # the count would tell what the pages hide
    )
    return [_overrides("You", decided.filter(officer=officer)), _overrides("All officers", decided)]


def _overrides(who: str, decided: DecisionQuerySet) -> Overrides:
    # Not by the outcome: that tells of the label that stood, which may have been another officer's.
    differs = Case(When(value=F("review__prediction__label"), then=False), default=True)
    counts = {
        (blind, other): count
        for blind, other, count in decided.order_by()
        .annotate(differs=differs)
        .values_list("blind", "differs")
        .annotate(Count("pk"))
    }
    shares = {}
    for blind in (False, True):
        overridden = counts.get((blind, True), 0)
        shares[blind] = share_of(overridden, overridden + counts.get((blind, False), 0))
    return Overrides(who, shown=shares[False], blind=shares[True])


def _newest(decisions: DecisionQuerySet) -> DecisionQuerySet:
    newest = decisions.standing().order_by("-pk")[:MOST_COMPARED]
    return decisions.filter(pk__in=newest.values("pk"))


def _before(column: str) -> Window:
    """What the decision before had in this column: the same officer's, on the same text, by the same regulation."""
    return Window(Lag(column), partition_by=[F("description__text"), F("regulation")], order_by="pk")
