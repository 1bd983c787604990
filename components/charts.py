"""Figures as places in a drawing; the templates write them as SVG, each beside the table of the same figures."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 560, 120
GAP = 0.25


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of a chart, in a drawing of WIDTH × HEIGHT that begins at the top left."""

    name: str
    value: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Bars:
    """A bar chart; `top` is the value of its upper edge."""

    bars: tuple[Bar, ...]
    top: int
    width: int = WIDTH
    height: int = HEIGHT


def bars_of(values: Sequence[tuple[str, int]]) -> Bars:
    """A chart of named values from left to right."""
    top = max([1, *(value for _, value in values)])
    step = WIDTH / max(1, len(values))
    return Bars(
        tuple(
            Bar(
                name=name,
                value=value,
                x=round(step * (place + GAP / 2), 2),
                y=round(HEIGHT * (1 - value / top), 2),
                width=round(step * (1 - GAP), 2),
                height=round(HEIGHT * value / top, 2),
            )
            for place, (name, value) in enumerate(values)
        ),
        top,
    )
