"""From texts to token ids, and to what of each text the model gets to see."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from tokenizers import Encoding, Tokenizer, models

from mlops.exceptions import ArtifactCorrupt, LoadError, ModelError
from mlops.runtime.locality import SEAM, reads_forward
from mlops.runtime.strict_json import parse_object

PAD = "[PAD]"
CHARACTERS_PER_TOKEN = 8
"""How many characters for each token that the model can read are tokenised first; few texts need more."""

WIDER = 4
"""How many times as much is tokenised next where that was too little."""

LONGEST_WORD = 256
"""How many characters without a space are read as one word, whatever a longer one goes on with.

The time of a byte-pair model grows with the length of a word faster than with that of a text.
"""

_SURROGATE = re.compile("[\ud800-\udfff]")
_REPLACEMENT = "\ufffd"


class Reading(NamedTuple):
    """Token ids of one text, special ones included, cut to the model's limit where `truncated`."""

    ids: list[int]
    text_seen: str
    truncated: bool


class _Beginning(NamedTuple):
    """The normalised beginning of a text, from its first `window` characters and the word after them.

    Tokens that end within the first `sure` characters of `seen` are those of the `whole` text, if no word of it is
    longer than LONGEST_WORD.
    """

    seen: str
    sure: int
    whole: bool
    window: int


@dataclass(frozen=True, slots=True, eq=False)
class Reader:
    """A tokenizer that never raises on a text and never reads far beyond `max_tokens`. Thread-safe.

    The normalizer is applied apart from the rest, so that the text seen costs nothing more.
    """

    max_tokens: int
    pad_id: int
    largest_id: int
    _normalise: Callable[[str], str]
    _tokenizer: Tokenizer
    _first_window: int | None

    @classmethod
    def parse(cls, content: bytes, *, max_tokens: int) -> "Reader":
        """The reader of a tokenizer file; raises LoadError where the file is none or has no [PAD]."""
        tokenizer, reads_on = _open(content)
        pad_id = tokenizer.token_to_id(PAD)
        if pad_id is None:
            raise LoadError(
                f"tokenizer.json has no {PAD} token: train the tokenizer with one and pack the bundle anew."
            )
        normalizer = tokenizer.normalizer
        tokenizer.normalizer = None
        tokenizer.no_padding()
        with _failing_as(LoadError, f"tokenizer.json does not fit texts of {max_tokens} tokens"):
            tokenizer.enable_truncation(max_tokens)
        if isinstance(tokenizer.model, models.BPE | models.Unigram):
            # Each thread would keep the words it has met, and keep them on when the tokenizer is gone: a quarter of
            # a megabyte and more for each swap and thread. Without, a text costs about 5 µs more.
            tokenizer.model._resize_cache(0)
        # Whoever writes "[SEP]" in a description means the five characters.
        tokenizer.encode_special_tokens = True
        return cls(
            max_tokens=max_tokens,
            pad_id=pad_id,
            largest_id=max(tokenizer.get_vocab(with_added_tokens=True).values()),
            _normalise=normalizer.normalize_str if normalizer is not None else str,
            _tokenizer=tokenizer,
            _first_window=CHARACTERS_PER_TOKEN * max_tokens if reads_on else None,
        )

    def read(self, texts: Sequence[str]) -> list[Reading]:
        """One reading for each text, in their order. Half characters (lone surrogates) are read as U+FFFD.

        Raises ModelError where the tokenizer has no way to write a text.
        """
        whole = [text if text.isascii() else _SURROGATE.sub(_REPLACEMENT, text) for text in texts]
        with _failing_as(ModelError, "The tokenizer failed on a text"):
            beginnings = [self._beginning(text, self._first_window) for text in whole]
            seen = [beginning.seen for beginning in beginnings]
            # A batch goes through a pool of threads, which one text would only wait for.
            encodings = [self._tokenizer.encode(seen[0])] if len(seen) == 1 else self._tokenizer.encode_batch(seen)
            return list(map(self._reading, whole, beginnings, encodings))

    def _beginning(self, text: str, window: int | None) -> _Beginning:
        """Up to the first seam after `window` characters; where none comes soon, up to the middle of a word."""
        if window is None:
            seen = self._normalise(text)
            return _Beginning(seen, len(seen), whole=True, window=len(text))
        most = window + LONGEST_WORD
        seam = SEAM.search(text, window, most) if len(text) > window else None
        end = seam.start() if seam else min(most, len(text))
        seen = self._normalise(text[:end])
        whole = end == len(text) and len(seen) <= most
        if whole or (seam and len(seen) <= most):
            return _Beginning(seen, len(seen), whole, window)
        # A normaliser may write one character as many: what it wrote has an end as well.
        seen = seen[:most]
        return _Beginning(seen, len(seen) - LONGEST_WORD, whole, window)

    def _reading(self, text: str, beginning: _Beginning, encoding: Encoding) -> Reading:
        # More white space, or longer words, than expected: the model has room for more.
        while not beginning.whole and not (encoding.overflowing and _read_to(encoding) <= beginning.sure):
            beginning = self._beginning(text, WIDER * beginning.window)
            encoding = self._tokenizer.encode(beginning.seen)
        ids, seen = encoding.ids, beginning.seen
        if len(ids) < self.max_tokens or not encoding.overflowing:
            return Reading(ids, seen, truncated=False)
        return Reading(ids, seen[: _read_to(encoding)], truncated=True)


def _read_to(encoding: Encoding) -> int:
    return max(stop for _, stop in encoding.offsets)


def _open(content: bytes) -> tuple[Tokenizer, bool]:
    try:
        config = parse_object("tokenizer.json", content)
    except ArtifactCorrupt as error:
        raise LoadError(str(error)) from error
    with _failing_as(LoadError, "tokenizer.json is no tokenizer"):
        tokenizer = Tokenizer.from_str(content.decode("utf-8"))
    if any(not token.special for token in tokenizer.get_added_tokens_decoder().values()):
        # These are looked for in the text before it is normalised, across words and spaces.
        raise LoadError("tokenizer.json has added tokens that are not special: make them part of the vocabulary.")
    if getattr(tokenizer.model, "dropout", None):
        raise LoadError("tokenizer.json has dropout, by which one text has many readings: take it out.")
    return tokenizer, reads_forward(config)


class _failing_as:  # noqa: N801  reads like the function it stands for, at a fifth of a generator's cost
    """Turns the failures of the tokenizers library into an error of the model."""

    __slots__ = ("_error", "_problem")

    def __init__(self, error: type[ModelError], problem: str) -> None:
        self._error = error
        self._problem = problem

    def __enter__(self) -> None:
        return

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        # The library raises Exception itself and, where its Rust panics, what is no Exception and has no public name.
        if kind is Exception or (kind is not None and kind.__module__ == "pyo3_runtime"):
            raise self._error(f"{self._problem}: {error}. Train the tokenizer again.") from error
