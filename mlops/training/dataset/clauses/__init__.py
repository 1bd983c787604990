"""A fact in words: tables of clause wordings by dimension, form and mode.

Forms: `a` before the noun · `p` after the noun or on its own · `v` a finite predicate · `s` a full sentence ·
`n` a fragment of a note · `k` a key and its value. Modes: `plain`; `negated` denies something on the way;
`contrasted` sets the fact against another thing or another time. A wording marked `+` can only be said of a fact that
complies, `-` only of one that violates; all others fit both.
"""

from mlops.training.dataset.clauses.table import CLAUSES, Wording

__all__ = ["CLAUSES", "Wording"]
