"""The best version becomes candidate, by what was measured here; of every other it is said why not."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from pytest_django import Settings

from audit.models import Event
from components.models import User
from mlops.contracts import VersionState
from mlops.exceptions import NotEvaluable
from mlops.models import Denial, Deployment, ModelVersion, Ranking
from mlops.services import lifecycle
from mlops.services.deployment import deploy_champion
from mlops.services.evaluation import evaluate
from mlops.services.ranking import rank
from mlops.services.serving import bundle_path
from tests.mlops.measured import REGULATION, add_plain_set, install

pytestmark = pytest.mark.usefixtures("no_champion")

Enter = Callable[..., ModelVersion]


@pytest.fixture(autouse=True)
def _policy(settings: Settings, no_champion: None) -> None:
    """Nothing depends on how busy the machine is, and 480 texts are enough to show that one is not worse.

    Who does not know iron is above the floors.
    """
    settings.BEST_MOST_LATENCY_MS, settings.BEST_MARGIN, settings.BEST_CHEAPER = 60_000, 0.02, 1.0
    settings.BEST_LEAST_ACCURACY, settings.BEST_LEAST_RECALL = 0.85, 0.85
    settings.BEST_MOST_CALIBRATION_ERROR = 0.15
    add_plain_set()


@pytest.fixture
def enter(tmp_path: Path) -> Enter:
    """`enter("2", unknown={"iron"})` is a version that is installed and measured."""

    def install_and_measure(version: str, **fields: object) -> ModelVersion:
        entered = install(tmp_path, version, **fields)
        evaluate(entered)
        return entered

    return install_and_measure


@pytest.fixture
def champion(tmp_path: Path) -> ModelVersion:
    """It does not know iron, and was not measured yet."""
    version = install(tmp_path, "1", unknown={"iron"}, big=True)
    deploy_champion(version, by=None)
    return version


def verdicts(ranking: Ranking) -> dict[str, str]:
    return {one["version"]: one["verdict"] for one in ranking.verdicts}


def reasons(ranking: Ranking, version: str) -> str:
    return " ".join(next(one["reasons"] for one in ranking.verdicts if one["version"] == version))


def state(version: ModelVersion) -> str:
    version.refresh_from_db()
    return version.state


def test_a_better_one_becomes_candidate_and_the_champion_serves_on(champion: ModelVersion, enter: Enter) -> None:
    better = enter("2")

    ranking = rank()

    assert (ranking.champion, ranking.candidate) == (champion, better)
    assert verdicts(ranking) == {"tiny:2": "candidate", "tiny:1": "champion"}
    assert "More often right than the champion: +6.2 points, 95 % +4.4 to +8.8." in reasons(ranking, "tiny:2")
    assert state(better) == VersionState.CANDIDATE
    assert Deployment.objects.champion().get().model_version == champion


def test_a_worse_one_that_claims_to_be_perfect_is_seen_through(champion: ModelVersion, enter: Enter) -> None:
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


def test_a_champion_below_a_floor_is_told_of(champion: ModelVersion, settings: Settings) -> None:
    settings.BEST_LEAST_RECALL = 0.95

    assert "Its recall of non-compliant is 92.9 %" in reasons(rank(), "tiny:1")


def test_a_worse_one_above_the_floors_is_passed_over(enter: Enter) -> None:
    deploy_champion(enter("1"), by=None)
    enter("2", unknown={"iron"})

    ranking = rank()

    assert (ranking.candidate, verdicts(ranking)["tiny:2"]) == (None, "not better")
    assert "Less often right than the champion: −6.2 points, 95 % −8.8 to −4.4." in reasons(ranking, "tiny:2")


def test_an_equal_one_that_is_smaller_becomes_candidate(
    champion: ModelVersion, enter: Enter, settings: Settings
) -> None:
    settings.BEST_CHEAPER = 0.2
    smaller = enter("2", unknown={"iron"}, big=False)

    ranking = rank()

    assert ranking.candidate == smaller
    assert "Not less often right than the champion by 2.0 points: ±0.0 points" in reasons(ranking, "tiny:2")


def test_an_equal_one_that_is_not_cheaper_does_not(champion: ModelVersion, enter: Enter) -> None:
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


def test_a_denied_version_is_never_the_best(champion: ModelVersion, enter: Enter) -> None:
    enter("2")
    Denial.objects.create(pattern="tiny:2", reason="Recalled.")

    ranking = rank()

    assert (ranking.candidate, verdicts(ranking)["tiny:2"]) == (None, "denied")


def test_a_candidate_that_is_denied_is_verified_again(champion: ModelVersion, enter: Enter) -> None:
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


def test_who_was_not_measured_or_not_verified_is_told_of(champion: ModelVersion, tmp_path: Path) -> None:
    install(tmp_path, "2")
    lifecycle.move(install(tmp_path, "3"), VersionState.REJECTED, reason="Its files were tampered with.", by=None)

    ranking = rank()

    assert verdicts(ranking) == {"tiny:1": "champion", "tiny:2": "not measured", "tiny:3": "out"}
    assert reasons(ranking, "tiny:3") == "It is rejected: Its files were tampered with."


def test_the_champion_is_measured_first_in_the_same_way(champion: ModelVersion) -> None:
    rank()

    assert champion.evaluations.count() == 1


def test_where_the_champion_cannot_be_measured_nothing_changes(champion: ModelVersion, enter: Enter) -> None:
    enter("2")
    (bundle_path(champion.digest) / "model.onnx").write_bytes(b"damaged")

    ranking = rank()

    assert (ranking.candidate, verdicts(ranking)["tiny:2"]) == (None, "not better")
    assert "damaged here" in reasons(ranking, "tiny:1")


def test_no_change_is_a_decision_that_is_recorded(champion: ModelVersion) -> None:
    ranking = rank()

    event = Event.objects.get(action="versions_ranked")
    assert (ranking.candidate, event.after["candidate"]) == (None, "")
    assert event.after["verdicts"] == {"tiny:1": "champion"}
    assert [key for key, _ in event.rows["mlops.ranking"]] == [ranking.pk]


def test_the_same_decision_is_written_once_and_again_for_a_person(
    champion: ModelVersion, enter: Enter, admin: User
) -> None:
    enter("2")

    first = rank()

    assert rank() == first
    assert rank(by=admin) != first
    assert Ranking.objects.count() == 2


def test_another_policy_is_another_decision(champion: ModelVersion, settings: Settings) -> None:
    first = rank()
    settings.BEST_LEAST_RECALL = 0.8

    assert rank() != first


def test_a_version_for_a_newer_regulation_enters_whatever_its_score_under_the_old(
    champion: ModelVersion, tmp_path: Path
) -> None:
    add_plain_set("TREY-2027-2", wording="Part: ")
    newer = install(tmp_path, "2", regulation="TREY-2027-2")
    evaluate(newer)

    ranking = rank("TREY-2027-2")

    assert ranking.candidate == newer
    assert "The champion is for TREY-2019-1: for a newer regulation the best above the floors enters." in reasons(
        ranking, "tiny:2"
    )
    assert rank(REGULATION).candidate is None


def test_a_version_for_an_older_regulation_than_the_champions_does_not(tmp_path: Path, enter: Enter) -> None:
    older = enter("1")
    rank()
    add_plain_set("TREY-2027-2", wording="Part: ")
    deploy_champion(install(tmp_path, "2", regulation="TREY-2027-2"), by=None)

    ranking = rank(REGULATION)

    assert (ranking.candidate, verdicts(ranking)) == (None, {"tiny:1": "out"})
    assert state(older) == VersionState.VERIFIED


def test_each_regulation_is_ranked_and_the_champions_is_what_stands(champion: ModelVersion, tmp_path: Path) -> None:
    add_plain_set("TREY-2027-2", wording="Part: ")
    evaluate(install(tmp_path, "2", regulation="TREY-2027-2"))

    ranking = rank()

    assert ranking.regulation_code == REGULATION
    assert Ranking.objects.standing_for(REGULATION).get() == ranking
    assert {one.regulation_code for one in Ranking.objects.standing()} == {REGULATION, "TREY-2027-2"}


def test_without_versions_or_without_a_set_there_is_nothing_to_rank() -> None:
    with pytest.raises(NotEvaluable, match="nothing to rank"):
        rank()
    with pytest.raises(NotEvaluable, match="no evaluation set for TREY-2027-2"):
        rank("TREY-2027-2")


@pytest.mark.django_db(transaction=True)
def test_those_who_rank_at_once_decide_once(enter: Enter) -> None:
    deploy_champion(enter("1", unknown={"iron"}), by=None)
    better = enter("2")
    begin = threading.Barrier(4)

    def decide(_: int) -> Ranking:
        try:
            begin.wait(timeout=30)
            return rank()
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as workers:
        rankings = set(workers.map(decide, range(4)))

    assert [one.candidate for one in rankings] == [better]
    assert Event.objects.filter(action="version_nominated").count() == 1


def test_the_command_ranks_after_it_measured(champion: ModelVersion, tmp_path: Path) -> None:
    install(tmp_path, "2")
    said = StringIO()

    call_command("evaluate_model", "--rank", stdout=said)

    assert "TREY-2019-1: tiny:2" in said.getvalue()
    assert "tiny:2: candidate. More often right than the champion" in said.getvalue()
    assert "tiny:1: champion. It serves now." in said.getvalue()
