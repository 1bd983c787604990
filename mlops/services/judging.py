"""What the policy says of every version for a regulation, and why, in sentences."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from mlops.contracts import ENDED, PASSED
from mlops.metrics.measured import Estimate, Measured
from mlops.models import Evaluation, EvaluationSet, ModelVersion
from mlops.services.leaks import Leak
from mlops.services.policy import Answered, Policy, Verdict, boast, described, step_forward

_ORDER = tuple(Verdict)


@dataclass(frozen=True, slots=True)
class Judged:
    """A version with its verdict; `order` sorts those of one verdict, best first."""

    version: ModelVersion
    verdict: Verdict
    reasons: tuple[str, ...]
    order: tuple[float, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "version": str(self.version),
            "digest": self.version.digest,
            "verdict": self.verdict.value,
            "reasons": list(self.reasons),
        }


@dataclass(frozen=True, slots=True)
class Field:
    """All that a decision for one regulation is made from, as it is under the lock.

    `champion` is the deployed one, whatever its regulation; `days` has the day from which each regulation applies,
    where that is known.
    """

    policy: Policy
    measured_on: EvaluationSet
    versions: Sequence[ModelVersion]
    allowed: frozenset[int]
    evaluations: dict[int, Evaluation]
    champion: ModelVersion | None
    days: Mapping[str, date]

    @property
    def truth(self) -> list[int]:
        """The label of each text of the set."""
        return [label for _, label, _ in self.measured_on.samples]

    @property
    def rival(self) -> ModelVersion | None:
        """Who has to be beaten: the champion, where it is for this regulation and not denied."""
        champion = self.champion
        if champion is None or champion.regulation_code != self.measured_on.regulation_code:
            return None
        return champion if champion.pk in self.allowed else None


def judge(field: Field, problem: str) -> list[Judged]:
    """All versions of the field, best first; `problem` says why the champion could not be measured."""
    judged = [_verdict(field, version, problem) for version in field.versions]
    forward = sorted((one for one in judged if one.verdict is Verdict.GOOD), key=lambda one: one.order)
    decided = [_beside(one, forward[0]) if one.verdict is Verdict.GOOD else one for one in judged]
    return sorted(decided, key=lambda one: (_ORDER.index(one.verdict), one.order))


def _beside(one: Judged, best: Judged) -> Judged:
    """One that is a step forward, as it stands beside the best of them."""
    if one is best:
        return replace(one, verdict=Verdict.CANDIDATE)
    return replace(one, reasons=(*one.reasons, f"{best.version} is better."))


def _verdict(field: Field, version: ModelVersion, problem: str) -> Judged:
    evaluation = field.evaluations.get(version.pk)
    if field.champion is not None and version.pk == field.champion.pk:
        return Judged(version, Verdict.CHAMPION, _of_champion(field, evaluation, problem))
    if version.pk not in field.allowed:
        return Judged(version, Verdict.DENIED, ("It stands on the deny-list.",))
    if version.state in ENDED:
        return Judged(version, Verdict.OUT, (_of_state(version),))
    if version.is_withdrawn:
        return Judged(version, Verdict.OUT, ("The registry does not list it any more.",))
    if version.state not in PASSED:
        # How far it has come is not said here: it goes on without another decision.
        return Judged(version, Verdict.NOT_VERIFIED, ("It had not been verified when this was decided.",))
    if bar := _bar(field):
        return Judged(version, Verdict.OUT, (bar,))
    if evaluation is None:
        reason = f"It has not been measured on {field.measured_on}."
        return Judged(version, Verdict.NOT_MEASURED, (reason,), (version.pk,))
    if evaluation.leaks.get("verdict") == Leak.FOUND:
        # It served when it was found out, and was not rejected then.
        return Judged(version, Verdict.OUT, (f"It was trained on texts of the set: {evaluation.leaks['how']}",))
    return _of_measured(field, version, evaluation)


def _bar(field: Field) -> str:
    """Why no version for this regulation can be a step forward, whatever it measures; empty where one can.

    Only a version for a newer regulation takes the place of a champion for another one.
    """
    regulation = field.measured_on.regulation_code
    if field.champion is None or field.champion.regulation_code == regulation:
        return ""
    theirs = field.champion.regulation_code
    since, their_since = field.days.get(regulation), field.days.get(theirs)
    if since is None or their_since is None:
        unknown = regulation if since is None else theirs
        return (
            f"The champion is for {theirs}, and whether {regulation} is newer is not known: no evaluation set says "
            f"from which day {unknown} applies. Add one by `manage.py add_evaluation_set --effective-on`."
        )
    if since > their_since:
        return ""
    return (
        f"The champion is for {theirs}, which applies from {their_since}: {regulation}, from {since} on, is not newer."
    )


def _of_measured(field: Field, version: ModelVersion, evaluation: Evaluation) -> Judged:
    measured = Measured.from_json(evaluation.results)
    # By the lower end of the accuracy, then the smaller, then the older. Times would let the machine's mood decide.
    order = (-measured.accuracy.low, measured.bytes, version.pk)
    told = [described(measured), *_doubts(version, evaluation, measured)]
    if shortfalls := field.policy.shortfalls(measured):
        return Judged(version, Verdict.BELOW_FLOOR, (*shortfalls, *told), order)
    rival = field.rival
    if rival is None:
        return Judged(version, Verdict.GOOD, (_without_rival(field), *told), order)
    theirs = field.evaluations.get(rival.pk)
    if theirs is None:
        reason = "The champion has not been measured on this set: nothing can be compared with it."
        return Judged(version, Verdict.NOT_BETTER, (reason, *told), order)
    truth = field.truth
    judgement = step_forward(
        field.policy, truth, _answered(truth, evaluation, rival.digest), _answered(truth, theirs, "")
    )
    verdict = Verdict.GOOD if judgement.forward else Verdict.NOT_BETTER
    return Judged(version, verdict, (*judgement.reasons, *told), order)


def _answered(truth: list[int], evaluation: Evaluation, champion: str) -> Answered:
    """What was measured; with the champion's time where it was the one of that digest that was timed beside."""
    right = [int(label) == true for label, true in zip(evaluation.labels, truth, strict=True)]
    beside = evaluation.results.get("beside") or {}
    time = Estimate(**beside["p99_ms"]) if beside.get("digest") == champion else None
    return Answered(Measured.from_json(evaluation.results), right, time)


