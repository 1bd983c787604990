"""A share of things counted, with how sure one may be of it."""

import math
from dataclasses import dataclass
from typing import Final

Z95: Final = 1.959963984540054
"""Between this and its negative lie 95 % of a standard normal distribution."""


@dataclass(frozen=True, slots=True)
class Share:
    """`right` of `total`, its share, and the 95 % Wilson interval of that share (E. B. Wilson, 1927).

    The domain has the same in components.agreement: the door of this platform passes no statistics.
    """

    right: int
    total: int
    share: float
    low: float
    high: float

    @classmethod
    def of(cls, right: int, total: int) -> "Share":
        """Of nothing the share is 0, and may be anything."""
        if total == 0:
            return cls(0, 0, 0.0, 0.0, 1.0)
        share, z2 = right / total, Z95**2
        centre = (share + z2 / (2 * total)) / (1 + z2 / total)
        reach = Z95 * math.sqrt(share * (1 - share) / total + z2 / (4 * total**2)) / (1 + z2 / total)
        # At the ends the formula gives 0 and 1, but for the rounding of the square root.
        return cls(right, total, share, centre - reach if right else 0.0, centre + reach if right < total else 1.0)
