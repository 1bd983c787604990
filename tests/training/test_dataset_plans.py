"""Every plan tells every fact that its label rests on."""

from collections.abc import Iterator

import pytest

from mlops.training.dataset.facts import Dimension
from mlops.training.dataset.patterns import Choice, Pattern, Slot
from mlops.training.dataset.plans import PLANS, Plan

NAMED: dict[str, Dimension] = {"y": "year", "c": "condition", "m": "material"}
FORMS = "apvsnk"


def _slots(pattern: Pattern) -> Iterator[str]:
    for node in pattern:
        if isinstance(node, Slot):
            yield node.name
        elif isinstance(node, Choice):
            for option in node.options:
                yield from _slots(option)


def _told(plan: Plan) -> list[Dimension]:
    names = [name for segment in plan.segments for name in _slots(segment) if len(name) == 2 and name[1] in FORMS]
    numbered = [plan.order[int(name[0]) - 1] for name in names if name[0] in "123"]
    return numbered + [NAMED[name[0]] for name in names if name[0] in NAMED]


@pytest.mark.parametrize("family", sorted(set(PLANS) - {"lab"}))
def test_a_plan_tells_each_fact_of_its_order_once(family: str) -> None:
    for plan in PLANS[family]:
        assert sorted(_told(plan)) == sorted(plan.order), plan
