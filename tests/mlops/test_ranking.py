"""The best version becomes candidate, by what was measured here; of every other it is said why not."""

from pathlib import Path

import pytest
from pytest_django import Settings

from audit.models import Event
from mlops.contracts import VersionState
from mlops.models import Denial, Deployment, ModelVersion
from mlops.services import lifecycle
from mlops.services.deployment import deploy_champion
from mlops.services.ranking import rank
from mlops.services.serving import bundle_path
from tests.mlops.measured import install
from tests.mlops.ranked import Enter, reasons, state, verdicts

pytestmark = pytest.mark.usefixtures("answers_here", "lenient_policy")


def test_a_better_one_becomes_candidate_and_the_champion_serves_on(modest_champion: ModelVersion, enter: Enter) -> None:
    better = enter("2")

    ranking = rank()

    assert (ranking.champion, ranking.candidate) == (modest_champion, better)
    assert verdicts(ranking) == {"tiny:2": "candidate", "tiny:1": "champion"}
    assert "More often right than the champion: +6.2 points, 95 % +4.4 to +8.8." in reasons(ranking, "tiny:2")
    assert state(better) == VersionState.CANDIDATE
    assert Deployment.objects.champion().get().model_version == modest_champion


def test_a_worse_one_that_claims_to_be_perfect_is_seen_through(modest_champion: ModelVersion, enter: Enter) -> None:
    boaster = enter("2", unknown={"iron", "plastic", "fair"})
    ModelVersion.objects.filter(pk=boaster.pk).update(metrics={"accuracy": 1.0}, tags={"accuracy": "1.0"})

    ranking = rank()

    assert ranking.candidate is None
    assert verdicts(ranking)["tiny:2"] == "below a floor"
    assert "An accuracy of 100.0 % is claimed for it; measured here it is" in reasons(ranking, "tiny:2")
    assert state(boaster) == VersionState.VERIFIED


@pytest.mark.parametrize("claim", ["nan", "inf", "-1", "much", [1.0], None, 100])
def test_a_claim_that_is_no_share_is_not_repeated(enter: Enter, claim: object) -> None:
    version = enter("2")
    ModelVersion.objects.filter(pk=version.pk).update(metrics={"accuracy": claim})

    assert "is claimed" not in reasons(rank(), "tiny:2")


def test_a_champion_below_a_floor_is_told_of(modest_champion: ModelVersion, settings: Settings) -> None:
    settings.BEST_LEAST_RECALL = 0.95

    assert "Its recall of non-compliant is 92.9 %" in reasons(rank(), "tiny:1")


def test_a_worse_one_above_the_floors_is_passed_over(enter: Enter) -> None:
    deploy_champion(enter("1"), by=None)
    enter("2", unknown={"iron"})

    ranking = rank()

    assert (ranking.candidate, verdicts(ranking)["tiny:2"]) == (None, "not better")
    assert "Less often right than the champion: −6.2 points, 95 % −8.8 to −4.4." in reasons(ranking, "tiny:2")


def test_an_equal_one_that_is_smaller_becomes_candidate(
    modest_champion: ModelVersion, enter: Enter, settings: Settings
) -> None:
    settings.BEST_CHEAPER = 0.2
    smaller = enter("2", unknown={"iron"}, big=False)

    ranking = rank()

    assert ranking.candidate == smaller
    assert "Not less often right than the champion by 2.0 points: ±0.0 points" in reasons(ranking, "tiny:2")


def test_an_equal_one_that_is_not_cheaper_does_not(modest_champion: ModelVersion, enter: Enter) -> None:
    enter("2", unknown={"iron"}, big=True)

    assert verdicts(rank()) == {"tiny:1": "champion", "tiny:2": "not better"}


@pytest.mark.parametrize(
    ("fields", "floor"),
    [
        ({"scale": 0.02}, "Its calibration error is"),
        ({"unknown": {"iron", "plastic", "fair", "poor"}}, "Its accuracy is"),
    ],
    ids=["uncalibrated", "wrong too often"],
)
def test_who_may_lie_below_a_floor_is_never_the_best(enter: Enter, fields: dict[str, object], floor: str) -> None:
    enter("2", **fields)

    ranking = rank()

    assert (ranking.candidate, verdicts(ranking)) == (None, {"tiny:2": "below a floor"})
    assert reasons(ranking, "tiny:2").startswith(floor)


