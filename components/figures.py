"""How officers work, in figures: their pace, how far they agree, and how often they override the model."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from statistics import median

from django.db.models import Case, Count, Exists, F, OuterRef, When
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
    worked = list(
        Decision.objects.filter(officer=officer, decided_at__gte=start)
        .exclude(outcome=Decision.Outcome.UNDO)
        .values_list("decided_at", "seconds")
    )
    by_day = Counter(timezone.localdate(at) for at, _ in worked)
    days = tuple((day, by_day[day]) for day in (first + timedelta(days=n) for n in range(PACE_DAYS)))
    return Pace(days, len(worked), median(seconds for _, seconds in worked) if worked else None)


def agreement_with_colleagues(officer: User) -> Agreement:
    """The officer's newest label of a text against a colleague's newest, by the same regulation.

    Only where the later of the two did not see a label: else it is no opinion of its own.
    """
    mine = _newest_of_each(_compared(Decision.objects.filter(officer=officer)))
    others = _newest_of_each(
        _compared(Decision.objects.filter(description__in=[key[0] for key in mine]).exclude(officer=officer))
    )
    pairs = [(mine[key], others[key]) for key in mine if key in others]
    return agreement_of([(one.value, other.value) for one, other in pairs if max(one, other, key=_age).blind])


def agreement_with_own_past(officer: User) -> Agreement:
    """The officer's labels of one and the same text, each against the one before, by the same regulation.

    Only where the later did not see a label, or was about another component of the same description.
    """
    seen: dict[tuple[str, int], Decision] = {}
    pairs = []
    decisions = _compared(Decision.objects.filter(officer=officer).select_related("description"))
    for decision in sorted(decisions, key=_age):
        key = (decision.description.text, decision.regulation_id)
        before = seen.get(key)
        if before and (decision.blind or decision.component_id != before.component_id):
            pairs.append((before.value, decision.value))
        seen[key] = decision
    return agreement_of(pairs)


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


def _compared(decisions: DecisionQuerySet) -> list[Decision]:
    return list(decisions.standing().order_by("-id")[:MOST_COMPARED])


def _newest_of_each(decisions: Iterable[Decision]) -> dict[tuple[int, int], Decision]:
    newest: dict[tuple[int, int], Decision] = {}
    for decision in decisions:
        newest.setdefault((decision.description_id, decision.regulation_id), decision)
    return newest


def _age(decision: Decision) -> int:
    return decision.pk
