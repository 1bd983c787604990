"""Components like one that is under review, and what officers decided on them, at a bounded cost."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Case, Count, Exists, F, IntegerField, OuterRef, QuerySet, Value, When
from django.db.models.functions import Left

from components.models import Component, Decision, Review, User
from components.models.users import shown_name
from components.permissions import REVIEW

MOST_CANDIDATES = 300
REACH = 10_000
"""Only so many of the newest decisions are looked at, so that the cost does not grow with the years."""

SAMPLE = 1_000
"""How often a word occurs is counted in so many of them."""

MOST_WORDS_COUNTED = 24
RAREST_WORDS = 4
UNSEEN_WORDS = 2
CHARACTERS_COMPARED = 2_000
SHOWN = 5
LEAST_LIKENESS = 0.15
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Similar:
    """A decided component. `likeness` is the share of words that both texts have, of those that either has."""

    component_id: int
    name: str
    text: str
    value: str
    outcome: str
    officer: str
    likeness: float


def similar_to(text: str, *, component_id: int, for_user: User) -> list[Similar]:
    """The decided components whose texts are most alike, the most alike first; never the component itself.

    1. The words of the text are counted in a sample of decisions, and the rarest taken.
    2. Decisions on texts with one of these are candidates, the rarest word's first, 300 at most.
    3. Candidates are ranked by the Jaccard index of the sets of words.

    A decision that is hidden from the user, because its component waits for a blind one, is none.
    """
    words = words_of(text)
    decided = _decided(component_id, for_user)
    ranked = []
    for found in _candidates(words, decided):
        others = words_of(found.beginning)
        ranked.append((len(words & others) / len(words | others), found))
    ranked.sort(key=lambda pair: -pair[0])
    return [_shown(found, likeness) for likeness, found in ranked[:SHOWN] if likeness >= LEAST_LIKENESS]


def words_of(text: str) -> frozenset[str]:
    """The words of the beginning of a text, in lower case; at most as many as are compared."""
    return frozenset(_WORD.findall(text[:CHARACTERS_COMPARED].lower()))


def _decided(component_id: int, user: User) -> QuerySet[Decision]:
    """The decisions that count now: on the text as it is, and not undone."""
    standing = (
        Decision.objects.standing()
        .filter(description__number=F("component__description_number"))
        .exclude(component=component_id)
    )
    oldest = Decision.objects.order_by("-pk").values_list("pk", flat=True)[REACH : REACH + 1].first()
    standing = standing.filter(pk__gt=oldest or 0)
    if user.has_perm(REVIEW):
        blind = Review.objects.unfinished().filter(component=OuterRef("component"), blind=True)
        standing = standing.filter(~Exists(blind))
    return standing


def _candidates(words: frozenset[str], decided: QuerySet[Decision]) -> list["_Candidate"]:
    found: dict[int, _Candidate] = {}
    for word in _rarest(words, decided):
        room = MOST_CANDIDATES - len(found)
        if room <= 0:
            break
        rows = (
            decided.filter(component__search_text__contains=word)
            .annotate(beginning=Left("component__description", CHARACTERS_COMPARED))
            .order_by("-pk")
            .values_list(
                *("component_id", "component__external_id", "beginning", "value", "outcome"),
                *("officer__first_name", "officer__last_name", "officer__username"),
            )[:room]
        )
        for row in rows:
            found.setdefault(row[0], _Candidate(*row))
    return list(found.values())


def _rarest(words: frozenset[str], decided: QuerySet[Decision]) -> Sequence[str]:
    """The rarest of the words, by a sample; a word that the sample does not hold may still be somewhere."""
    # Long words and numbers tell more: where there are too many to count, these are counted.
    counted = sorted(words, key=lambda word: (-len(word), word))[:MOST_WORDS_COUNTED]
    if not counted:
        return ()
    sample = Component.objects.filter(pk__in=decided.order_by("-pk").values("component")[:SAMPLE])
    times = sample.aggregate(
        **{
            f"times_{number}": Count(Case(When(search_text__contains=word, then=Value(1)), output_field=IntegerField()))
            for number, word in enumerate(counted)
        }
    )
    order = sorted(range(len(counted)), key=lambda number: times[f"times_{number}"])
    seen = [counted[number] for number in order if times[f"times_{number}"]]
    unseen = [counted[number] for number in order if not times[f"times_{number}"]]
    return (*unseen[:UNSEEN_WORDS], *seen[:RAREST_WORDS])


@dataclass(frozen=True, slots=True)
class _Candidate:
    component_id: int
    external_id: str
    beginning: str
    value: str
    outcome: str
    first_name: str
    last_name: str
    username: str


def _shown(found: _Candidate, likeness: float) -> Similar:
    return Similar(
        component_id=found.component_id,
        name=found.external_id or f"Component {found.component_id}",
        text=found.beginning,
        value=found.value,
        outcome=found.outcome,
        officer=shown_name(found.first_name, found.last_name, found.username),
        likeness=likeness,
    )
