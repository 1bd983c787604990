"""Model versions in every state, as the services leave them: for tests of what is shown and done afterwards."""

from datetime import timedelta

from mlops.contracts import VersionState
from mlops.metrics.measured import measure
from mlops.models import Evaluation, EvaluationSet, ModelVersion, Ranking, Verification
from mlops.services.lifecycle import move
from mlops.services.mirroring import mirror
from tests.bundles import tiny_manifest
from tests.mlops.pretended import CREATED, entry

CHECK = {"name": "golden samples", "passed": True, "detail": "All 7 as expected."}
FAILED = {"name": "golden samples", "passed": False, "detail": "3 of 7 are wrong."}
TEXTS = 400


def states() -> dict[str, str]:
    """The state of each version, by what it is called."""
    return dict(ModelVersion.objects.values_list("version", "state"))


def registered(number: int, **fields: object) -> ModelVersion:
    """tiny:<number>, known from the registry."""
    listed = entry(number, **{"created_at": CREATED + timedelta(minutes=number), **fields})
    mirror(listed, registry="local", by=None)
    return ModelVersion.objects.get(digest=listed.digest)


def fetched(number: int, **fields: object) -> ModelVersion:
    manifest = {**tiny_manifest(version=str(number)), "files": {}}
    return move(
        registered(number, **fields),
        VersionState.FETCHED,
        reason="Its files are here.",
        by=None,
        manifest=manifest,
        card=f"# tiny {number}\n\nKnows <b>little</b>.",
    )


def verified(number: int, **fields: object) -> ModelVersion:
    version = fetched(number, **fields)
    found = Verification.objects.create(
        model_version=version, passed=True, checks=[CHECK], seconds=1.25, peak_bytes=90_000_000
    )
    return move(version, VersionState.VERIFIED, reason="It passed 1 check.", by=None, rows=[found])


def failed(number: int, **fields: object) -> ModelVersion:
    """A version that a check rejected."""
    version = fetched(number, **fields)
    found = Verification.objects.create(
        model_version=version, passed=False, checks=[CHECK | {"name": "opens"}, FAILED], seconds=1.25, peak_bytes=0
    )
    return move(version, VersionState.REJECTED, reason="golden samples: 3 of 7 are wrong.", by=None, rows=[found])


def measured(version: ModelVersion, *, wrong: int) -> Evaluation:
    """The version's evaluation on the newest set of its regulation, with so many of 400 answers wrong."""
    measured_on = EvaluationSet.objects.filter(regulation_code=version.regulation_code).order_by("-version").first()
    if measured_on is None:
        measured_on = EvaluationSet.objects.create(
            regulation_code=version.regulation_code,
            version=1,
            digest="sha256:" + "e" * 64,
            samples=[],
            rows=TEXTS,
            counts={"labels": {"compliant": TEXTS // 2, "non-compliant": TEXTS // 2}, "kinds": {"lab": TEXTS}},
            origin="Made for a test.",
        )
    truth = [number % 2 for number in range(TEXTS)]
    labels = [1 - label if number < wrong else label for number, label in enumerate(truth)]
    results = measure(
        truth,
        ["lab" if number % 4 else "boundary-year" for number in range(TEXTS)],
        labels=labels,
        scores=[0.98 if label else 0.02 for label in labels],
        latency_ms=[1.0 + number % 7 / 10 for number in range(1000)],
        size=4_200_000,
    )
    return Evaluation.objects.create(
        model_version=version,
        evaluation_set=measured_on,
        results=results.as_json(),
        labels="".join(map(str, labels)),
        leaks={"verdict": "none", "how": "By its lineage its trainer left out all texts of this set."},
        seconds=3.5,
    )


def ranked(champion: ModelVersion | None, candidate: ModelVersion | None, **verdicts: str) -> Ranking:
    """A ranking of versions by their names and what is said of them."""
    versions = {f"v{version.version}": version for version in ModelVersion.objects.all()}
    return Ranking.objects.create(
        regulation_code="TREY-2019-1",
        champion=champion,
        candidate=candidate,
        policy={"least_accuracy": 0.9, "margin": 0.005},
        verdicts=[
            {
                "version": str(versions[name]),
                "digest": versions[name].digest,
                "verdict": verdict,
                "reasons": [f"Because it is {verdict}.", "And <b>that</b> is so."],
            }
            for name, verdict in verdicts.items()
        ],
    )
