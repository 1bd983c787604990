"""Decide which version is the best for a regulation, and record why."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from audit.services import record
from mlops.contracts import VersionState
from mlops.exceptions import CannotExamine, Denied, NotEvaluable
from mlops.models import Evaluation, EvaluationSet, ModelVersion, Ranking
from mlops.services import lifecycle
from mlops.services.evaluation import evaluate, newest_set
from mlops.services.evaluation_sets import effective_days
from mlops.services.judging import Field, Judged, judge
from mlops.services.policy import Policy, Verdict

_UNDECIDED: Final = (Verdict.NOT_VERIFIED.value, Verdict.NOT_MEASURED.value)
_FIGURE: Final = re.compile(r"\w*\d[\w.,:]*")
"""A number, a moment, an address: every word with a digit in it."""


def rank(regulation: str | None = None, *, by: AbstractBaseUser | None = None) -> Ranking:
    """The decision for that regulation, or without one for each that has versions; then the champion's is returned.

    The best version becomes candidate, one that is no longer the best becomes verified again. Where no more is decided
    than last time, that decision is returned and nothing written, unless a person asks: versions that came meanwhile,
    and are only on their way, add none, nor do other figures in why the champion could not be measured. A champion
    that was not measured on the newest set is measured first. Raises NotEvaluable where there is no evaluation set or
    no version.
    """
    if regulation is not None:
        return _rank(regulation, by)
    champion = ModelVersion.objects.champion().first()
    known = {one.regulation_code for one in EvaluationSet.objects.newest_of_each()}
    codes = known & set(ModelVersion.objects.values_list("regulation_code", flat=True).distinct())
    if not codes:
        raise NotEvaluable("There is nothing to rank: no version is for a regulation that has an evaluation set.")
    rankings = {code: _rank(code, by) for code in sorted(codes)}
    return rankings.get("" if champion is None else champion.regulation_code) or max(
        rankings.values(), key=lambda one: one.pk
    )


def _rank(regulation: str, by: AbstractBaseUser | None) -> Ranking:
    measured_on = newest_set(regulation)
    problem = _measure_champion(regulation, by)
    with transaction.atomic():
        # Who ranks at the same moment comes after, and finds the decision made.
        ContentType.objects.select_for_update(no_key=True).get(app_label="mlops", model="ranking")
        field = _field(measured_on)
        return _decide(field, judge(field, problem), by)


def _measure_champion(regulation: str, by: AbstractBaseUser | None) -> str:
    """See that the champion is measured, before anything is locked; why it cannot be, empty where it is."""
    champion = ModelVersion.objects.champion().first()
    if champion is None or champion.regulation_code != regulation:
        return ""
    try:
        evaluate(champion, by=by)
    except (NotEvaluable, Denied, CannotExamine) as failure:
        return str(failure)
    return ""


def _field(measured_on: EvaluationSet) -> Field:
    regulation, champion = measured_on.regulation_code, ModelVersion.objects.champion().first()
    # All rows that will be moved are locked before the first event is recorded, always in this order.
    versions = list(
        ModelVersion.objects.select_for_update(no_key=True)
        .filter(regulation_code=regulation)
        .order_by("pk")
        .without_documents()
        .prefetch_related("transitions")
    )
    # Oldest first, so that of each version the newest stays.
    evaluations = Evaluation.objects.filter(evaluation_set_id=measured_on.pk).order_by("pk")
    return Field(
        policy=Policy.of_settings(),
        measured_on=measured_on,
        versions=versions,
        allowed=frozenset(ModelVersion.objects.allowed().values_list("pk", flat=True)),
        evaluations={one.model_version_id: one for one in evaluations},
        champion=champion,
        days=effective_days(),
    )


def _decide(field: Field, judged: Sequence[Judged], by: AbstractBaseUser | None) -> Ranking:
    regulation = field.measured_on.regulation_code
    best = next((one for one in judged if one.verdict is Verdict.CANDIDATE), None)
    told = {
        "champion_id": None if field.champion is None else field.champion.pk,
        "candidate_id": None if best is None else best.version.pk,
        "policy": field.policy.as_json() | {"set": str(field.measured_on), "set_digest": field.measured_on.digest},
        "verdicts": [one.as_json() for one in judged],
    }
    last = Ranking.objects.standing_for(regulation).first()
    moved = _move(judged, by)
    if last is not None and by is None and not moved and _is_same(last, told, measured=_champion_is_measured(field)):
        return last
    ranking = Ranking.objects.create(regulation_code=regulation, by_id=None if by is None else by.pk, **told)
    record(
        "versions_ranked",
        by=by,
        subject=ranking,
        after={
            "regulation": regulation,
            "champion": "" if field.champion is None else str(field.champion),
            "candidate": "" if best is None else str(best.version),
            "verdicts": {str(one.version): one.verdict.value for one in judged},
        },
        rows=[ranking],
    )
    return ranking


def _champion_is_measured(field: Field) -> bool:
    return field.champion is not None and field.champion.pk in field.evaluations


def _is_same(last: Ranking, told: Mapping[str, Any], *, measured: bool) -> bool:
    """Whether the last decision was this one already; `measured` says whether the champion is, on the set of both."""
    then = {name: getattr(last, name) for name in told}
    return _decided(told, measured=measured) == _decided(then, measured=measured)


def _decided(told: Mapping[str, Any], *, measured: bool) -> dict[str, Any]:
    """What was decided: of versions that are only on their way nothing.

    Why a champion could not be measured has seconds in it, which differ at every try.
    """
    verdicts = [one for one in told["verdicts"] if one["verdict"] not in _UNDECIDED]
    if not measured:
        verdicts = [_roughly(one) if one["verdict"] == Verdict.CHAMPION.value else one for one in verdicts]
    return {**told, "verdicts": verdicts}


def _roughly(verdict: Mapping[str, Any]) -> dict[str, Any]:
    return {**verdict, "reasons": [_FIGURE.sub("…", reason) for reason in verdict["reasons"]]}


def _move(judged: Sequence[Judged], by: AbstractBaseUser | None) -> bool:
    """Bring the states in line with the verdicts; whether any was not."""
    moved = False
    for one in judged:
        is_candidate = one.version.state == VersionState.CANDIDATE.value
        if is_candidate and one.verdict not in (Verdict.CANDIDATE, Verdict.CHAMPION):
            lifecycle.move(one.version, VersionState.VERIFIED, reason=_because("Not the best any more", one), by=by)
            moved = True
        if one.verdict is Verdict.CANDIDATE and not is_candidate:
            lifecycle.move(one.version, VersionState.CANDIDATE, reason=_because("The best by the policy", one), by=by)
            moved = True
    return moved


def _because(what: str, one: Judged) -> str:
    return f"{what}. {one.reasons[0]}"
