"""Every decision is kept with its reasons, "no change" too, and none is kept twice."""

from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from pytest_django import Settings

from audit.models import Event
from components.models import User
from mlops.contracts import VersionState
from mlops.exceptions import CannotExamine, LoadError
from mlops.models import ModelVersion, Ranking
from mlops.runtime import examiner
from mlops.services import lifecycle
from mlops.services.deployment import deploy_champion
from mlops.services.evaluation import evaluate
from mlops.services.ranking import rank
from tests.at_once import at_once
from tests.mlops.measured import install
from tests.mlops.ranked import Enter, reasons, state, verdicts
from tests.mlops.shelved import Shelf, brought_to

pytestmark = pytest.mark.usefixtures("answers_here", "lenient_policy")


def test_no_change_is_a_decision_that_is_recorded(modest_champion: ModelVersion) -> None:
    ranking = rank()

    event = Event.objects.get(action="versions_ranked")
    assert (ranking.candidate, event.after["candidate"]) == (None, "")
    assert event.after["verdicts"] == {"tiny:1": "champion"}
    assert [key for key, _ in event.rows["mlops.ranking"]] == [ranking.pk]


def test_the_same_decision_is_written_once_and_again_for_a_person(
    modest_champion: ModelVersion, enter: Enter, admin: User
) -> None:
    enter("2")

    first = rank()

    assert rank() == first
    assert rank(by=admin) != first
    assert Ranking.objects.count() == 2


def test_another_policy_is_another_decision(modest_champion: ModelVersion, settings: Settings) -> None:
    first = rank()
    settings.BEST_LEAST_RECALL = 0.8

    assert rank() != first


@pytest.mark.parametrize(
    ("failure", "said"),
    [
        (CannotExamine, "In {} s the machine let it compute for {}.5 s."),
        (LoadError, "Its process did not answer as it should (2026-11-21 16:00:{}.5 error at 0x{}f)."),
    ],
)
def test_a_champion_that_cannot_be_measured_is_told_once_whatever_its_figures_are(
    modest_champion: ModelVersion, monkeypatch: pytest.MonkeyPatch, failure: type[Exception], said: str
) -> None:
    moments = iter(range(9, 99))

    def score(*words: object, **options: object) -> None:
        moment = next(moments)
        raise failure(said.format(moment, moment))

    monkeypatch.setattr(examiner, "score", score)
    first = rank()

    assert [rank(), rank()] == [first, first]
    assert said.format(9, 9) in reasons(first, "tiny:1")
    assert Event.objects.filter(action="versions_ranked").count() == 1


def test_another_reason_why_the_champion_cannot_be_measured_is_another_decision(
    modest_champion: ModelVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    problems = iter(["The machine was too busy for 9 s.", "The machine killed the process.", None])
    real = examiner.score

    def score(*words: object, **options: object) -> examiner.Scored:
        if problem := next(problems):
            raise CannotExamine(problem)
        return real(*words, **options)

    monkeypatch.setattr(examiner, "score", score)

    told = [reasons(rank(), "tiny:1") for _ in range(3)]

    assert ["too busy" in told[0], "killed" in told[1], "Accuracy" in told[2]] == [True, True, True]
    assert Ranking.objects.count() == 3


def test_other_figures_that_were_measured_are_another_decision(
    modest_champion: ModelVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, real = rank(), examiner.score

    def score(*words: object, **options: object) -> examiner.Scored:
        scored = real(*words, **options)
        return replace(scored, latency_ms=tuple(1000 * one for one in scored.latency_ms))

    monkeypatch.setattr(examiner, "score", score)
    evaluate(modest_champion, again=True)

    assert rank() != first


def test_one_that_became_candidate_anew_is_told_of_though_the_best_is_the_same(
    modest_champion: ModelVersion, enter: Enter
) -> None:
    best = enter("2")
    first = rank()
    brought_to(best, VersionState.REGISTERED, VersionState.FETCHED, VersionState.VERIFIED)

    again = rank()

    assert state(best) == VersionState.CANDIDATE
    assert (again.verdicts, again.candidate) == (first.verdicts, best)
    assert again != first


@pytest.mark.django_db(transaction=True)
def test_those_who_rank_at_once_decide_once(enter: Enter) -> None:
    deploy_champion(enter("1", unknown={"iron"}), by=None)
    better = enter("2")

    rankings = set(at_once(*[rank] * 4))

    assert [one.candidate for one in rankings] == [better]
    assert Event.objects.filter(action="version_nominated").count() == 1


def test_the_command_ranks_after_it_measured(modest_champion: ModelVersion, tmp_path: Path) -> None:
    install(tmp_path, "2")
    said = StringIO()

    call_command("evaluate_model", "--rank", stdout=said)

    assert "TREY-2019-1: tiny:2" in said.getvalue()
    assert "tiny:2: candidate. More often right than the champion" in said.getvalue()
    assert "tiny:1: champion. It serves now." in said.getvalue()


def test_versions_that_are_only_on_their_way_add_no_decision(
    modest_champion: ModelVersion, enter: Enter, shelf: Shelf, tmp_path: Path
) -> None:
    enter("2")
    before = rank()
    shelf.put("3")
    shelf.put("4")
    install(tmp_path, "5")

    assert rank() == before

    lifecycle.move(ModelVersion.objects.get(version="4"), VersionState.REJECTED, reason="Tampered with.", by=None)
    after = rank()

    assert after != before
    assert (verdicts(after)["tiny:4"], verdicts(after)["tiny:3"]) == ("out", "not verified")
    assert reasons(after, "tiny:3") == "It had not been verified when this was decided."
    assert rank() == after
