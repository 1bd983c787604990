"""Each regulation is ranked for itself; a version takes the place of a champion for an older one only."""

from datetime import date
from pathlib import Path

import pytest

from mlops.contracts import VersionState
from mlops.exceptions import NotEvaluable
from mlops.models import EvaluationSet, ModelVersion, Ranking
from mlops.services.deployment import deploy_champion
from mlops.services.evaluation import evaluate
from mlops.services.ranking import rank
from tests.mlops.measured import REGULATION, add_plain_set, install
from tests.mlops.ranked import Enter, reasons, state, verdicts

pytestmark = pytest.mark.usefixtures("answers_here", "lenient_policy")


def test_a_version_for_a_newer_regulation_enters_whatever_its_score_under_the_old(
    modest_champion: ModelVersion, tmp_path: Path
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


def test_each_regulation_is_ranked_and_the_champions_is_what_stands(
    modest_champion: ModelVersion, tmp_path: Path
) -> None:
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


def test_a_set_for_an_older_regulation_that_comes_later_makes_it_no_newer(
    modest_champion: ModelVersion, tmp_path: Path
) -> None:
    add_plain_set("TREY-2010-1", wording="Old: ", effective_on=date(2010, 5, 1))
    evaluate(install(tmp_path, "2", regulation="TREY-2010-1"))

    ranking = rank("TREY-2010-1")

    assert (ranking.candidate, verdicts(ranking)) == (None, {"tiny:2": "out"})
    assert reasons(ranking, "tiny:2") == (
        "The champion is for TREY-2019-1, which applies from 2019-01-01: TREY-2010-1, from 2010-05-01 on, is not newer."
    )


def test_one_from_the_same_day_on_is_not_newer(modest_champion: ModelVersion, tmp_path: Path) -> None:
    add_plain_set("TREY-2019-2", wording="Too: ", effective_on=date(2019, 1, 1))
    evaluate(install(tmp_path, "2", regulation="TREY-2019-2"))

    assert verdicts(rank("TREY-2019-2")) == {"tiny:2": "out"}


def test_while_the_champions_regulation_has_no_set_nothing_is_newer(tmp_path: Path, enter: Enter) -> None:
    enter("1")
    deploy_champion(install(tmp_path, "2", regulation="TREY-2027-2"), by=None)

    ranking = rank()

    assert (ranking.candidate, verdicts(ranking)) == (None, {"tiny:1": "out"})
    assert "no evaluation set says from which day TREY-2027-2 applies. Add one" in reasons(ranking, "tiny:1")


def test_a_set_that_does_not_say_its_day_makes_nothing_newer(modest_champion: ModelVersion, tmp_path: Path) -> None:
    EvaluationSet.objects.create(
        regulation_code="TREY-2027-2", version=1, digest="sha256:0", samples=[], rows=0, counts={}, origin="Of old."
    )
    install(tmp_path, "2", regulation="TREY-2027-2")

    assert "from which day TREY-2027-2 applies" in reasons(rank("TREY-2027-2"), "tiny:2")
