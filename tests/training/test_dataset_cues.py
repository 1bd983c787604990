"""No single word, and no remark on another thing, gives the label away."""

import re
from collections import Counter
from random import Random

import pytest

from mlops.training.dataset import Example, generate
from mlops.training.dataset.compose import PLAIN_REMARKS, RIVAL_REMARKS, Manner, compose
from mlops.training.dataset.examples import KIND_DRAW, draw
from mlops.training.dataset.facts import DIMENSIONS, Facts
from mlops.training.dataset.patterns import Slot
from mlops.training.dataset.plans import PLANS
from mlops.training.dataset.voice import Voice

CUES = (
    "not", "no", "never", "neither", "isn't", "wasn't", "scrapped", "replaced", "replaces", "old", "one",
    "longer", "instead", "rather", "unlike", "but", "formerly", "listed", "actually", "records", "wrong", "twin",
    "spare", "previous", "other", "original", "box", "vehicle", "bolts", "used", "now", "don't", "anything",
    "far", "hardly", "without", "nothing", "free", "supposedly", "claims", "forget", "before", "after",
)  # fmt: skip


@pytest.fixture(scope="module")
def rows() -> list[Example]:
    return list(generate(100_000, seed=31))


@pytest.fixture(scope="module")
def shares(rows: list[Example]) -> dict[str, float]:
    seen: Counter[str] = Counter()
    non_compliant: Counter[str] = Counter()
    for row in rows:
        words = set(re.findall(r"[a-z']+", row.text.lower()))
        seen.update(words)
        non_compliant.update(words if row.label else ())
    return {word: non_compliant[word] / count for word, count in seen.items() if count >= 30}


@pytest.mark.parametrize("cue", CUES)
def test_a_cue_word_stands_in_both_labels_about_alike(cue: str, shares: dict[str, float]) -> None:
    assert 0.35 < shares[cue] < 0.65


def test_even_the_words_of_a_violation_often_stand_in_compliant_texts(shares: dict[str, float]) -> None:
    for word in ("plastic", "iron", "poor", "fair", "worn", "cracked", "rusty"):
        assert 0.4 < shares[word] < 0.85, word


def test_even_the_words_of_compliance_often_stand_in_non_compliant_texts(shares: dict[str, float]) -> None:
    for word in ("steel", "carbon", "good", "new", "unused"):
        assert 0.25 < shares[word] < 0.6, word


@pytest.mark.parametrize(
    "chunk",
    [
        max((node for node in remark.pattern if isinstance(node, str)), key=len)
        for table in (PLAIN_REMARKS, RIVAL_REMARKS)
        for remark in table["sentence"]
    ],
)
def test_a_remark_on_another_thing_stands_in_both_labels(chunk: str, rows: list[Example]) -> None:
    labels = [row.label for row in rows if chunk.strip().lower() in row.text.lower()]
    assert len(labels) > 10
    assert 0.25 < sum(labels) / len(labels) < 0.75


def test_remarks_leave_what_is_said_of_the_component_as_it_was() -> None:
    facts = Facts(1998, "good", "steel")
    plans = [plan for plan in PLANS["note"] if len(plan.segments) > 3][:120]
    for seed, plan in enumerate(plans):
        told = compose(plan, facts, Manner(remarks=2, rivals=1), seed).lower()
        notes = [node.name for segment in plan.segments for node in segment if isinstance(node, Slot)]
        for dimension in (plan.order[int(name[0]) - 1] for name in notes if name in ("1n", "2n", "3n")):
            assert Voice(facts, plan.order, {}, seed, "all").clause(dimension, "n").lower() in told


def test_a_minimal_pair_differs_in_one_fact_and_in_the_label() -> None:
    rng = Random(8)
    pairs = [made for _ in range(3000) if len(made := draw(rng, kinds=KIND_DRAW, source="all")) == 2]
    assert len(pairs) > 600
    for first, second in pairs:
        assert {first.label, second.label} == {0, 1}
        assert first.phrasing == second.phrasing
        compliant, other = (first, second) if first.label == 0 else (second, first)
        changed = [name for name in DIMENSIONS if getattr(compliant, name) != getattr(other, name)]
        assert changed
    alone = [sum(getattr(first, name) != getattr(second, name) for name in DIMENSIONS) == 1 for first, second in pairs]
    assert sum(alone) / len(alone) > 0.8


def test_a_minimal_pair_tells_everything_but_the_flipped_fact_alike() -> None:
    plan = PLANS["plain"][0]
    for seed in range(200):
        before = compose(plan, Facts(1998, "good", "steel"), Manner(remarks=1), seed)
        after = compose(plan, Facts(1998, "good", "iron"), Manner(remarks=1), seed)
        shared = set(before.split()) & set(after.split())
        assert len(shared) >= 0.5 * len(set(before.split())), (before, after)
