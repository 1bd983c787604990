"""A component's story: everything that happened, in order, in few queries, without what a blind review hides."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from components.history import Answered, Chapter, Decided, Edited, Labelled, Routed, story_of
from components.models import Component, User
from components.services.editing import edit_description
from mlops.models import ModelVersion
from tests import told


@pytest.fixture
def component(champion: ModelVersion, technician: User, officer: User, admin: User) -> Component:
    return told.tell(technician=technician, officer=officer, admin=admin)


def of_kind(story: list[Chapter], kind: type) -> list:
    return [chapter for chapter in story if isinstance(chapter, kind)]


def test_everything_stands_in_the_order_in_which_it_happened(component: Component) -> None:
    kinds = [chapter.kind for chapter in story_of(component, hidden=False)]
    assert kinds[:4] == ["entered", "labelled", "routed", "routed"]
    assert [kind for kind in kinds[4:] if kind != "claimed"] == [
        *("decided", "answered", "decided", "decided", "decided"),
        *("edited", "labelled", "routed"),
        *("withdrawn", "edited", "labelled", "routed"),
    ]


def test_times_never_go_back(component: Component) -> None:
    times = [chapter.at for chapter in story_of(component, hidden=False)]
    assert times == sorted(times)


def test_a_label_is_told_with_its_model_its_score_and_the_text_that_it_was_given_to(component: Component) -> None:
    labels = of_kind(story_of(component, hidden=False), Labelled)
    assert [label.text_number for label in labels] == [1, 2, 3]
    prediction = component.label.prediction
    assert (labels[-1].value, labels[-1].score) == (prediction.label, prediction.score)
    assert labels[-1].model_version == str(prediction.model_version)
    assert labels[-1].threshold == prediction.threshold
    assert labels[-1].regulation == "TREY-2019-1"


def test_a_route_is_told_with_its_reason_its_probability_and_the_policy(component: Component) -> None:
    rule, question = sorted(of_kind(story_of(component, hidden=False), Routed)[:2], key=lambda route: route.note)
    assert (rule.reason, rule.probability, rule.by) == ("uncertain", 1.0, "")
    assert rule.policy is not None
    assert rule.score is not None
    assert (question.reason, question.note, question.by) == ("question", told.WONDERED, "Tess Technician")


def test_a_decision_is_told_with_officer_role_code_note_and_seconds(component: Component) -> None:
    _, override, undo, confirm = of_kind(story_of(component, hidden=False), Decided)
    assert (override.by, override.role, override.seconds) == ("Omar Officer", "officer", 2.0)
    assert (override.reason_code, override.note) == ("The year was misread", "The plate says 1994.")
    assert not override.blind
    assert override.value != undo.value == confirm.value
    assert undo.undoes == override.decision_id


def test_question_answer_and_both_texts_of_an_edit_are_told(component: Component) -> None:
    story = story_of(component, hidden=False)
    assert of_kind(story, Decided)[0].note == told.ASKED
    assert [answer.answer for answer in of_kind(story, Answered)] == [told.ANSWERED]
    edits = [(edit.text_before, edit.text, edit.text_number) for edit in of_kind(story, Edited)]
    assert edits == [(told.FIRST, told.SECOND, 2), (told.SECOND, told.THIRD, 3)]


def test_who_must_not_know_labels_is_told_no_label_no_score_and_no_decision_on_one(component: Component) -> None:
    story = story_of(component, hidden=True)
    assert of_kind(story, Labelled) == []
    assert [decision.outcome for decision in of_kind(story, Decided)] == ["ask"]
    assert {(route.score, route.threshold) for route in of_kind(story, Routed)} == {(None, None)}
    assert of_kind(story, Edited)


@pytest.mark.parametrize("hidden", [False, True])
def test_a_longer_story_takes_no_more_queries(component: Component, technician: User, hidden: bool) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            story_of(component, hidden=hidden)
        return len(captured)

    few = queries()
    for number in range(3, 9):
        edit_description(component_id=component.pk, number=number, description=f"text {number + 1}", by=technician)
    assert queries() == few <= 7
