"""The tokenizer keeps digits apart, spells out what it does not know, and is the same wherever it is read."""

import json
from random import Random

import numpy as np
import pytest
from tokenizers import Tokenizer

from mlops.runtime.locality import reads_forward
from mlops.runtime.reader import Reader
from mlops.training import tokenizer as tokens
from mlops.training.dataset import generate


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return tokens.learn((example.text for example in generate(3_000, seed=1)), vocabulary=900)


def _words(tokenizer: Tokenizer, text: str) -> list[str]:
    return [token for token in tokenizer.encode(text).tokens if token not in tokens.SPECIAL]


def test_every_digit_is_a_token_of_its_own(tokenizer: Tokenizer) -> None:
    assert [token for token in _words(tokenizer, "made in 1994") if token.isdigit()] == list("1994")


def test_no_token_holds_two_digits(tokenizer: Tokenizer) -> None:
    assert not [token for token in tokenizer.get_vocab() if sum(letter.isdigit() for letter in token) > 1]


def test_an_unseen_word_is_spelled_out_and_does_not_vanish(tokenizer: Tokenizer) -> None:
    assert "".join(_words(tokenizer, "zorbulator")).replace("▁", "") == "zorbulator"


def test_a_character_never_seen_is_one_unknown_token(tokenizer: Tokenizer) -> None:
    assert tokenizer.encode("steel 🚗").tokens.count(tokens.UNK) == 1


@pytest.mark.parametrize(
    ("written", "same"),
    [
        ("STEEL Bumper", "steel bumper"),
        ("coupé", "coupe"),
        ("ﬁlter", "filter"),
        ("it’s “good”", 'it\'s "good"'),
        ("carbon–fibre", "carbon-fibre"),
        ("steel \t good", "steel good"),
        ("steel\r\n\ngood", "steel | good"),
        ("ste\x00el", "ste el"),
    ],
)
def test_spellings_that_mean_the_same_are_read_the_same(tokenizer: Tokenizer, written: str, same: str) -> None:
    assert tokenizer.encode(written).tokens == tokenizer.encode(same).tokens


def test_a_text_stands_between_its_marks(tokenizer: Tokenizer) -> None:
    marks = tokenizer.encode("steel").tokens

    assert (marks[0], marks[-1]) == (tokens.CLS, tokens.SEP)


def test_a_cut_text_keeps_its_closing_mark(tokenizer: Tokenizer) -> None:
    (row,) = tokens.encode(tokenizer, ["steel " * 50], max_tokens=16)

    assert len(row) == 16
    assert row[-1] == tokenizer.token_to_id(tokens.SEP)


def test_training_and_serving_read_a_text_alike(tokenizer: Tokenizer) -> None:
    texts = [example.text for example in generate(300, seed=2)]
    reader = Reader.parse(tokens.as_bytes(tokenizer), max_tokens=32)

    assert [reading.ids for reading in reader.read(texts)] == tokens.encode(tokenizer, texts, max_tokens=32)


def test_serving_need_not_read_a_long_text_to_its_end(tokenizer: Tokenizer) -> None:
    assert reads_forward(json.loads(tokens.as_bytes(tokenizer)))


def test_subword_dropout_takes_words_apart_and_loses_no_letter(tokenizer: Tokenizer) -> None:
    row = tokenizer.encode("manufactured component 1994").ids
    dropout = tokens.SubwordDropout(tokenizer, 0.4)
    loosened = [dropout.apply(row, Random(seed)) for seed in range(30)]

    assert len({tuple(ids) for ids in loosened}) > 5
    assert {_spelt(tokenizer, ids) for ids in loosened} == {_spelt(tokenizer, row)}


def test_subword_dropout_follows_its_seed(tokenizer: Tokenizer) -> None:
    row = tokenizer.encode("manufactured component").ids
    dropout = tokens.SubwordDropout(tokenizer, 0.4)

    assert dropout.apply(row, Random(3)) == dropout.apply(row, Random(3))


def test_without_subword_dropout_a_row_stays_as_it_is(tokenizer: Tokenizer) -> None:
    row = tokenizer.encode("manufactured component").ids

    assert tokens.SubwordDropout(tokenizer, 0.0).apply(row, Random(3)) == row


def _spelt(tokenizer: Tokenizer, ids: list[int]) -> str:
    return "".join(str(tokenizer.id_to_token(number)) for number in ids)


def test_padding_fills_up_and_is_masked() -> None:
    ids, mask = tokens.pad([[5, 6, 7], [8]], 0)

    assert ids.dtype == mask.dtype == np.int64
    assert ids.tolist() == [[5, 6, 7], [8, 0, 0]]
    assert mask.tolist() == [[1, 1, 1], [1, 0, 0]]
