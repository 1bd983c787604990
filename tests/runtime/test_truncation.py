"""An over-long text is cut to exactly what the model reads, without being read to its end."""

import dataclasses
import json
from collections.abc import Callable
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Encoding, Tokenizer, normalizers

from mlops.runtime.locality import SEAM, reads_forward
from mlops.runtime.reader import LONGEST_WORD, Reader
from tests.runtime.tokenizers_of_many_kinds import READ_FORWARD, READ_WHOLE, cleaned_byte_pairs, word_pieces

MAX_TOKENS = 8
KINDS = [*READ_FORWARD, *READ_WHOLE]
"""All of them read each text that is made up: to make one up takes longer than to read it."""

pieces = st.sampled_from(
    ["steel", "not", "plastic", "1994", "x" * 90, " ", "  ", " " * 70,
      "\n", "\r\n ", "\t", ",", "-", "’s", "É", "e\u0301",
     " \u0301", "\u200b", "\x00", "\x1c", "\u00a0", "\u3000", "㌀", "漢", "ẞ", "😀", "[SEP]"]
)  # fmt: skip
long_texts = st.lists(st.one_of(pieces, pieces, st.text(max_size=3)), max_size=60).map("".join)


@cache
def both(kind: Callable[[], Tokenizer]) -> tuple[Tokenizer, Reader]:
    """The tokenizer as its library runs it, on whole texts, and the reader of it."""
    tokenizer = kind()
    reader = Reader.parse(tokenizer.to_str().encode(), max_tokens=MAX_TOKENS)
    tokenizer.encode_special_tokens = True
    if reader._first_window is not None:  # So small that what it cuts off matters.
        reader = dataclasses.replace(reader, _first_window=3)
    return tokenizer, reader


@settings(deadline=None, max_examples=150)
@given(text=long_texts)
def test_the_beginning_is_read_as_if_the_whole_had_been(text: str) -> None:
    for tokenizer, reader in map(both, KINDS):
        tokenizer.no_truncation()
        whole = tokenizer.encode(text)
        tokenizer.enable_truncation(MAX_TOKENS)
        cut = tokenizer.encode(text)
        (reading,) = reader.read([text])
        assert reading.ids == cut.ids
        assert reading.truncated == (len(whole.ids) > MAX_TOKENS)
        normalised = tokenizer.normalizer.normalize_str(text) if tokenizer.normalizer else text
        assert normalised.startswith(reading.text_seen)
        assert reading.truncated or reading.text_seen == normalised


@settings(deadline=None, max_examples=150)
@given(text=long_texts)
def test_the_tokens_before_a_seam_are_the_same_whatever_follows(text: str) -> None:
    for tokenizer, _ in map(both, READ_FORWARD):
        tokenizer.no_truncation()
        whole = tokenizer.encode(text, add_special_tokens=False).ids
        for seam in SEAM.finditer(text):
            beginning = tokenizer.encode(text[: seam.start()], add_special_tokens=False).ids
            assert beginning == whole[: len(beginning)]


@settings(deadline=None, max_examples=50)
@given(texts=st.lists(long_texts, min_size=2, max_size=5))
def test_texts_are_read_together_as_each_alone(texts: list[str]) -> None:
    for _, reader in map(both, KINDS):
        assert reader.read(texts) == [reader.read([text])[0] for text in texts]


@pytest.mark.parametrize(("words", "truncated"), [(5, False), (6, False), (7, True), (5000, True)])
def test_the_text_seen_ends_with_the_last_token_that_fits(words: int, truncated: bool) -> None:
    _, reader = both(word_pieces)
    (reading,) = reader.read(["Steel  " * words])
    assert reading.truncated is truncated
    assert reading.text_seen.split() == ["steel"] * min(words, MAX_TOKENS - 2)
    assert reading.text_seen.endswith("steel") is truncated
    assert len(reading.ids) == min(words + 2, MAX_TOKENS)


def test_a_word_is_cut_where_its_last_piece_ends() -> None:
    _, reader = both(word_pieces)
    assert reader.read(["steel abcdefgh"])[0].text_seen == "steel abcde"


@pytest.mark.parametrize("kind", READ_FORWARD, ids=lambda kind: kind.__name__)
def test_a_long_text_is_not_read_to_its_end(kind: Callable[[], Tokenizer]) -> None:
    read: list[str] = []
    _, reader = both(kind)
    watched = dataclasses.replace(reader, _normalise=lambda text: read.append(text) or text)
    watched.read(["steel, not plastic, of 1994 " * 400] * 3)
    assert max(map(len, read)) < 100


