"""The distributions of held-out texts and scores, against which drift is measured once the model serves."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
from tokenizers import Tokenizer

from mlops.contracts import Label
from mlops.metrics.calibration import Floats
from mlops.training import tokenizer as tokens

MOST_TERMS = 500
_WORD = re.compile(r"[^\W\d_]+")
_BINS = 20


def reference_of(
    texts: Sequence[str], scores: Floats, *, tokenizer: Tokenizer, threshold: float, max_tokens: int
) -> dict[str, Any]:
    """What reference.json holds. Counts of n bins stand between n + 1 edges; shares are of texts, in [0, 1]."""
    rows = tokens.encode(tokenizer, texts, max_tokens=max_tokens)
    non_compliant = float((scores >= threshold).mean())
    lengths = [len(row) for row in rows]
    return {
        "rows": len(texts),
        "score": _histogram(scores, np.linspace(0, 1, _BINS + 1)),
        "tokens": _histogram(np.asarray(lengths, dtype=float), _edges(lengths)),
        "characters": _histogram(np.array([len(text) for text in texts], dtype=float), _edges([len(t) for t in texts])),
        "unknown_token_rate": _unknown(rows, tokenizer) / sum(lengths),
        "label_share": {Label.COMPLIANT.value: 1 - non_compliant, Label.NON_COMPLIANT.value: non_compliant},
        "terms": _terms(texts),
    }


def _unknown(rows: Sequence[Sequence[int]], tokenizer: Tokenizer) -> int:
    """How many tokens stand for characters that the tokenizer never saw."""
    unknown = tokenizer.token_to_id(tokens.UNK)
    return 0 if unknown is None else sum(list(row).count(unknown) for row in rows)


def _edges(values: Sequence[int]) -> Floats:
    """Edges from 0 to beyond the largest value, at the quantiles, so that each bin holds about as many."""
    inner = np.unique(np.quantile(np.asarray(values, dtype=float), np.linspace(0, 1, _BINS + 1)[1:-1]))
    inner = inner[(inner > 0) & (inner < max(values))]
    return np.concatenate([[0.0], inner, [float(max(values)) + 1]])


def _histogram(values: Floats, edges: Floats) -> dict[str, list[float] | list[int]]:
    counts, _ = np.histogram(values, bins=edges)
    return {"edges": [round(float(edge), 6) for edge in edges], "counts": [int(count) for count in counts]}


def _terms(texts: Sequence[str]) -> dict[str, float]:
    """The share of texts that hold a word, for the words that most texts hold."""
    seen: Counter[str] = Counter()
    for text in texts:
        seen.update(set(_WORD.findall(text.lower())))
    return {word: round(count / len(texts), 6) for word, count in seen.most_common(MOST_TERMS)}
