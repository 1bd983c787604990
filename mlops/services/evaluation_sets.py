"""Add the fixed texts that versions are measured on."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from audit.services import record
from mlops.contracts import Label, problem_with
from mlops.evaluation_sets import Entry, built_in, digest_of, squeeze
from mlops.exceptions import NotEvaluable
from mlops.metrics.latency import LEAST_TIMES
from mlops.models import EvaluationSet

LEAST_TEXTS: Final = LEAST_TIMES
MOST_TEXTS: Final = 20_000
"""Every version answers all of them within VERIFY_SECONDS."""

_LABELS: Final = {0: Label.COMPLIANT, 1: Label.NON_COMPLIANT}


def ensure_evaluation_sets() -> None:
    """Add the sets that ship with the application and are not here yet; the same again changes nothing."""
    for shipped in built_in():
        if not EvaluationSet.objects.filter(digest=shipped.digest).exists():
            add_evaluation_set(
                shipped.regulation, shipped.samples, shipped.origin, effective_on=shipped.effective_on, by=None
            )


def add_evaluation_set(
    regulation: str,
    samples: Sequence[Entry],
    origin: str,
    *,
    effective_on: date | None = None,
    by: AbstractBaseUser | None,
) -> EvaluationSet:
    """The set of these samples, on which all versions for the regulation are measured from now on.

    `effective_on` is the day from which the regulation applies; without one it is that of the regulation's set before.
    The same samples again change nothing. Raises NotEvaluable for samples that can measure nothing: too few, of one
    label only, with a text that no model is ever given or that stands there twice, or those of another regulation or
    day; and where nobody ever said from which day the regulation applies.
    """
    if problem := next(_problems(regulation, samples), ""):
        raise NotEvaluable(problem)
    digest = digest_of(samples)
    with transaction.atomic():
        # Those who add at once come one after the other: versions count up, and the same set is added once.
        ContentType.objects.select_for_update(no_key=True).get(app_label="mlops", model="evaluationset")
        if known := EvaluationSet.objects.filter(digest=digest).first():
            _require_same(known, regulation, effective_on)
            return known
        effective_on = effective_on or effective_days().get(regulation)
        if effective_on is None:
            raise NotEvaluable(f"Say from which day {regulation} applies (--effective-on), as its first set must.")
        return _add(regulation, samples, digest, origin, effective_on, by)


def _require_same(known: EvaluationSet, regulation: str, effective_on: date | None) -> None:
    if known.regulation_code != regulation:
        raise NotEvaluable(f"These texts with these labels are those of {known}: they cannot be both.")
    if effective_on is not None and effective_on != known.effective_on:
        raise NotEvaluable(
            f"These texts are those of {known}, which can never be changed: to say another day, leave out a text or "
            "add one."
        )


def effective_days() -> dict[str, date]:
    """From which day each regulation applies, by its newest set; without those of which it is not known."""
    shipped = {one.digest: one.effective_on for one in built_in()}
    # Sets that were added by releases before said nothing of it.
    days = {
        one.regulation_code: one.effective_on or shipped.get(one.digest)
        for one in EvaluationSet.objects.newest_of_each()
    }
    return {regulation: day for regulation, day in days.items() if day is not None}


def _add(
    regulation: str,
    samples: Sequence[Entry],
    digest: str,
    origin: str,
    effective_on: date,
    by: AbstractBaseUser | None,
) -> EvaluationSet:
    newest = EvaluationSet.objects.newest_for(regulation).first()
    added = EvaluationSet.objects.create(
        regulation_code=regulation,
        version=1 if newest is None else newest.version + 1,
        digest=digest,
        samples=[list(sample) for sample in samples],
        rows=len(samples),
        counts={
            "labels": Counter(_LABELS[label].value for _, label, _ in samples),
            "kinds": Counter(kind for _, _, kind in samples),
        },
        effective_on=effective_on,
        origin=origin,
    )
    record(
        "evaluation_set_added",
        by=by,
        subject=added,
        after={
            "set": str(added),
            "digest": digest,
            "rows": added.rows,
            "effective_on": effective_on.isoformat(),
            "origin": origin,
        },
        rows=[added],
    )
    return added


def _problems(regulation: str, samples: Sequence[Entry]) -> Iterator[str]:
    if not 0 < len(regulation) <= 64 or problem_with(regulation):
        yield "An evaluation set is for a regulation: give its code, of 64 characters at most."
    if len(samples) < LEAST_TEXTS:
        yield f"{len(samples)} texts are too few to measure on: {LEAST_TEXTS} are needed."
    if len(samples) > MOST_TEXTS:
        yield f"{len(samples)} texts are more than are measured on: {MOST_TEXTS} at most."
    if {label for _, label, _ in samples} != set(_LABELS):
        yield "An evaluation set has texts of both labels, 0 compliant and 1 non-compliant."
    seen: dict[str, int] = {}
    for number, (text, _, kind) in enumerate(samples, start=1):
        if problem := problem_with(text) or problem_with(kind):
            yield f"Row {number}: {problem.sentence}"
        elif (first := seen.setdefault(squeeze(text), number)) != number:
            yield f"Rows {first} and {number} have the same text, case and white space aside: keep one."
