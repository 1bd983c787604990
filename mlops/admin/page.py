"""All that the page of a model version shows: what is proven, what was measured, and apart from it the claims."""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser

from audit.documents import json_document, text_document
from mlops.admin.acts import offered
from mlops.admin.figures import figures, kinds, size
from mlops.contracts import ENDED, MEANINGS, PASSED, VersionState
from mlops.exceptions import NotEvaluable
from mlops.metrics.words import megabytes
from mlops.models import Denial, ModelVersion, Ranking
from mlops.services.datasets import dataset_of
from mlops.services.evaluation import evaluation_on, newest_set

MOST_VERIFICATIONS = 5
MOST_STEPS = 30


def page_of(version: ModelVersion, *, by: AbstractBaseUser) -> dict[str, Any]:
    """What the template of the page expects, for this person."""
    transitions = list(version.transitions.select_related("by")[: MOST_STEPS + 1])
    verifications = list(version.verifications.all()[: MOST_VERIFICATIONS + 1])
    ended = version.state in ENDED
    champion = ModelVersion.objects.champion().first()
    return {
        "version": version,
        "meaning": MEANINGS[VersionState(version.state)],
        "size": size(version.bytes),
        "acts": offered(version, by),
        "serves": champion == version,
        "transitions": transitions[:MOST_STEPS],
        "has_older_steps": len(transitions) > MOST_STEPS,
        "ended": ended,
        "ending": transitions[0] if ended and transitions else None,
        "denials": list(Denial.objects.of(version)),
        "verifications": [
            (one, megabytes(one.peak_bytes) if one.peak_bytes else "") for one in verifications[:MOST_VERIFICATIONS]
        ],
        "has_older_verifications": len(verifications) > MOST_VERIFICATIONS,
        "card": text_document(version.card, file="card.md of the bundle"),
        "manifest": json_document(version.manifest, file="manifest.json of the bundle") if version.manifest else "",
        **_measured(version, champion),
        **_ranked(version),
        **_lineage(version),
    }


def _measured(version: ModelVersion, champion: ModelVersion | None) -> dict[str, Any]:
    """The newest evaluation, its table beside the champion's on the same set."""
    evaluation = version.evaluations.select_related("evaluation_set").defer("labels", "evaluation_set__samples").first()
    if evaluation is None:
        return {"evaluation": None, "not_measured": _why_not_measured(version)}
    other = None
    if champion is not None and champion != version:
        other = evaluation_on(evaluation.evaluation_set, champion)
    results = other.results if other else None
    return {
        "evaluation": evaluation,
        "champion": champion,
        "compared": other,
        "figures": figures(evaluation.results, results),
        "kinds": kinds(evaluation.results, results),
    }


def _why_not_measured(version: ModelVersion) -> str:
    if version.state in PASSED:
        try:
            newest_set(version.regulation_code)
        except NotEvaluable as reason:
            return str(reason)
    return "It was not measured." if version.state in ENDED else "Not measured yet."


def _ranked(version: ModelVersion) -> dict[str, Any]:
    """What the newest ranking of its regulation says of it."""
    ranking = Ranking.objects.standing_for(version.regulation_code).first()
    verdicts = ranking.verdicts if ranking else []
    return {
        "ranking": ranking,
        "verdict": next((verdict for verdict in verdicts if verdict["digest"] == version.digest), None),
    }


def _lineage(version: ModelVersion) -> dict[str, Any]:
    """Where it comes from: by its own manifest once that is here, else by the registry's word."""
    proven = version.manifest.get("lineage")
    lineage = proven or version.lineage
    rest = {name: value for name, value in lineage.items() if name not in ("data_digest", "code_commit")}
    return {
        "lineage": lineage,
        "lineage_is_claim": not proven,
        "lineage_differs": bool(proven and version.lineage and proven != version.lineage),
        "lineage_rest": json_document(rest, file="manifest.json of the bundle" if proven else "") if rest else "",
        "dataset": dataset_of(lineage),
    }
