"""The tokenizer: learned from training texts only, shipped in the bundle, so that serving never re-learns it.

Digits stay single, because the rule compares years: a token "1994" says nothing about 1995 or 1993. Words
never seen are spelled out in smaller pieces down to single characters; a character never seen is one [UNK].
"""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from random import Random

import numpy as np
import numpy.typing as npt
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

from mlops.training.errors import ConfigError

PAD, CLS, SEP, UNK = "[PAD]", "[CLS]", "[SEP]", "[UNK]"
SPECIAL = (PAD, CLS, SEP, UNK)
_FEW = 64
_PRINTABLE = [chr(code) for code in range(33, 127) if not chr(code).isupper()]

Ids = npt.NDArray[np.int64]


def learn(texts: Iterable[str], *, vocabulary: int) -> Tokenizer:
    """A byte-pair tokenizer of at most `vocabulary` tokens that writes text as [CLS] … [SEP]."""
    tokenizer = Tokenizer(models.BPE(unk_token=UNK))
    tokenizer.normalizer = _normalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Metaspace(prepend_scheme="always"),
            pre_tokenizers.Digits(individual_digits=True),
            pre_tokenizers.Punctuation(behavior="isolated"),
        ]
    )
    tokenizer.decoder = decoders.Metaspace()
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary,
        min_frequency=2,
        special_tokens=list(SPECIAL),
        initial_alphabet=[*_PRINTABLE, "▁"],
        limit_alphabet=len(_PRINTABLE) + 40,
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    ids = {token: tokenizer.token_to_id(token) for token in (CLS, SEP)}
    tokenizer.post_processor = processors.TemplateProcessing(single=f"{CLS} $A {SEP}", special_tokens=list(ids.items()))
    return tokenizer


def _normalizer() -> normalizers.Normalizer:
    """One spelling for one meaning: compatibility forms, case, accents, quotes, dashes; a line end becomes a bar."""
    return normalizers.Sequence(
        [
            normalizers.Replace(Regex(r"\s*[\r\n]+\s*"), " | "),
            normalizers.Replace(Regex(r"[\p{Cc}\p{Cf}\p{Co}\p{Cn}]"), " "),
            normalizers.NFKC(),
            normalizers.Lowercase(),
            normalizers.NFD(),
            normalizers.StripAccents(),
            normalizers.Replace(Regex(r"[‘’‚‛′`´]"), "'"),
            normalizers.Replace(Regex(r"[“”„‟″«»]"), '"'),
            normalizers.Replace(Regex(r"[‐‑‒–—―−]"), "-"),
            normalizers.Replace(Regex(r"\s+"), " "),
            normalizers.Strip(),
        ]
    )


def open_pretrained(directory: Path) -> Tokenizer:
    """The tokenizer of a local checkpoint, without truncation or padding. Raises ConfigError where it lacks [PAD]."""
    path = directory / "tokenizer.json"
    if not path.is_file():
        raise ConfigError(f"The checkpoint {directory} has no tokenizer.json: save its fast tokenizer there.")
    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    pad_id_of(tokenizer)
    return tokenizer


class SubwordDropout:
    """Takes tokens apart at random while training, so that a word is also known by its pieces.

    In the manner of BPE-dropout (arXiv:1910.13267), which the library cannot repeat: here the caller's seed decides.
    """

    def __init__(self, tokenizer: Tokenizer, share: float) -> None:
        """`share` of the tokens, and again of their pieces, are cut where both halves are tokens too."""
        self._share = share
        vocabulary = tokenizer.get_vocab(with_added_tokens=False)
        self._cuts: dict[int, list[tuple[int, int]]] = {}
        for token, number in vocabulary.items():
            halves = ((token[:at], token[at:]) for at in range(1, len(token)))
            cuts = [
                (vocabulary[left], vocabulary[right]) for left, right in halves if {left, right} <= vocabulary.keys()
            ]
            if cuts and token not in SPECIAL:
                self._cuts[number] = cuts

    def apply(self, row: Sequence[int], rng: Random) -> list[int]:
        """The ids of a row with some of them replaced by those of their pieces, in place."""
        if not self._share:
            return list(row)
        found: list[int] = []
        for number in row:
            self._take(number, rng, found)
        return found

    def _take(self, number: int, rng: Random, found: list[int]) -> None:
        if rng.random() >= self._share or number not in self._cuts:
            found.append(number)
            return
        cuts = self._cuts[number]
        for piece in cuts[int(rng.random() * len(cuts))]:
            self._take(piece, rng, found)


def pad_id_of(tokenizer: Tokenizer) -> int:
    """The id that fills rows up. Raises ConfigError where there is no [PAD] token."""
    pad_id = tokenizer.token_to_id(PAD)
    if pad_id is None:
        raise ConfigError(f"The tokenizer has no {PAD} token, which batches need.")
    return pad_id


def as_bytes(tokenizer: Tokenizer) -> bytes:
    """The tokenizer as the file a bundle holds: no truncation, no padding."""
    values = json.loads(tokenizer.to_str())
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()


def encode(tokenizer: Tokenizer, texts: Sequence[str], *, max_tokens: int) -> list[list[int]]:
    """Token ids of each text, cut to `max_tokens`."""
    # A batch goes through a pool of threads, which pays for many texts only.
    few = len(texts) <= _FEW
    encodings = [tokenizer.encode(text) for text in texts] if few else tokenizer.encode_batch(list(texts))
    return [cut(encoding.ids, max_tokens) for encoding in encodings]


def cut(row: list[int], max_tokens: int) -> list[int]:
    """The row cut to `max_tokens`, with the closing token kept."""
    return row if len(row) <= max_tokens else [*row[: max_tokens - 1], row[-1]]


def pad(rows: Sequence[Sequence[int]], pad_id: int) -> tuple[Ids, Ids]:
    """Rows of ids as one rectangle and its mask, both int64 [rows, longest row]."""
    width = max(len(row) for row in rows)
    ids = np.full((len(rows), width), pad_id, dtype=np.int64)
    mask = np.zeros_like(ids)
    for index, row in enumerate(rows):
        ids[index, : len(row)] = row
        mask[index, : len(row)] = 1
    return ids, mask
