"""Similar decided components: found by their rarest words, ranked by likeness, at a bounded cost."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from components import similar
from components.models import Component, Decision, Review, User
from components.services.deciding import decide
from components.services.reviewing import claim
from components.similar import similar_to, words_of
from mlops.contracts import Label
from mlops.models import ModelVersion
from tests.pages.conftest import client_of
from tests.shown import enter
from tests.waiting import route_all, submit


def decided(text: str, *, by: User, says: Label = Label.COMPLIANT) -> Component:
    return enter(text, by=by, officer_says=says)


def found(text: str, officer: User, besides: int = 0) -> list[str]:
    return [other.text for other in similar_to(text, component_id=besides, for_user=officer)]


def test_the_most_alike_come_first_with_outcome_and_officer(officer: User) -> None:
    decided("a lamp of glass", by=officer)
    decided("brake caliper bracket of steel", by=officer, says=Label.NON_COMPLIANT)
    decided("brake hose of rubber", by=officer)
    others = similar_to("brake caliper bracket of iron", component_id=0, for_user=officer)
    assert [other.text for other in others] == ["brake caliper bracket of steel", "brake hose of rubber"]
    assert (others[0].value, others[0].officer) == ("non-compliant", "Omar Officer")
    assert others[0].likeness == pytest.approx(4 / 6)


def test_it_finds_no_component_like_itself(officer: User) -> None:
    itself = decided("brake caliper bracket", by=officer)
    assert found("brake caliper bracket", officer, besides=itself.pk) == []


def test_what_was_never_decided_is_not_found(officer: User, component) -> None:
    component("brake caliper bracket", score=0.9)
    assert found("brake caliper bracket", officer) == []


def test_a_decision_that_was_undone_is_not_found(technician: User, officer: User, champion: ModelVersion) -> None:
    route_all()
    review = submit("brake caliper bracket of iron", by=technician)
    lease = claim(review_id=review.pk, by=officer).lease
    decision = decide(review_id=review.pk, lease=lease, outcome="confirm", number=1, seconds=1, by=officer)
    assert found("brake caliper bracket of iron", officer) == ["brake caliper bracket of iron"]
    from components.services.deciding import undo

    undo(decision_id=decision.pk, by=officer)
    assert found("brake caliper bracket of iron", officer) == []


def test_a_decision_on_an_older_text_is_not_found(officer: User, champion: ModelVersion) -> None:
    from components.services.editing import edit_description

    changed = decided("brake caliper bracket", by=officer)
    edit_description(component_id=changed.pk, number=1, description="brake caliper bracket 2", by=officer)
    assert found("brake caliper bracket", officer) == []


def test_a_decision_that_waits_for_a_blind_one_is_hidden_from_officers(
    technician: User, officer: User, champion: ModelVersion
) -> None:
    route_all(second=True)
    review = submit("brake caliper bracket of iron", by=technician)
    lease = claim(review_id=review.pk, by=officer).lease
    decide(review_id=review.pk, lease=lease, outcome="confirm", number=1, seconds=1, by=officer)
    assert Review.objects.unfinished().get().blind
    assert found("brake caliper bracket of iron", officer) == []
    assert found("brake caliper bracket of iron", technician) == ["brake caliper bracket of iron"]


@pytest.mark.parametrize("text", ["…", "%", "_", "' OR 1=1", "x" * 10_000, "a " * 5_000, "\\", "שלום"])
def test_no_text_breaks_it(officer: User, text: str) -> None:
    decided(text, by=officer)
    assert len(found(text, officer)) <= 1


def test_it_looks_at_no_more_than_so_many_candidates(officer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(similar, "MOST_CANDIDATES", 7)
    seen: list[str] = []
    real = similar.words_of
    monkeypatch.setattr(similar, "words_of", lambda text: seen.append(text) or real(text))
    for number in range(20):
        decided(f"brake caliper bracket {number}", by=officer)
    assert len(found("brake caliper bracket of steel", officer)) == similar.SHOWN
    assert len(seen) == 1 + 7


def test_the_rarest_word_comes_first_where_there_are_too_many(officer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(similar, "MOST_CANDIDATES", 3)
    decided("a sintered bracket", by=officer)
    for number in range(20):
        decided(f"bracket {number}", by=officer)
    assert "a sintered bracket" in found("bracket, sintered", officer)


def test_it_reaches_back_no_further_than_so_many_decisions(officer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(similar, "REACH", 5)
    decided("a sintered bracket", by=officer)
    assert found("a sintered bracket", officer) == ["a sintered bracket"]
    for number in range(5):
        decided(f"lamp {number}", by=officer)
    assert Decision.objects.count() == 6
    assert found("a sintered bracket", officer) == []


def test_the_number_of_queries_is_bounded(officer: User) -> None:
    for number in range(30):
        decided(f"brake caliper bracket {number} of steel and iron", by=officer)
    officer.has_perm("x")
    with CaptureQueriesContext(connection) as captured:
        found(" ".join(f"word{number}" for number in range(500)) + " brake caliper bracket steel iron", officer)
    assert len(captured) <= 2 + similar.RAREST_WORDS + similar.UNSEEN_WORDS


def test_only_the_beginning_of_a_text_is_compared() -> None:
    assert words_of("iron " * 400 + "steel") == {"iron"}


def test_the_page_tells_them(officer: User, champion: ModelVersion, technician: User) -> None:
    decided("brake caliper bracket of steel", by=officer, says=Label.NON_COMPLIANT)
    route_all()
    review = submit("brake caliper bracket of iron", by=technician)
    client: Client = client_of(officer)
    for headers in ({}, {"HX-Request": "true"}):
        text = client.get(f"/reviews/{review.pk}/similar/", headers=headers).content.decode()
        assert "brake caliper bracket of steel" in text
        assert "by Omar Officer" in text
    assert "Nothing like it" not in text
