"""What the database counts for an officer's page is what one would count by hand."""

import random
from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import combinations
from statistics import median

import pytest
from django.utils import timezone

from components import figures
from components.agreement import Agreement, agreement_of
from components.models import Decision, Regulation, Review, User
from tests.components.conftest import person
from tests.shown import keep

DECISIONS = 240


@pytest.fixture
def officers(db: None) -> list[User]:
    return [person(name, "officer") for name in ("olga", "omar", "oona")]


@pytest.fixture(params=[1, 2, 3])
def decisions(request: pytest.FixtureRequest, officers: list[User], technician: User) -> list[Decision]:
    """All that was decided, the oldest first: of few texts, some of them twice, by two regulations; some undone."""
    chance = random.Random(request.param)
    regulations = [Regulation.objects.get(), Regulation.objects.create(code="B", title="B", effective_on="2020-01-01")]
    components = keep([f"bracket {number % 7}" for number in range(12)], by=technician)
    made = []
    for _ in range(DECISIONS):
        component = chance.choice(components)
        description = component.descriptions.get()
        review = Review.objects.create(
            component=component, description=description, state="decided", blind=False, risk=0, uncertainty=0
        )
        told = {
            "review": review,
            "component": component,
            "description": description,
            "regulation": chance.choice(regulations),
            "officer": chance.choice(officers),
            "blind": chance.random() < 0.5,
            "seconds": round(chance.uniform(1, 60), 1),
        }
        value = chance.choice(["compliant", "non-compliant"])
        made.append(Decision.objects.create(**told, outcome="label", value=value))
        if chance.random() < 0.1:
            made.append(Decision.objects.create(**told, outcome="undo", undoes=made[-1]))
    return made


def standing(decisions: Iterable[Decision]) -> Iterator[Decision]:
    undone = {decision.undoes_id for decision in decisions}
    return (decision for decision in decisions if decision.value and decision.pk not in undone)


def counted(pairs: Iterable[tuple[str, str]]) -> Agreement:
    listed = list(pairs)
    return agreement_of({pair: listed.count(pair) for pair in listed})


def test_agreement_with_colleagues_compares_the_newest_of_each(decisions: list[Decision], officers: list[User]) -> None:
    for officer in officers:
        mine: dict[tuple[int, int], Decision] = {}
        theirs: dict[tuple[int, int], Decision] = {}
        for decision in standing(decisions):
            side = mine if decision.officer == officer else theirs
            side[decision.description_id, decision.regulation_id] = decision
        both = [(mine[key], theirs[key]) for key in mine if key in theirs]
        expected = counted(
            (one.value, other.value) for one, other in both if max(one, other, key=lambda each: each.pk).blind
        )

        assert expected.pairs > 0
        assert figures.agreement_with_colleagues(officer) == expected


def test_agreement_with_the_own_past_compares_each_with_the_one_before(
    decisions: list[Decision], officers: list[User]
) -> None:
    for officer in officers:
        mine = [decision for decision in standing(decisions) if decision.officer == officer]
        same = [
            (before, after)
            for before, after in combinations(mine, 2)
            if (before.description.text, before.regulation_id) == (after.description.text, after.regulation_id)
        ]
        before_each = {after.pk: (before, after) for before, after in same}
        expected = counted(
            (before.value, after.value)
            for before, after in before_each.values()
            if after.blind or before.component_id != after.component_id
        )

        assert expected.pairs > 0
        assert figures.agreement_with_own_past(officer) == expected


def test_only_so_many_of_the_newest_are_compared(
    decisions: list[Decision], officers: list[User], monkeypatch: pytest.MonkeyPatch
) -> None:
    officer = decisions[-1].officer
    monkeypatch.setattr(figures, "MOST_COMPARED", 1)

    assert figures.agreement_with_own_past(officer).pairs == 0
    assert figures.agreement_with_colleagues(officer).pairs <= 1


def test_the_pace_is_of_all_but_what_was_taken_back_and_its_median_of_the_middle(
    decisions: list[Decision], officers: list[User]
) -> None:
    for officer in officers:
        seconds = [decision.seconds for decision in decisions if decision.officer == officer and decision.value]

        pace = figures.pace_of(officer)

        assert pace.decisions == len(seconds)
        assert pace.median_seconds == pytest.approx(median(seconds))
        assert pace.days[-1] == (timezone.localdate(), len(seconds))
        assert [day for day, _ in pace.days] == [timezone.localdate() - timedelta(days=n) for n in range(13, -1, -1)]


def test_who_has_decided_nothing_has_no_median(officers: list[User]) -> None:
    pace = figures.pace_of(officers[0])

    assert (pace.decisions, pace.median_seconds) == (0, None)
    assert {count for _, count in pace.days} == {0}