def test_one_that_is_too_slow_is_below_a_floor(enter: Enter, settings: Settings) -> None:
    settings.BEST_MOST_LATENCY_MS = 1e-6
    enter("2")

    assert "Its latency (99th percentile) is" in reasons(rank(), "tiny:2")


def test_without_a_champion_the_best_above_the_floors_enters(enter: Enter) -> None:
    enter("1", unknown={"iron"})
    best = enter("2")

    ranking = rank()

    assert ranking.candidate == best
    assert verdicts(ranking) == {"tiny:2": "candidate", "tiny:1": "good enough"}
    assert "No champion is deployed" in reasons(ranking, "tiny:2")


def test_of_equals_the_smaller_wins_then_the_older(enter: Enter) -> None:
    enter("1", big=True)
    older = enter("2")
    enter("3")

    ranking = rank()

    assert ranking.candidate == older
    assert [one["version"] for one in ranking.verdicts] == ["tiny:2", "tiny:3", "tiny:1"]
    assert "tiny:2 is better." in reasons(ranking, "tiny:1")


def test_a_denied_version_is_never_the_best(modest_champion: ModelVersion, enter: Enter) -> None:
    enter("2")
    Denial.objects.create(pattern="tiny:2", reason="Recalled.")

    ranking = rank()

    assert (ranking.candidate, verdicts(ranking)["tiny:2"]) == (None, "denied")


def test_a_candidate_that_is_denied_is_verified_again(modest_champion: ModelVersion, enter: Enter) -> None:
    version = enter("2")
    rank()
    Denial.objects.create(pattern=version.digest, reason="Recalled.")

    rank()

    assert state(version) == VersionState.VERIFIED
    assert version.transitions.first().reason == "Not the best any more. It stands on the deny-list."


def test_where_the_champion_is_denied_whatever_is_above_the_floors_enters(enter: Enter) -> None:
    deploy_champion(enter("1", big=True), by=None)
    enter("2")
    Denial.objects.create(pattern="tiny:1", reason="Recalled.")

    ranking = rank()

    assert verdicts(ranking) == {"tiny:2": "candidate", "tiny:1": "champion"}
    assert "It stands on the deny-list" in reasons(ranking, "tiny:1")


def test_a_better_candidate_takes_the_place_of_the_one_before(enter: Enter) -> None:
    deploy_champion(enter("0", unknown={"iron", "plastic"}), by=None)
    first = enter("1", unknown={"iron"})
    rank()
    assert state(first) == VersionState.CANDIDATE
    second = enter("2")

    rank()

    assert (state(first), state(second)) == (VersionState.VERIFIED, VersionState.CANDIDATE)
    assert Event.objects.filter(action="version_passed_over").count() == 1


def test_who_was_not_measured_or_not_verified_is_told_of(modest_champion: ModelVersion, tmp_path: Path) -> None:
    install(tmp_path, "2")
    lifecycle.move(install(tmp_path, "3"), VersionState.REJECTED, reason="Its files were tampered with.", by=None)

    ranking = rank()

    assert verdicts(ranking) == {"tiny:1": "champion", "tiny:2": "not measured", "tiny:3": "out"}
    assert reasons(ranking, "tiny:3") == "It is rejected: Its files were tampered with."


def test_the_champion_is_measured_first_in_the_same_way(modest_champion: ModelVersion) -> None:
    rank()

    assert modest_champion.evaluations.count() == 1


def test_where_the_champion_cannot_be_measured_nothing_changes(modest_champion: ModelVersion, enter: Enter) -> None:
    enter("2")
    (bundle_path(modest_champion.digest) / "model.onnx").write_bytes(b"damaged")

    ranking = rank()

    assert (ranking.candidate, verdicts(ranking)["tiny:2"]) == (None, "not better")
    assert "damaged here" in reasons(ranking, "tiny:1")
