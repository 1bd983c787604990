"""Reviews are as routes, claims, decisions and events left them, and verify_audit finds where they were made others."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from audit.models import Event
from components import services
from components.models import Component, Review, User
from components.services import deciding, editing, holding, reviewing, routing, stopping
from components.services.holding import Claimed
from tests import told
from tests.components.decisions import decide
from tests.components.test_derived import found

pytestmark = pytest.mark.usefixtures("champion")


@pytest.fixture
def story(technician: User, officer: User, admin: User) -> Component:
    return told.tell(technician=technician, officer=officer, admin=admin)


def change(review: Review, **to: object) -> None:
    """As somebody does who writes to the database past the application."""
    Review.objects.filter(pk=review.pk).update(**to)


def of_reviews(tmp_path: Path) -> list[str]:
    return [sentence.partition(" ")[2] for sentence in found(tmp_path) if sentence.startswith("Review")]


@pytest.fixture
def waiting(in_hand: Callable[..., Claimed], officer: User) -> Review:
    """An open review that nobody has in hand, with the lease of before."""
    claimed = in_hand()
    reviewing.release(review_id=claimed.review.pk, lease=claimed.lease, by=officer)
    return claimed.review


@pytest.fixture
def done(in_hand: Callable[..., Claimed], officer: User) -> Review:
    claimed = in_hand(description="worn plastic bracket made in 1991")
    decide(claimed, officer, "confirm")
    return claimed.review


def test_reviews_of_every_kind_are_as_they_were_left(
    story: Component,
    in_hand: Callable[..., Claimed],
    submitted: Callable[..., Component],
    officer: User,
    colleague: User,
    technician: User,
    admin: User,
    tmp_path: Path,
) -> None:
    decide(in_hand(), officer, "escalate", note="why")
    deciding.undo(decision_id=decide(in_hand(second_share=1), officer, "confirm").pk, by=officer)
    for number in range(holding.MOST_HELD + 1):  # the first is given up
        reviewing.claim(review_id=submitted(f"steel bracket {number}").reviews.get().pk, by=colleague)
    stopping.stop_labelling(reason="a test", by=admin)
    services.submit_component(description="steel lid", question="Why?", by=technician)
    colleague.is_active = False
    colleague.save()

    states = set(Review.objects.values_list("state", flat=True))
    assert states == {"open", "decided", "withdrawn"}
    assert found(tmp_path) == []
    last = Review.objects.order_by("pk").last()
    assert last is not None
    told.decide(last.component, "ask", note="why", by=officer)
    assert found(tmp_path) == []


@pytest.mark.parametrize("state", ["asked", "decided", "withdrawn"])
def test_an_open_review_that_is_taken_out_of_the_queue_is_found(waiting: Review, state: str, tmp_path: Path) -> None:
    change(waiting, state=state)

    assert f"{waiting.pk} is {state}, and what happened to it leaves it open." in of_reviews(tmp_path)


@pytest.mark.parametrize("state", ["open", "asked", "withdrawn"])
def test_a_decided_review_that_is_given_another_state_is_found(done: Review, state: str, tmp_path: Path) -> None:
    change(done, state=state)

    assert f"{done.pk} is {state}, and what happened to it leaves it decided." in of_reviews(tmp_path)


def test_what_was_withdrawn_and_waits_again_is_found(waiting: Review, technician: User, tmp_path: Path) -> None:
    component = waiting.component
    editing.edit_description(component_id=component.pk, number=1, description="a steel lid", by=technician)
    component.reviews.filter(state="open").update(state="decided")
    change(waiting, state="open", closed_at=None)

    assert f"{waiting.pk} is open, and what happened to it leaves it withdrawn." in of_reviews(tmp_path)


def test_a_question_that_was_asked_back_and_hidden_is_found(
    in_hand: Callable[..., Claimed], officer: User, tmp_path: Path
) -> None:
    review = in_hand().review
    decide(Claimed(review, review.lease, timezone.now()), officer, "ask", note="why")
    assert found(tmp_path) == []
    change(review, state="open")

    assert of_reviews(tmp_path) == [f"{review.pk} is open, and what happened to it leaves it asked."]


@pytest.mark.parametrize(
    ("edit", "problem"),
    [
        ({"escalated": True}, "is marked as escalated and was not, or the other way about"),
        ({"closed_at": timezone.now()}, "has a time of closing and is not closed, or the other way about"),
        ({"prediction": None}, "is not of the prediction that labelled its text"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_a_mark_that_nothing_accounts_for_is_found(
    waiting: Review, edit: dict[str, object], problem: str, tmp_path: Path
) -> None:
    change(waiting, **edit)

    assert of_reviews(tmp_path) == [f"{waiting.pk} {problem}."]


def test_a_question_on_what_a_model_labelled_that_loses_its_prediction_is_found(
    done: Review, technician: User, tmp_path: Path
) -> None:
    asked = routing.ask_for_review(component_id=done.component_id, note="Sure?", by=technician)
    assert found(tmp_path) == []
    change(asked, prediction=None)

    assert of_reviews(tmp_path) == [f"{asked.pk} is not of the prediction that labelled its text."]


def test_a_question_on_what_no_model_labelled_rightly_has_no_prediction(
    submitted: Callable[..., Component], admin: User, tmp_path: Path
) -> None:
    stopping.stop_labelling(reason="a test", by=admin)
    review = submitted(question="Why?").reviews.get()

    assert review.prediction is None
    assert found(tmp_path) == []


def test_a_lease_that_was_given_up_for_an_undo_and_put_back_is_found(
    in_hand: Callable[..., Claimed], officer: User, tmp_path: Path
) -> None:
    decision = decide(in_hand(), officer, "confirm")
    held = [in_hand(description=f"steel bracket {number}") for number in range(holding.MOST_HELD)]
    deciding.undo(decision_id=decision.pk, by=officer)
    assert found(tmp_path) == []
    (given_up,) = (claimed for claimed in held if not Review.objects.get(pk=claimed.review.pk).lease)
    change(given_up.review, holder=officer, lease=given_up.lease, leased_until=timezone.now())

    assert of_reviews(tmp_path) == [f"{given_up.review.pk} {IN_HAND}"]


def test_an_escalation_that_was_hidden_is_found(in_hand: Callable[..., Claimed], officer: User, tmp_path: Path) -> None:
    review = decide(in_hand(), officer, "escalate", note="why").review
    change(review, escalated=False)

    assert of_reviews(tmp_path) == [f"{review.pk} is marked as escalated and was not, or the other way about."]


def test_a_blind_decision_whose_review_is_said_to_have_shown_the_answer_is_found(
    in_hand: Callable[..., Claimed], officer: User, tmp_path: Path
) -> None:
    review = decide(in_hand(blind_share=1), officer, "label", label="compliant").review
    change(review, blind=False)

    assert of_reviews(tmp_path) == [f"{review.pk} was blind and is not marked so."]


def test_a_second_opinion_that_is_shown_the_answer_is_found(
    in_hand: Callable[..., Claimed], officer: User, tmp_path: Path
) -> None:
    decide(in_hand(second_share=1), officer, "confirm")
    second = Review.objects.open().get()
    change(second, blind=False)

    assert of_reviews(tmp_path) == [f"{second.pk} was blind and is not marked so."]


def test_a_review_that_is_given_another_component_is_found(waiting: Review, done: Review, tmp_path: Path) -> None:
    event = Event.objects.get(action="component_submitted", subject_id=str(waiting.component_id))
    change(waiting, component=done.component_id, description=done.description_id, prediction=done.prediction_id)

    assert of_reviews(tmp_path) == [
        f"{waiting.pk} is of component {done.component_id}, and event {event.position} opened it for another."
    ]


@pytest.mark.parametrize("column", ["component", "description", "prediction"])
def test_a_decided_review_that_is_given_another_component_text_or_prediction_is_found(
    waiting: Review, done: Review, column: str, tmp_path: Path
) -> None:
    change(done, **{column: getattr(waiting, f"{column}_id")})

    sentences = {
        "prediction": f"{done.pk} is not of the prediction that labelled its text.",
        "component": f"{done.pk} is not of the component and the text that it was opened or decided for.",
    }
    assert sentences.get(column, sentences["component"]) in of_reviews(tmp_path)


def test_a_review_that_waits_for_an_old_text_is_found(waiting: Review, technician: User, tmp_path: Path) -> None:
    component = waiting.component
    editing.edit_description(component_id=component.pk, number=1, description="a steel lid", by=technician)
    newer = component.reviews.get(state="open")
    change(newer, description=waiting.description_id, prediction=waiting.prediction_id)

    assert of_reviews(tmp_path) == [f"{newer.pk} waits for a decision on a text that is not its component's newest."]


IN_HAND = "is in the hand of somebody who did not take it, or who gave it back."


def test_a_lease_that_nobody_was_given_is_found(
    in_hand: Callable[..., Claimed], colleague: User, tmp_path: Path
) -> None:
    review = in_hand().review
    assert found(tmp_path) == []
    change(review, holder=colleague)

    assert of_reviews(tmp_path) == [f"{review.pk} {IN_HAND}"]


def test_a_lease_that_was_given_back_and_put_back_is_found(waiting: Review, officer: User, tmp_path: Path) -> None:
    change(waiting, holder=officer, lease=waiting.lease, leased_until=timezone.now())

    assert of_reviews(tmp_path) == [f"{waiting.pk} {IN_HAND}"]


def test_a_review_that_slipped_in_is_found(done: Review, tmp_path: Path) -> None:
    (slipped,) = Review.objects.bulk_create(
        [Review(component=done.component, description=done.description, blind=False, risk=0, uncertainty=0)]
    )

    assert of_reviews(tmp_path) == [f"{slipped.pk} slipped in: nothing says why it was opened."]


def test_a_review_that_is_gone_is_missed_by_its_routes(waiting: Review, tmp_path: Path) -> None:
    kept = Review.objects.get(pk=waiting.pk)
    Review.objects.filter(pk=waiting.pk)._raw_delete(connection.alias)

    assert found(tmp_path) == [f"Review {waiting.pk} is missing, and its routes are there."]
    kept.save(force_insert=True)  # keys are checked at the end of the test
