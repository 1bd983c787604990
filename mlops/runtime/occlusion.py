"""Which words of a text drove its score: each is left out in turn, and the score looked at again.

Occlusion: Zeiler and Fergus, "Visualizing and Understanding Convolutional Networks", ECCV 2014, section 4.2; for words:
Li, Monroe and Jurafsky, "Understanding Neural Networks through Representation Erasure", arXiv:1612.08220, 2016.

A word is left out of the text, and the rest read anew, so that the model gets a text as people write them. A token in
the word's place would ask more of it: [UNK] stands for characters that hardly any text of the training had, and a
mask means something only to models that were trained with one. Where each of two words suffices by itself, neither
moves the score; their log odds may still show it.
"""

import math
import sys
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby, islice

from mlops.contracts import WordWeight
from mlops.runtime.reader import Reader

TOKENS_PER_RUN = 32_768
"""A run of the model takes so many tokens at most: one run for any text of 128 tokens, and bounded memory for all."""


@dataclass(frozen=True, slots=True)
class Occlusion:
    """The score of a text of which text[:read_to] was read, and its words in order, `max_tokens` of them at most."""

    score: float
    read_to: int
    words: tuple[WordWeight, ...]


def occlude(text: str, *, reader: Reader, score: Callable[[Sequence[list[int]]], list[float]]) -> Occlusion:
    """Leave out each word that was read; `score` gives those of rows of token ids, in one run of the model.

    Of a word that the model's limit cuts, the rest may come to be read where a word before it is left out; nothing
    after it does. Raises ModelError.
    """
    read_to = _read_to(text, reader)
    read = text[:read_to]
    words = list(islice(_words(read), reader.max_tokens))
    rows = [reading.ids for reading in reader.read([read, *(_without(read, *word) for word in words)])]
    at_once = max(1, TOKENS_PER_RUN // reader.max_tokens)
    scores = [found for first in range(0, len(rows), at_once) for found in score(rows[first : first + at_once])]
    whole, *without = scores
    weights = tuple(
        WordWeight(*word, weight=whole - found, log_odds=_log_odds(whole) - _log_odds(found))
        for word, found in zip(words, without, strict=True)
    )
    return Occlusion(whole, read_to, weights)


def _read_to(text: str, reader: Reader) -> int:
    """How many characters suffice for the same tokens, found by halving; no fewer than one less would do."""
    (whole,) = reader.read([text])
    if not whole.truncated:
        return len(text)
    too_few, enough = 0, len(text)
    while enough - too_few > 1:
        middle = (too_few + enough) // 2
        if reader.read([text[:middle]])[0].ids == whole.ids:
            enough = middle
        else:
            too_few = middle
    return enough


def _words(text: str) -> list[tuple[int, int]]:
    """Start and stop of each run of letters, digits and the marks on them."""
    found = []
    start = 0
    for in_word, run in groupby(text, key=lambda character: unicodedata.category(character)[0] in "LMN"):
        stop = start + sum(1 for _ in run)
        if in_word:
            found.append((start, stop))
        start = stop
    return found


def _without(text: str, start: int, stop: int) -> str:
    """The text without a word, and without one of two spaces that would meet where it stood."""
    before, after = text[:start], text[stop:]
    if after[:1].isspace() and (not before or before[-1].isspace()):
        after = after[1:]
    return before + after


def _log_odds(score: float) -> float:
    """Finite for every score: as far from 0 and 1 as a float can tell, which is at ±36."""
    return math.log(max(score, sys.float_info.epsilon) / max(1 - score, sys.float_info.epsilon))
