"""How far people agree beyond chance, and how sure a share is."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

_Z95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Agreement:
    """Cohen's kappa over `pairs` pairs of labels, with its 95 % interval; None where it is not defined.

    1 is full agreement, 0 what chance alone would give. It is not defined without pairs, or where both sides only
    ever gave one and the same label.
    """

    pairs: int
    agreed: int
    kappa: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Share:
    """`count` of `of`, with the 95 % interval of the share behind it; None, from 0 to 1, where there is nothing."""

    count: int
    of: int
    share: float | None
    low: float
    high: float


def share_of(count: int, of: int) -> Share:
    """A share with the interval of E. B. Wilson (1927), Probable Inference, which is good for few and for rare.

    The model platform has the same in mlops.metrics.shares, which is not to be had through its door.
    """
    if of == 0:
        return Share(0, 0, None, 0.0, 1.0)
    share, square = count / of, _Z95**2
    middle = (share + square / (2 * of)) / (1 + square / of)
    reach = _Z95 * math.sqrt(share * (1 - share) / of + square / (4 * of**2)) / (1 + square / of)
    # At the ends the formula gives 0 and 1, but for the rounding of the square root.
    low = middle - reach if count else 0.0
    high = middle + reach if count < of else 1.0
    return Share(count, of, share, low, high)


def agreement_of(pairs: Mapping[tuple[str, str], int]) -> Agreement:
    """The agreement of pairs of labels for the same things, each with how often it occurs.

    Kappa after J. Cohen (1960), A Coefficient of Agreement for Nominal Scales; its large-sample standard error after
    J. L. Fleiss, J. Cohen and B. S. Everitt (1969), cut to [-1, 1].
    """
    count = sum(pairs.values())
    agreed = sum(times for (one, other), times in pairs.items() if one == other)
    if count == 0:
        return Agreement(0, 0, None, None, None)
    names = sorted({name for pair in pairs for name in pair})
    share = {(row, column): pairs.get((row, column), 0) / count for row in names for column in names}
    rows = {name: sum(share[name, other] for other in names) for name in names}
    columns = {name: sum(share[other, name] for other in names) for name in names}
    observed = agreed / count
    expected = sum(rows[name] * columns[name] for name in names)
    if math.isclose(expected, 1.0):
        return Agreement(count, agreed, None, None, None)
    kappa = (observed - expected) / (1 - expected)
    diagonal = sum(
        share[name, name] * ((1 - expected) - (rows[name] + columns[name]) * (1 - observed)) ** 2 for name in names
    )
    beside = (1 - observed) ** 2 * sum(
        share[row, column] * (columns[row] + rows[column]) ** 2 for row in names for column in names if row != column
    )
    spread = diagonal + beside - (observed * expected - 2 * expected + observed) ** 2
    reach = _Z95 * math.sqrt(max(0.0, spread) / count) / (1 - expected) ** 2
    return Agreement(count, agreed, kappa, max(-1.0, kappa - reach), min(1.0, kappa + reach))
