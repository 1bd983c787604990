"""What `generate` promises: size, balance, kinds, clean text, and the same bytes for the same seed."""

import os
import re
import subprocess
import sys
from collections import Counter
from itertools import islice

import pytest

from mlops.training.dataset import Example, generate
from mlops.training.dataset.examples import KINDS

DIGEST = (
    "import hashlib; from mlops.training.dataset import generate; "
    "print(hashlib.sha256('\\n'.join(e.text for e in generate(500, seed=9)).encode()).hexdigest())"
)


@pytest.fixture(scope="module")
def rows() -> list[Example]:
    return list(generate(20_000, seed=20))


def test_exactly_as_many_rows_come_as_were_asked_for() -> None:
    assert [len(list(generate(size, seed=1))) for size in (0, 1, 2, 777)] == [0, 1, 2, 777]


def test_the_same_seed_gives_the_same_rows_and_another_seed_others() -> None:
    assert list(generate(300, seed=4)) == list(generate(300, seed=4))
    assert list(generate(300, seed=4)) != list(generate(300, seed=5))


def test_a_longer_run_begins_with_the_rows_of_a_shorter_one() -> None:
    assert list(generate(50, seed=4)) == list(islice(generate(500, seed=4), 50))


def test_the_bytes_do_not_depend_on_the_hash_seed_of_the_process() -> None:
    digests = {
        subprocess.run(
            [sys.executable, "-c", DIGEST],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("0", "1", "4242")
    }
    assert len(digests) == 1


def test_half_of_the_rows_are_non_compliant(rows: list[Example]) -> None:
    assert 0.48 < sum(row.label for row in rows) / len(rows) < 0.52


def test_every_kind_holds_both_labels_in_like_parts(rows: list[Example]) -> None:
    for kind in KINDS:
        labels = [row.label for row in rows if row.kind == kind]
        assert 0.42 < sum(labels) / len(labels) < 0.58, kind


def test_nearly_a_third_or_more_of_the_rows_deny_or_contrast(rows: list[Example]) -> None:
    kinds = Counter(row.kind for row in rows)
    assert (kinds["negation"] + kinds["contrast"]) / len(rows) > 0.3


def test_few_rows_leave_a_fact_out_and_all_of_these_are_called_partial(rows: list[Example]) -> None:
    partial = [row for row in rows if None in (row.year, row.condition, row.material)]
    assert 0 < len(partial) / len(rows) < 0.08
    assert {row.kind for row in partial} == {"partial"}


def test_many_hundreds_of_phrasings_are_in_use(rows: list[Example]) -> None:
    assert len({row.phrasing for row in rows}) > 900


def test_every_year_from_1950_to_2030_is_told(rows: list[Example]) -> None:
    assert {row.year for row in rows if row.year} == set(range(1950, 2031))


def test_the_years_around_the_limit_are_the_densest(rows: list[Example]) -> None:
    years = Counter(row.year for row in rows)
    near = sum(years[year] for year in range(1985, 2006))
    assert near / len(rows) > 0.5


def test_texts_are_clean(rows: list[Example]) -> None:
    for row in rows:
        assert row.text == row.text.strip() or row.kind == "noise", row
        assert row.text.strip()
        assert not re.search(r"[{}\[\]¶]", row.text), row
        assert "None" not in row.text or row.kind == "noise", row


def test_texts_run_from_a_few_words_to_a_long_note(rows: list[Example]) -> None:
    lengths = sorted(len(row.text.split()) for row in rows)
    assert lengths[len(lengths) // 50] <= 8
    assert lengths[-len(lengths) // 100] >= 50
    assert lengths[-1] <= 140


def test_texts_hardly_ever_repeat_but_for_the_reference_phrasings(rows: list[Example]) -> None:
    texts = [row.text for row in rows if row.kind not in ("lab", "partial")]
    assert len(set(texts)) / len(texts) > 0.99


def test_the_three_phrasings_of_the_reference_data_are_told_in_several_casings(rows: list[Example]) -> None:
    texts = [row.text for row in rows if row.kind == "lab"]
    shapes = (
        r"(new|good|fair|poor) condition (steel|iron|plastic|carbon fiber) component manufactured in \d{4}",
        r"(steel|iron|plastic|carbon fiber) component manufactured in \d{4} in (new|good|fair|poor) condition",
        r"manufactured in \d{4} made of (steel|iron|plastic|carbon fiber) in (new|good|fair|poor) condition",
    )
    for shape in shapes:
        assert any(re.fullmatch(shape, text) for text in texts)
        assert any(re.fullmatch(shape.upper().replace(r"\D", r"\d"), text) for text in texts)
    assert all(any(re.fullmatch(shape, text, re.IGNORECASE) for shape in shapes) for text in texts)


def test_the_reference_phrasings_keep_to_the_years_of_the_reference_data(rows: list[Example]) -> None:
    assert {row.year for row in rows if row.kind == "lab"} <= set(range(1970, 2020))
