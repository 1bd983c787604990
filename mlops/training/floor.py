"""The floor: what words alone achieve on the same texts, by TF-IDF and a logistic regression."""

from collections.abc import Mapping, Sequence

import numpy as np

from mlops.metrics.shares import Share
from mlops.training.corpus import Sample

MOST_TEXTS = 30_000


def measure_floor(train: Sequence[Sample], held_out: Mapping[str, Sequence[Sample]], *, seed: int) -> dict[str, Share]:
    """Accuracy on each held-out set of a linear model of words and word pairs, learned from at most 30,000 texts."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    texts = train[:MOST_TEXTS]
    model = make_pipeline(
        TfidfVectorizer(ngram_range=(1, 2), min_df=2, max_features=50_000, sublinear_tf=True),
        LogisticRegression(max_iter=300, random_state=seed),
    )
    model.fit([sample.text for sample in texts], [sample.label for sample in texts])
    shares: dict[str, Share] = {}
    for name, samples in held_out.items():
        said = np.asarray(model.predict([sample.text for sample in samples]))
        truth = np.array([sample.label for sample in samples])
        shares[name] = Share.of(int((said == truth).sum()), len(samples))
    return shares
