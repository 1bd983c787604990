"""The rule that labels every generated description, and the direction of the label."""

from random import Random

import pytest

from mlops.training.dataset import generate
from mlops.training.dataset.facts import (
    ALLOWED_MATERIALS,
    DIMENSIONS,
    Facts,
    draw_broken,
    draw_facts,
    flip,
    label_of,
    violated,
)


@pytest.mark.parametrize(("year", "label"), [(1950, 1), (1965, 1), (1994, 1), (1995, 0), (2024, 0), (2030, 0)])
def test_a_component_made_before_1995_is_non_compliant(year: int, label: int) -> None:
    assert label_of(Facts(year, "good", "steel")) == label


@pytest.mark.parametrize(("condition", "label"), [("new", 0), ("good", 0), ("fair", 1), ("poor", 1)])
def test_a_component_in_fair_or_poor_condition_is_non_compliant(condition: str, label: int) -> None:
    assert label_of(Facts(2004, condition, "steel")) == label


@pytest.mark.parametrize(
    ("material", "label"), [("plastic", 1), ("iron", 1), *((material, 0) for material in ALLOWED_MATERIALS)]
)
def test_a_component_of_plastic_or_iron_is_non_compliant(material: str, label: int) -> None:
    assert label_of(Facts(2004, "good", material)) == label


def test_a_missing_fact_violates_nothing() -> None:
    assert label_of(Facts(None, None, None)) == 0
    assert label_of(Facts(None, "good", "iron")) == 1


def test_every_label_of_the_data_follows_from_the_facts_told() -> None:
    for example in generate(3000, seed=5):
        assert example.label == label_of(example.facts), example


def test_drawn_facts_violate_what_was_asked_and_nothing_else() -> None:
    rng = Random(1)
    for _ in range(500):
        broken = draw_broken(rng)
        assert frozenset(violated(draw_facts(rng, broken))) == broken


def test_flipping_a_fact_moves_it_to_the_other_side_and_leaves_the_others() -> None:
    rng = Random(2)
    for dimension in DIMENSIONS:
        before = draw_facts(rng, frozenset())
        after = flip(before, dimension, rng)
        assert violated(after) == (dimension,)
        assert violated(flip(after, dimension, rng)) == ()
