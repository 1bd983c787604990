"""What was measured of a version, in words, beside what was measured of the champion on the same texts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from mlops.metrics.measured import Estimate, Measured
from mlops.metrics.words import megabytes, milliseconds, percent


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure, its 95 % interval (empty where it has none), and the champion's; empty where it was not measured."""

    name: str
    value: str
    interval: str
    champions: str
    champions_interval: str


def interval(estimate: Estimate, say: Callable[[float], str] = percent) -> str:
    return f"{say(estimate.low)} to {say(estimate.high)}"


_ROWS: Final[tuple[tuple[str, str, Callable[[float], str]], ...]] = (
    ("Accuracy", "accuracy", percent),
    ("Recall of non-compliant", "recall", percent),
    ("Calibration error", "calibration_error", percent),
    ("Time of a text, median", "p50_ms", milliseconds),
    ("Time of a text, 99th percentile", "p99_ms", milliseconds),
)


def figures(results: Mapping[str, Any], champions: Mapping[str, Any] | None) -> list[Figure]:
    """The rows of the table of an evaluation's `results`."""
    own, other = _both(results, champions)
    rows = [
        _row(name, getattr(own, field), None if other is None else getattr(other, field), say)
        for name, field, say in _ROWS
    ]
    return [*rows, Figure("Size", size(own.bytes), "", "" if other is None else size(other.bytes), "")]


def kinds(results: Mapping[str, Any], champions: Mapping[str, Any] | None) -> list[Figure]:
    """The accuracy by kind of text."""
    own, other = _both(results, champions)
    return [
        _row(kind, share, None if other is None else other.kinds.get(kind), percent)
        for kind, share in own.kinds.items()
    ]


def short(results: Mapping[str, Any] | None, field: str) -> tuple[str, str]:
    """A share and its interval for a cell of a list; both empty where nothing was measured."""
    if not results:
        return "", ""
    estimate: Estimate = getattr(Measured.from_json(results), field)
    return percent(estimate.value), interval(estimate)


def _both(results: Mapping[str, Any], champions: Mapping[str, Any] | None) -> tuple[Measured, Measured | None]:
    return Measured.from_json(results), Measured.from_json(champions) if champions else None


def _row(name: str, own: Estimate, other: Estimate | None, say: Callable[[float], str]) -> Figure:
    champions = ("", "") if other is None else (say(other.value), interval(other, say))
    return Figure(name, say(own.value), interval(own, say), *champions)


def size(count: int | None) -> str:
    """Bytes in words; a dash where they are not known."""
    return "–" if count is None else megabytes(count)
