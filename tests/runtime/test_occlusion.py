"""Words are left out of what was read of a text, whatever the tokenizer, in few runs of the model."""

from collections.abc import Callable, Sequence
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from mlops.runtime.occlusion import TOKENS_PER_RUN, occlude
from mlops.runtime.reader import Reader
from tests.bundles import tiny_tokenizer
from tests.runtime.tokenizers_of_many_kinds import READ_FORWARD, READ_WHOLE, bytes_of_words

MAX_TOKENS = 8
pieces = st.sampled_from(["steel", "1994", " ", "\n", ", ", "-", "É", "e\u0301", "\u200b", "㌀", "漢", "😀", "[SEP]"])
long_texts = st.lists(st.one_of(pieces, st.text(max_size=3)), max_size=40).map("".join)


@cache
def reader_of(kind: Callable[[], Tokenizer]) -> Reader:
    return Reader.parse(kind().to_str().encode(), max_tokens=MAX_TOKENS)


class Counting:
    """A model whose score is the share of its rows' tokens; it counts its runs, and their tokens at most."""

    def __init__(self) -> None:
        self.runs: list[int] = []

    def __call__(self, rows: Sequence[list[int]]) -> list[float]:
        self.runs.append(len(rows) * max(map(len, rows)))
        return [len(row) / 10_000 for row in rows]


@pytest.mark.parametrize("kind", [*READ_FORWARD, *READ_WHOLE], ids=lambda kind: kind.__name__)
@settings(deadline=None, max_examples=100)
@given(text=long_texts)
def test_words_stand_in_their_order_within_what_was_read(kind: Callable[[], Tokenizer], text: str) -> None:
    reader = reader_of(kind)

    found = occlude(text, reader=reader, score=Counting())

    assert reader.read([text[: found.read_to]])[0].ids == reader.read([text])[0].ids
    offsets = [offset for word in found.words for offset in (word.start, word.stop)]
    assert offsets == sorted(offsets)
    assert all(word.start < word.stop <= found.read_to for word in found.words)
    assert len(found.words) <= MAX_TOKENS


def test_a_text_of_128_tokens_takes_one_run_of_the_model() -> None:
    reader, model = Reader.parse(tiny_tokenizer(), max_tokens=128), Counting()

    found = occlude("steel " * 500, reader=reader, score=model)

    assert len(found.words) == 126
    assert len(model.runs) == 1


def test_a_model_that_reads_far_takes_more_runs_and_no_more_memory() -> None:
    reader, model = Reader.parse(tiny_tokenizer(), max_tokens=512), Counting()

    found = occlude("steel " * 1_000, reader=reader, score=model)

    assert len(found.words) == 510
    assert len(model.runs) > 1
    assert max(model.runs) <= TOKENS_PER_RUN


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("iron steel", {"steel", "iron "}),
        ("made of iron, new", {"of iron, new", "made iron, new", "made of , new", "made of iron, "}),
        ("(iron)", {"()"}),
        ("iron", {""}),
    ],
)
def test_a_word_leaves_no_double_space_behind(text: str, readings: set[str]) -> None:
    reader, read = Reader.parse(bytes_of_words().to_str().encode(), max_tokens=64), []  # spaces are tokens here

    def score(rows: Sequence[list[int]]) -> list[float]:
        read.extend(rows)
        return [0.5] * len(rows)

    occlude(text, reader=reader, score=score)

    assert read[0] == reader.read([text])[0].ids
    assert sorted(read[1:]) == sorted(reading.ids for reading in reader.read(sorted(readings)))
