"""What makes a version the best: the stated policy, free of the database."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any, Self

from django.conf import settings

from mlops.metrics.comparison import Difference, compare
from mlops.metrics.measured import Estimate, Measured
from mlops.metrics.words import megabytes, milliseconds, percent


class Verdict(StrEnum):
    """What the policy says of a version."""

    CANDIDATE = "candidate"
    """The best, and a step forward from the champion."""
    GOOD = "good enough"
    """A step forward as well, but another is better."""
    CHAMPION = "champion"
    NOT_BETTER = "not better"
    BELOW_FLOOR = "below a floor"
    NOT_MEASURED = "not measured"
    DENIED = "denied"
    NOT_VERIFIED = "not verified"
    OUT = "out"
    """Rejected, archived, not listed any more, trained on the set, or for another regulation than the champion's, and
    that one not known to be newer."""


@dataclass(frozen=True, slots=True)
class Policy:
    """Floors that hold for every version, and what a step forward is. Shares from 0 to 1."""

    least_accuracy: float
    least_recall: float
    most_calibration_error: float
    most_latency_ms: float
    margin: float
    cheaper: float

    @classmethod
    def of_settings(cls) -> Self:
        """The policy that the settings BEST_* state."""
        return cls(**{field.name: getattr(settings, f"BEST_{field.name.upper()}") for field in fields(cls)})

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)

    def shortfalls(self, measured: Measured) -> list[str]:
        """A sentence for each floor that the version may lie below; the unlucky end of each interval counts."""
        found: list[str] = []
        for name, estimate, least in (
            ("accuracy", measured.accuracy, self.least_accuracy),
            ("recall of non-compliant", measured.recall, self.least_recall),
        ):
            if estimate.low < least:
                found.append(f"Its {name} is {_estimated(estimate)}: the lower end is below {percent(least)}.")
        error, latency = measured.calibration_error, measured.p99_ms
        if error.high > self.most_calibration_error:
            most = percent(self.most_calibration_error)
            found.append(f"Its calibration error is {_estimated(error)}: the upper end is above {most}.")
        if latency.high > self.most_latency_ms:
            found.append(
                f"Its latency (99th percentile) is {_estimated(latency, milliseconds)}: the upper end is above "
                f"{self.most_latency_ms:g} ms."
            )
        return found


@dataclass(frozen=True, slots=True)
class Answered:
    """What a version did on the set: its figures, and for each text whether it was right.

    `beside_ms` is the champion's 99th percentile, where it was timed right after this version on the same machine.
    """

    measured: Measured
    right: Sequence[bool]
    beside_ms: Estimate | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether a version is a step forward from the champion, with the reasons in sentences."""

    forward: bool
    reasons: tuple[str, ...]


def step_forward(policy: Policy, truth: Sequence[int], version: Answered, champion: Answered) -> Judgement:
    """Better than the champion by interval, or not worse by the margin and cheaper; never worse at non-compliant texts.

    `truth` has the label of each text, 1 non-compliant, in the order of both.
    """
    accuracy = compare(version.right, champion.right)
    recall = compare(_of_non_compliant(truth, version.right), _of_non_compliant(truth, champion.right))
    savings = _savings(policy, version, champion)
    forward, reasons = _of_accuracy(policy, accuracy, savings)
    if recall.low <= -policy.margin:
        word = "is" if recall.high < 0 else "may be"
        reasons.append(
            f"Its recall of non-compliant {word} worse than the champion's: {_points(recall)}, which reaches to "
            f"{_signed(-policy.margin)} or below."
        )
        forward = False
    return Judgement(forward, tuple(reasons))


def described(measured: Measured) -> str:
    """Its figures in a sentence."""
    return (
        f"Accuracy {_estimated(measured.accuracy)}, recall of non-compliant {_estimated(measured.recall)}, calibration "
        f"error {_estimated(measured.calibration_error)}, 99th percentile {_estimated(measured.p99_ms, milliseconds)}, "
        f"{megabytes(measured.bytes)}."
    )


def boast(claimed: float, measured: Measured) -> str:
    """A sentence where more accuracy is claimed than is likely; empty where not."""
    if claimed <= measured.accuracy.high:
        return ""
    return f"An accuracy of {percent(claimed)} is claimed for it; measured here it is {_estimated(measured.accuracy)}."


def _of_accuracy(policy: Policy, accuracy: Difference, savings: list[str]) -> tuple[bool, list[str]]:
    points = _points(accuracy)
    kept = f"Not less often right than the champion by {_signed(policy.margin)[1:]} points: {points}"
    if accuracy.low > 0:
        return True, [f"More often right than the champion: {points}.", *savings]
    if accuracy.low > -policy.margin and savings:
        return True, [f"{kept}.", *savings]
    if accuracy.high < 0:
        return False, [f"Less often right than the champion: {points}."]
    if accuracy.low > -policy.margin:
        return False, [f"{kept}; but not more often either, and not cheaper by {percent(policy.cheaper)}."]
    return False, [f"Not shown to be right more often than the champion: {points}.", *savings]


def _savings(policy: Policy, version: Answered, champion: Answered) -> list[str]:
    """In what the version is cheaper; of times, the unlucky ends of both intervals count.

    Times of another day are not compared: it may have been another machine, or a slower hour of this one.
    """
    kept, found = 1 - policy.cheaper, []
    size, champions = version.measured.bytes, champion.measured.bytes
    if size <= kept * champions:
        found.append(f"Cheaper: {megabytes(size)} where the champion has {megabytes(champions)}.")
    time, beside = version.measured.p99_ms, version.beside_ms
    if beside is not None and time.high <= kept * beside.low:
        found.append(
            f"Cheaper: 99th percentile {_estimated(time, milliseconds)} where the champion, timed beside it, takes "
            f"{_estimated(beside, milliseconds)}."
        )
    return found


def _of_non_compliant(truth: Sequence[int], right: Sequence[bool]) -> list[bool]:
    return [one for one, true in zip(right, truth, strict=True) if true == 1]


def _points(difference: Difference) -> str:
    low, high = _signed(difference.low), _signed(difference.high)
    return f"{_signed(difference.difference)} points, 95 % {low} to {high}"


def _signed(share: float) -> str:
    """A share in points of a hundred, with a minus sign that is one."""
    points = f"{100 * share:+.1f}"
    return "±0.0" if points in ("+0.0", "-0.0") else points.replace("-", "−")


def _estimated(estimate: Estimate, say: Callable[[float], str] = percent) -> str:
    return f"{say(estimate.value)} (95 % {say(estimate.low)} to {say(estimate.high)})"
