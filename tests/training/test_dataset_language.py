"""The small grammar, the ways of writing a year, and the slips of the keyboard."""

import re
from random import Random

import pytest

from mlops.training.dataset.facts import FIRST_COMPLIANT_YEAR
from mlops.training.dataset.lexicon import dates, materials, parts
from mlops.training.dataset.noise import disturb, misspell
from mlops.training.dataset.patterns import compile_pattern, render


def test_a_pattern_fills_its_slots_and_takes_one_of_each_choice() -> None:
    pattern = compile_pattern("[a|the [old|new]] {part}[|, used]")
    texts = {render(pattern, Random(seed), lambda name: name.upper()) for seed in range(80)}
    starts = ("a PART", "the old PART", "the new PART")
    assert texts == {start + end for start in starts for end in ("", ", used")}


@pytest.mark.parametrize("broken", ["[a|b", "a]", "{part", "a}"])
def test_a_broken_pattern_is_refused(broken: str) -> None:
    with pytest.raises(ValueError, match=r"bracket|unbalanced|substring"):
        compile_pattern(broken)


@pytest.mark.parametrize(
    ("year", "words"),
    [
        (1986, "nineteen eighty-six"),
        (1990, "nineteen ninety"),
        (2000, "two thousand"),
        (2012, "twenty twelve"),
        (2021, "twenty twenty-one"),
        (1905, "nineteen oh five"),
    ],
)
def test_a_year_is_spoken_as_people_speak_it(year: int, words: str) -> None:
    assert dates.in_words(year, Random(1)) == words


def test_a_limit_always_settles_the_side_of_the_year() -> None:
    rng = Random(1)
    for year in range(1950, 2031):
        for _ in range(50):
            limit = dates.bound(year, rng)
            if year >= FIRST_COMPLIANT_YEAR:
                assert FIRST_COMPLIANT_YEAR <= limit <= year
            else:
                assert year < limit <= FIRST_COMPLIANT_YEAR


def test_a_decade_never_straddles_the_limit() -> None:
    rng = Random(2)
    for year in range(1950, 2031):
        for _ in range(50):
            text = dates.decade(year, rng)
            if "9" in text and ("1990s" in text or "nineties" in text or "90s" in text):
                assert ("early" in text) == (year <= 1992)
                assert ("late" in text) == (year >= 1997)


def test_two_digits_stand_only_for_years_that_they_can_mean() -> None:
    assert dates.two_digit(1998) == "'98"
    assert dates.two_digit(2004) == "'04"
    assert dates.two_digit(2030) == "2030"


def test_every_way_to_write_a_year_that_shows_four_digits_shows_the_right_ones() -> None:
    rng = Random(3)
    for _ in range(2000):
        assert "1987" in dates.numeric_date(1987, rng)
        assert "1987" in dates.worded_date(1987, rng)


def test_typing_slips_leave_digits_and_the_words_that_turn_a_meaning() -> None:
    text = "not made before 1995 but in 1998, never plastic, neither iron nor nothing like it, no longer poor"
    for seed in range(300):
        slipped = misspell(text, Random(seed), 3)
        assert re.findall(r"\d+", slipped) == ["1995", "1998"]
        for word in ("not", "before", "never", "neither", "nothing", "longer", "iron"):
            assert re.search(rf"\b{word}\b", slipped)


def test_disturbing_a_text_keeps_its_digits_and_their_order() -> None:
    text = "Steel bracket, P/N 1987-334-A, made in 2004. Good condition."
    for seed in range(300):
        assert re.findall(r"\d+", disturb(text, Random(seed))) == ["1987", "334", "2004"]


def test_no_name_of_a_component_speaks_of_a_material() -> None:
    names = {name.lower() for known in materials.NAMES.values() for name in known if len(name) > 2}
    for part in (*parts.PARTS, *parts.GENERIC):
        assert not set(part.lower().split()) & names, part
    assert len(set(parts.PARTS)) == len(parts.PARTS) > 150


def test_no_name_of_a_material_is_shared_by_two() -> None:
    names = [name.lower() for known in materials.NAMES.values() for name in known]
    assert len(set(names)) == len(names)