def _of_champion(field: Field, evaluation: Evaluation | None, problem: str) -> tuple[str, ...]:
    serves = ["It serves now."]
    if field.champion is not None and field.champion.pk not in field.allowed:
        serves.append("It stands on the deny-list: any version above the floors is a step forward.")
    if evaluation is None:
        return (*serves, problem or f"It has not been measured on {field.measured_on}.")
    measured = Measured.from_json(evaluation.results)
    shortfalls = field.policy.shortfalls(measured)
    return (*serves, *shortfalls, described(measured), *_doubts(field.champion, evaluation, measured))


def _doubts(version: ModelVersion | None, evaluation: Evaluation, measured: Measured) -> list[str]:
    """What somebody should know who relies on the figures."""
    claims = [] if version is None else [version.metrics.get("accuracy"), version.tags.get("accuracy")]
    told = [boast(claimed, measured) for claimed in map(_share, claims)]
    leak = evaluation.leaks.get("verdict")
    if leak == Leak.FOUND:
        told.append(f"It was trained on texts of the set, and its figures flatter it: {evaluation.leaks['how']}")
    if leak == Leak.UNKNOWN:
        told.append("Whether it was trained on texts of the set is not known.")
    return [one for one in dict.fromkeys(told) if one]


def _share(claim: object) -> float:
    """The share that a claim is, whoever wrote it; 0, which is no boast, where it is none."""
    try:
        share = float(claim) if isinstance(claim, str | int | float) else 0.0
    except ValueError:
        return 0.0
    return share if 0 <= share <= 1 else 0.0


def _without_rival(field: Field) -> str:
    if field.champion is None:
        return "No champion is deployed: the best above the floors enters."
    if field.champion.pk not in field.allowed:
        return "The champion stands on the deny-list: the best above the floors enters."
    theirs = field.champion.regulation_code
    return f"The champion is for {theirs}: for a newer regulation the best above the floors enters."


def _of_state(version: ModelVersion) -> str:
    last = version.transitions.first()
    reason = f": {last.reason}" if last is not None and last.reason else "."
    return f"It is {version.state}{reason}"
