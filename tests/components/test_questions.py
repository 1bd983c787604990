"""Officers ask technicians back, technicians ask officers, and the review goes on."""

from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError

from audit.models import Event
from components import services
from components.exceptions import AlreadyAnswered, MissingReason, NotYours, TextChanged, UnknownRecord
from components.models import Answer, Component, Review, Route, User
from components.services import deciding, editing, questions, reviewing, routing
from components.services.holding import Claimed
from tests.components.conftest import TEXT, fresh
from tests.components.decisions import decide

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean")]

Claims = Callable[..., Claimed]


def test_the_answer_brings_the_review_back(in_hand: Claims, officer: User, colleague: User, technician: User) -> None:
    claimed = in_hand()
    question = decide(claimed, officer, "ask", note="Which year?")

    answer = questions.answer(decision_id=question.pk, text=" 2012, <i>see</i> the plate ", by=technician)

    assert (answer.text, answer.answered_by) == ("2012, <i>see</i> the plate", technician)
    assert reviewing.claim_next(by=colleague).review == claimed.review
    event = Event.objects.get(action="question_answered")
    assert (event.subject_id, set(event.rows)) == (str(claimed.review.component_id), {"components.answer"})


def test_the_officer_who_asks_may_write_down_the_answer(in_hand: Claims, officer: User) -> None:
    question = decide(in_hand(), officer, "ask", note="Which year?")

    assert questions.answer(decision_id=question.pk, text="2012, by telephone", by=officer).answered_by == officer


def test_another_technician_does_not_answer(in_hand: Claims, officer: User, stranger: User) -> None:
    question = decide(in_hand(), officer, "ask", note="Which year?")

    with pytest.raises(NotYours):
        questions.answer(decision_id=question.pk, text="2012", by=stranger)

    assert not Answer.objects.exists()


def test_a_question_is_answered_once(in_hand: Claims, officer: User, technician: User) -> None:
    question = decide(in_hand(), officer, "ask", note="Which year?")
    questions.answer(decision_id=question.pk, text="2012", by=technician)

    with pytest.raises(AlreadyAnswered):
        questions.answer(decision_id=question.pk, text="2013", by=technician)


def test_a_question_that_was_taken_back_is_not_answered(in_hand: Claims, officer: User, technician: User) -> None:
    question = decide(in_hand(), officer, "ask", note="Which year?")
    deciding.undo(decision_id=question.pk, by=officer)

    with pytest.raises(AlreadyAnswered):
        questions.answer(decision_id=question.pk, text="2012", by=technician)


def test_a_question_about_a_text_that_was_edited_is_withdrawn(in_hand: Claims, officer: User, technician: User) -> None:
    claimed = in_hand()
    question = decide(claimed, officer, "ask", note="Which year?")
    editing.edit_description(
        component_id=claimed.review.component_id, number=1, description=f"{TEXT}, in May", by=technician
    )

    with pytest.raises(TextChanged):
        questions.answer(decision_id=question.pk, text="2012", by=technician)


def test_what_is_no_question_is_not_answered(in_hand: Claims, officer: User, technician: User) -> None:
    decision = decide(in_hand(), officer, "confirm")

    for number in (decision.pk, 0):
        with pytest.raises(UnknownRecord):
            questions.answer(decision_id=number, text="2012", by=technician)


def test_an_answer_says_something_of_bearable_length(in_hand: Claims, officer: User, technician: User) -> None:
    question = decide(in_hand(), officer, "ask", note="Which year?")

    with pytest.raises(MissingReason):
        questions.answer(decision_id=question.pk, text=" \n", by=technician)
    with pytest.raises(ValidationError):
        questions.answer(decision_id=question.pk, text="x" * 2001, by=technician)


def test_a_technicians_question_opens_a_review_of_the_highest_risk(
    submitted: Callable[..., Component], technician: User
) -> None:
    component = submitted(uncertain_from=0, uncertain_to=0)

    review = routing.ask_for_review(component_id=component.pk, note="Is that so?", by=technician)

    route = Route.objects.get()
    assert (route.review, route.reason, route.note, route.by) == (review, "question", "Is that so?", technician)
    assert component.label is not None
    assert (review.risk, review.prediction, review.blind) == (3, component.label.prediction, False)
    assert Event.objects.get(action="review_asked_for").actor_id == technician.pk


def test_a_question_is_added_to_the_review_that_waits(submitted: Callable[..., Component], technician: User) -> None:
    component = submitted()

    review = routing.ask_for_review(component_id=component.pk, note="Is that so?", by=technician)

    assert review == component.reviews.get()
    assert (list(review.routes.values_list("reason", flat=True)), fresh(review).risk) == (["uncertain", "question"], 3)


def test_a_question_that_comes_with_the_component_is_kept_with_it(
    submitted: Callable[..., Component], technician: User
) -> None:
    component = submitted(question=" Is that so? ", uncertain_from=0, uncertain_to=0)

    route = Route.objects.get()
    assert (route.review.component, route.note, route.by) == (component, "Is that so?", technician)
    assert Event.objects.get(action="component_submitted").after["question"] == "Is that so?"


@pytest.mark.usefixtures("no_champion")
def test_a_question_about_an_unlabelled_component_waits_for_a_person(technician: User) -> None:
    component = services.submit_component(description=TEXT, question="What is it?", by=technician)

    review = Review.objects.get()
    assert (review.component, review.prediction, review.blind) == (component, None, False)
    assert not Component.objects.awaiting_label().exists()


def test_one_asks_about_ones_own_components(submitted: Callable[..., Component], stranger: User, officer: User) -> None:
    component = submitted(uncertain_from=0, uncertain_to=0)

    with pytest.raises(NotYours):
        routing.ask_for_review(component_id=component.pk, note="Is that so?", by=stranger)

    assert routing.ask_for_review(component_id=component.pk, note="Is that so?", by=officer)


def test_a_question_says_something_about_something(submitted: Callable[..., Component], technician: User) -> None:
    component = submitted()

    with pytest.raises(MissingReason):
        routing.ask_for_review(component_id=component.pk, note=" ", by=technician)
    with pytest.raises(ValidationError):
        routing.ask_for_review(component_id=component.pk, note="x" * 2001, by=technician)
    with pytest.raises(UnknownRecord):
        routing.ask_for_review(component_id=0, note="Is that so?", by=technician)
    assert list(Route.objects.values_list("reason", flat=True)) == ["uncertain"]
