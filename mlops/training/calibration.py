"""Turns logits into probabilities that may be believed."""

from collections.abc import Sequence

import numpy as np

from mlops.metrics.calibration import Floats
from mlops.runtime.manifest import Calibration


def scores(logits: Sequence[float], calibration: Calibration) -> Floats:
    """The probability of non-compliant that each logit means."""
    value = calibration.scale * np.asarray(logits, dtype=np.float64) + calibration.offset
    return np.asarray(0.5 * (1 + np.tanh(0.5 * value)))


def fit_platt(logits: Sequence[float], labels: Sequence[int], *, rounds: int = 50) -> Calibration:
    """Platt scaling by Newton's method, with Platt's own guard against certainty in the targets.

    J. Platt, "Probabilistic outputs for support vector machines" (1999); H.-T. Lin et al. (2007). A scale that
    would turn the model's direction around is refused in favour of leaving the logits as they are.
    """
    x, y = np.asarray(logits, dtype=np.float64), np.asarray(labels)
    positive, negative = int((y == 1).sum()), int((y == 0).sum())
    target = np.where(y == 1, (positive + 1) / (positive + 2), 1 / (negative + 2))
    design = np.stack([x, np.ones_like(x)], axis=1)
    weights = np.array([1.0, 0.0])
    for _ in range(rounds):
        probability = 0.5 * (1 + np.tanh(0.5 * (design @ weights)))
        gradient = design.T @ (probability - target)
        curvature = (design * (probability * (1 - probability) + 1e-6)[:, None]).T @ design + 1e-6 * np.eye(2)
        step = np.linalg.solve(curvature, gradient)
        weights = weights - step * min(1.0, 2.0 / float(np.abs(step).max() + 1e-12))
        if float(np.abs(step).max()) < 1e-9:
            break
    if not np.isfinite(weights).all() or weights[0] <= 0:
        return Calibration(scale=1.0, offset=0.0)
    return Calibration(scale=float(weights[0]), offset=float(weights[1]))