class Watched:
    """A tokenizer that keeps the lengths of what it was given."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self.tokenizer = tokenizer
        self.lengths: list[int] = []

    def encode(self, text: str) -> Encoding:
        self.lengths.append(len(text))
        return self.tokenizer.encode(text)


@pytest.mark.parametrize("kind", READ_FORWARD, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("text", ["steel," * 1_600, "1994, " * 1_600, "ж, " * 3_000, "㌀, " * 3_000])
def test_a_text_without_seams_is_not_read_to_its_end(kind: Callable[[], Tokenizer], text: str) -> None:
    tokenizer, reader = both(kind)
    tokenizer.enable_truncation(MAX_TOKENS)
    watched = Watched(reader._tokenizer)
    (reading,) = dataclasses.replace(reader, _first_window=64, _tokenizer=watched).read([text])
    assert reading.truncated
    assert reading.ids == tokenizer.encode(text).ids
    assert max(watched.lengths) <= 64 + LONGEST_WORD


def test_a_character_that_is_written_as_many_is_not_read_to_its_end() -> None:
    _, reader = both(cleaned_byte_pairs)
    expanding = normalizers.Replace("x", "steel " * 50)
    watched = Watched(reader._tokenizer)
    swelling = dataclasses.replace(reader, _first_window=64, _normalise=expanding.normalize_str, _tokenizer=watched)
    assert swelling.read(["x" * 9_000])[0].text_seen == "steel " * 5 + "steel"
    assert max(watched.lengths) <= 64 + LONGEST_WORD


seamless = st.lists(
    st.sampled_from(["ж", "漢", "é", "ß, ", "㌀", "1", "-", "，", " ", "\n", "é ", "steel, ", "x" * 40 + "."]),
    min_size=150,
    max_size=400,
).map("".join)


@settings(deadline=None, max_examples=100)
@given(text=seamless)
def test_a_text_without_seams_is_read_as_if_the_whole_had_been(text: str) -> None:
    for tokenizer, reader in map(both, KINDS):
        tokenizer.enable_truncation(MAX_TOKENS)
        (reading,) = reader.read([text])
        assert reading.ids == tokenizer.encode(text).ids


@pytest.mark.parametrize("text", [" " * 9_000 + "steel 1", "x" * 9_000 + " steel", "steel" + "\n" * 9_000 + "1"])
def test_what_stands_behind_much_white_space_is_still_read(text: str) -> None:
    tokenizer, reader = both(word_pieces)
    tokenizer.no_truncation()
    assert reader.read([text])[0].ids == tokenizer.encode(text).ids


@pytest.mark.parametrize("kind", READ_FORWARD, ids=lambda kind: kind.__name__)
def test_tokenizers_that_split_at_spaces_read_forward(kind: Callable[[], Tokenizer]) -> None:
    assert reads_forward(json.loads(kind().to_str()))


@pytest.mark.parametrize("kind", READ_WHOLE, ids=lambda kind: kind.__name__)
def test_tokenizers_that_look_over_spaces_read_the_whole(kind: Callable[[], Tokenizer]) -> None:
    assert not reads_forward(json.loads(kind().to_str()))


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("pre_tokenizer", None),
        ("pre_tokenizer", {"type": "Split"}),
        ("pre_tokenizer", {"type": "ByteLevel", "use_regex": False}),
        ("pre_tokenizer", {"type": "Sequence", "pretokenizers": [{"type": "Digits"}]}),
        ("pre_tokenizer", {"type": "Sequence"}),
        ("pre_tokenizer", "BertPreTokenizer"),
        ("normalizer", {"type": "New"}),
        ("normalizer", {"type": ["Lowercase"]}),
        ("normalizer", {"type": "Sequence", "normalizers": [{"type": "NFC"}, {"type": "Prepend"}]}),
        *(
            ("normalizer", {"type": "Replace", "pattern": pattern, "content": content})
            for pattern, content in [
                ({"Regex": "[a-z]+"}, " "),
                ({"Regex": "[!-~]"}, " "),
                ({"Regex": r"[^\s]+"}, " "),
                ({"Regex": r"\w+"}, " "),
                ({"Regex": r"\s+(?=x)"}, " "),
                ({"Regex": "."}, " "),
                ({"Regex": r"\s+"}, "_"),
                ({"Regex": r"[\p{L}]"}, " "),
                ({"String": "l "}, "l"),
                ({"String": " "}, ""),
                ({"String": "of"}, ""),
                ({}, ""),
            ]
        ),
    ],
)
def test_what_is_not_known_to_read_forward_reads_the_whole(part: str, value: object) -> None:
    tokenizer = json.loads(word_pieces().to_str())
    assert reads_forward(tokenizer)
    assert not reads_forward({**tokenizer, part: value})


def test_a_tokenizer_without_a_normalizer_shows_the_text_itself() -> None:
    tokenizer = word_pieces()
    tokenizer.normalizer = normalizers.Sequence([])
    reader = Reader.parse(tokenizer.to_str().encode(), max_tokens=MAX_TOKENS)
    assert reader.read(["Stahl"])[0].text_seen == "Stahl"
