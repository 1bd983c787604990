"""Measure model versions here, on fixed texts, whatever was claimed of them."""

import logging
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Final

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from audit.services import record
from mlops.contracts import PASSED, Label, VersionState
from mlops.exceptions import ArtifactCorrupt, CannotExamine, InvalidTransition, LoadError, NotEvaluable
from mlops.metrics.latency import Latency
from mlops.metrics.measured import Measured, measure
from mlops.models import Deployment, Evaluation, EvaluationSet, ModelVersion
from mlops.runtime import bundle as bundles
from mlops.runtime import examiner
from mlops.runtime.examiner import Scored
from mlops.services import lifecycle
from mlops.services.cache import used_bytes
from mlops.services.denials import refuse_denied
from mlops.services.leaks import Leak, Search, search
from mlops.services.serving import bundle_path
from mlops.services.verification import limits

ALONE: Final = 1_000
"""Texts that are labelled one at a time, as most are in use, and timed; the others come in batches."""

logger = logging.getLogger(__name__)


def evaluate(version: ModelVersion, *, by: AbstractBaseUser | None = None, again: bool = False) -> Evaluation:
    """The version's evaluation on the newest set of its regulation; measured now unless it was, or `again`.

    Takes seconds to minutes. A version that cannot answer, or was trained on the set, becomes rejected, unless it
    serves. Raises NotEvaluable where there is no set for the regulation, its files are not here, or it cannot answer;
    Denied; and CannotExamine where the machine is to blame, which changes nothing.
    """
    version = ModelVersion.objects.get(pk=version.pk)
    _require_measurable(version)
    measured_on = newest_set(version.regulation_code)
    if not again and (known := evaluation_on(measured_on, version)):
        return known
    scored = _score(version, measured_on, by)
    results = (
        _measured(version, measured_on, scored).as_json() | _elapsed(scored) | _champions_time(version, measured_on)
    )
    return _keep(version, measured_on, results, scored, search(version, measured_on), by=by, again=again)


def evaluation_on(measured_on: EvaluationSet, version: ModelVersion) -> Evaluation | None:
    """The version's newest evaluation on that set; None where it was not measured on it."""
    return Evaluation.objects.filter(evaluation_set_id=measured_on.pk, model_version=version).first()


def newest_set(regulation: str) -> EvaluationSet:
    """The set that versions for the regulation are measured on, its texts not read yet. Raises NotEvaluable."""
    measured_on = EvaluationSet.objects.newest_for(regulation).defer("samples").first()
    if measured_on is None:
        raise NotEvaluable(f"There is no evaluation set for {regulation}: add one by `manage.py add_evaluation_set`.")
    return measured_on


def _require_measurable(version: ModelVersion) -> None:
    refuse_denied(version)
    if version.state not in PASSED:
        raise NotEvaluable(f"{version} is {version.state}: only a verified version is measured.")
    if not bundle_path(version.digest).is_dir():
        raise NotEvaluable(f"The files of {version} are not in this installation: fetch it again.")


def _ask(version: ModelVersion, texts: Sequence[str]) -> Scored:
    return examiner.score(
        bundle_path(version.digest),
        version.digest,
        texts,
        limits=limits(),
        alone=ALONE,
        threads=settings.MODEL_THREADS,
    )


def _score(version: ModelVersion, measured_on: EvaluationSet, by: AbstractBaseUser | None) -> Scored:
    path = bundle_path(version.digest)
    try:
        return _ask(version, [text for text, _, _ in measured_on.samples])
    except LoadError as failure:
        try:
            bundles.read(path, expected_digest=version.digest)
        except ArtifactCorrupt as damage:
            raise NotEvaluable(f"The files of {version} were damaged here: {damage} Fetch it again.") from failure
        _reject(version, f"It could not be measured on {measured_on}. {failure}", by)
        raise NotEvaluable(f"{version} could not be measured on {measured_on}. {failure}") from failure


def _measured(version: ModelVersion, measured_on: EvaluationSet, scored: Scored) -> Measured:
    return measure(
        [label for _, label, _ in measured_on.samples],
        [kind for _, _, kind in measured_on.samples],
        labels=[int(label is Label.NON_COMPLIANT) for label in scored.labels],
        scores=scored.scores,
        latency_ms=scored.latency_ms,
        size=used_bytes(bundle_path(version.digest)),
    )


def _elapsed(scored: Scored) -> dict[str, Any]:
    """What a clock on the wall said, which the machine's other work spoils: kept, and nothing is decided by it."""
    latency = Latency.of(scored.elapsed_ms)
    return {"elapsed": {"p50_ms": asdict(latency.p50), "p99_ms": asdict(latency.p99)}}


def _champions_time(version: ModelVersion, measured_on: EvaluationSet) -> dict[str, Any]:
    """How long the champion takes on this machine now: times of another day say little of the version's.

    Empty where there is none to compare with, or it cannot answer.
    """
    champion = ModelVersion.objects.champion().first()
    if champion is None or champion.pk == version.pk or champion.regulation_code != version.regulation_code:
        return {}
    try:
        scored = _ask(champion, [text for text, _, _ in measured_on.samples[:ALONE]])
    except (LoadError, CannotExamine) as failure:
        logger.warning("The champion %s was not timed beside %s: %s", champion, version, failure)
        return {}
    return {"beside": {"digest": champion.digest, "p99_ms": asdict(Latency.of(scored.latency_ms).p99)}}


def _keep(
    version: ModelVersion,
    measured_on: EvaluationSet,
    results: dict[str, Any],
    scored: Scored,
    searched: Search,
    *,
    by: AbstractBaseUser | None,
    again: bool,
) -> Evaluation:
    with transaction.atomic():
        # Of those who measured the same at the same moment, one is kept.
        version = ModelVersion.objects.select_for_update(no_key=True).get(pk=version.pk)
        if not again and (known := evaluation_on(measured_on, version)):
            return known
        evaluation = Evaluation.objects.create(
            model_version=version,
            evaluation_set=measured_on,
            results=results,
            labels="".join("1" if label is Label.NON_COMPLIANT else "0" for label in scored.labels),
            leaks=searched.as_json(),
            seconds=scored.seconds,
        )
        figures = {name: value for name, value in results.items() if name not in ("kinds", "elapsed", "beside")}
        record(
            "version_evaluated",
            by=by,
            subject=version,
            after={"version": str(version), "set": str(measured_on), "leaks": searched.verdict.value, **figures},
            rows=[evaluation],
        )
        if searched.verdict is Leak.FOUND:
            _reject(version, f"It was trained on texts of {measured_on}: {searched.how}", by)
        return evaluation


def _reject(version: ModelVersion, reason: str, by: AbstractBaseUser | None) -> None:
    # What serves is never touched. It is asked before the version is moved: those who label hold its row, and wait for
    # the chain of events, which this transaction may hold already.
    if Deployment.objects.active_of(version).exists():
        logger.warning("%s serves, and is not rejected: %s", version, reason)
        return
    try:
        lifecycle.move(version, VersionState.REJECTED, reason=reason, by=by)
    except InvalidTransition:
        logger.warning("%s is rejected or archived by now, and is not rejected: %s", version, reason)
