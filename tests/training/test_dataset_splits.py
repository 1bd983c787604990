"""What is held out of training, and that nothing of it leaks."""

from dataclasses import replace

import pytest

from mlops.training.dataset import Splits, splits
from mlops.training.dataset.clauses.table import CLAUSES, HELD, KNOWN
from mlops.training.dataset.examples import KINDS
from mlops.training.dataset.plans import HELD_PLANS, KNOWN_PLANS, PLANS


@pytest.fixture(scope="module")
def data() -> Splits:
    return splits(seed=6, train=15_000, validation=800, test=800)


def test_each_split_has_the_size_asked_for(data: Splits) -> None:
    sizes = [len(data.train), len(data.validation), len(data.combinations), len(data.phrasings), len(data.contrast)]
    assert sizes == [15_000, 800, 800, 800, 800]


def test_no_held_out_text_stands_in_training_or_validation(data: Splits) -> None:
    assert data.leaks() == 0


def test_a_planted_leak_is_counted_whatever_its_case_and_spaces(data: Splits) -> None:
    stolen = replace(data.train[0], text=f"  {data.train[0].text.upper().replace(' ', '   ')} ")
    assert replace(data, contrast=(stolen, *data.contrast)).leaks() == 1


def test_validation_repeats_no_text_of_training(data: Splits) -> None:
    trained = {row.text.casefold() for row in data.train}
    assert not [row for row in data.validation if row.text.casefold() in trained]


def test_held_out_combinations_never_stand_in_training(data: Splits) -> None:
    learned = {(row.condition, row.material, row.year) for row in (*data.train, *data.validation)}
    held = {(row.condition, row.material, row.year) for row in data.combinations}
    assert held
    assert not held & learned


def test_held_out_combinations_come_in_phrasings_that_training_has(data: Splits) -> None:
    assert {row.phrasing for row in data.combinations} <= {row.phrasing for row in data.train}


def test_held_out_phrasings_never_stand_in_training(data: Splits) -> None:
    learned = {row.phrasing for row in (*data.train, *data.validation)}
    assert not learned & {row.phrasing for row in (*data.phrasings, *data.contrast)}


def test_the_contrast_split_holds_negation_and_contrast_only(data: Splits) -> None:
    assert {row.kind for row in data.contrast} == {"negation", "contrast"}


def test_training_holds_every_kind_and_every_year(data: Splits) -> None:
    assert {row.kind for row in data.train} == set(KINDS)
    assert {row.year for row in data.train if row.year} == set(range(1950, 2031))


def test_about_an_eighth_of_the_plans_of_every_family_is_held_out_but_the_reference_ones() -> None:
    for family, plans in PLANS.items():
        share = len(HELD_PLANS[family]) / len(plans)
        assert share == 0 if family == "lab" else 0.06 < share < 0.25, family
        assert len(HELD_PLANS[family]) + len(KNOWN_PLANS[family]) == len(plans)


def test_phrasing_ids_are_distinct() -> None:
    ids = [plan.phrasing for plans in PLANS.values() for plan in plans]
    assert len(set(ids)) == len(ids)


def test_some_wordings_of_nearly_every_clause_are_held_out_and_training_keeps_most() -> None:
    held = sum(bool(HELD[key]) for key in CLAUSES)
    assert held > 0.75 * len(CLAUSES)
    for key, known in KNOWN.items():
        assert known, key
        assert len(known) >= len(HELD[key]), key
        assert not {wording.source for wording in known} & {wording.source for wording in HELD[key]}


def test_the_digest_stands_for_every_row_and_the_seed(data: Splits) -> None:
    again = splits(seed=6, train=15_000, validation=800, test=800)
    assert again.digest() == data.digest()
    assert data.digest().startswith("sha256:")
    assert replace(data, train=data.train[1:]).digest() != data.digest()
    assert (
        splits(seed=7, train=50, validation=5, test=5).digest()
        != splits(seed=8, train=50, validation=5, test=5).digest()
    )


def test_a_year_is_held_out_of_single_phrasings_and_told_in_others(data: Splits) -> None:
    phrasings = {row.phrasing for row in data.train}
    told = {(row.year, row.phrasing) for row in data.train}
    assert all(sum((year, phrasing) in told for phrasing in phrasings) > 5 for year in range(1950, 2031))
