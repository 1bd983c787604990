"""A label belongs to the text it saw: another text is labelled anew."""

from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError

from audit.models import Event
from components import services
from components.exceptions import NotYours, TextChanged, UnderBlindReview, UnknownRecord
from components.models import Component, Description, Label, Review, User
from components.services import editing, routing, stopping
from components.services.holding import Claimed
from mlops.models import Prediction
from tests.components.conftest import TEXT, fresh
from tests.components.decisions import decide

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean")]

NEW = "rusty iron, made in 1970"


def edit(component: Component, by: User, text: str = NEW, number: int = 1) -> Component:
    return editing.edit_description(component_id=component.pk, number=number, description=text, by=by)


def test_both_texts_are_kept_each_with_its_label(submitted: Callable[..., Component], technician: User) -> None:
    component = edit(submitted(), technician)

    assert (component.description, component.description_number) == (NEW, 2)
    texts = component.descriptions.order_by("number")
    assert [text.text for text in texts] == [TEXT, NEW]
    assert [label.description.text for label in component.labels.order_by("pk")] == [TEXT, NEW]
    component.refresh_from_db()
    assert component.label == component.labels.latest("pk")
    assert [prediction.text for prediction in Prediction.objects.order_by("pk")] == [TEXT, NEW]


def test_the_event_tells_both_texts(submitted: Callable[..., Component], technician: User) -> None:
    component = edit(submitted(), technician)

    event = Event.objects.get(action="component_edited")
    assert (event.subject_id, event.before["description"], event.after["description"]) == (str(component.pk), TEXT, NEW)
    assert event.after["number"] == 2


def test_what_was_unfinished_about_the_old_text_is_withdrawn(in_hand: Callable[..., Claimed], technician: User) -> None:
    claimed = in_hand()

    component = edit(claimed.review.component, technician)

    old, new = component.reviews.all()
    assert (old.state, old.holder, old.lease, old.closed_at is not None) == ("withdrawn", None, None, True)
    assert (new.state, new.description.number) == ("open", 2)


def test_an_officers_label_counts_for_the_text_it_was_given_to(
    in_hand: Callable[..., Claimed], officer: User, technician: User
) -> None:
    claimed = in_hand()
    decide(claimed, officer, "override", reason_code="wording")

    component = edit(claimed.review.component, technician)

    component.refresh_from_db()
    assert component.label is not None
    assert component.label.source == "model"


def test_the_same_text_changes_nothing(in_hand: Callable[..., Claimed], technician: User) -> None:
    claimed = in_hand()
    events = Event.objects.count()

    edit(claimed.review.component, technician, TEXT)

    assert fresh(claimed.review).lease == claimed.lease
    assert (Description.objects.count(), Event.objects.count()) == (1, events)


def test_while_labelling_is_stopped_people_look_at_the_new_text(
    submitted: Callable[..., Component], technician: User, admin: User
) -> None:
    component = submitted()
    stopping.stop_labelling(reason="a test", by=admin)

    component = edit(component, technician)

    component.refresh_from_db()
    assert component.label is None
    review = component.reviews.get(state=Review.State.OPEN)
    assert (review.prediction, [route.reason for route in review.routes.all()]) == (None, ["stopped"])


def test_with_nothing_serving_the_new_text_waits_for_the_model(
    no_champion: None, technician: User, policy: Callable[..., object]
) -> None:
    component = services.submit_component(description=TEXT, by=technician)

    edit(component, technician)

    assert Component.objects.awaiting_label().get().description == NEW


@pytest.mark.parametrize("number", [0, 2])
def test_who_edits_another_text_than_the_newest_is_told_so(
    submitted: Callable[..., Component], technician: User, number: int
) -> None:
    component = submitted()

    with pytest.raises(TextChanged):
        edit(component, technician, number=number)

    assert Description.objects.count() == 1


def test_of_two_edits_of_the_same_text_the_first_counts(
    submitted: Callable[..., Component], technician: User, officer: User
) -> None:
    component = submitted()
    edit(component, technician)

    with pytest.raises(TextChanged):
        edit(component, officer, "as good as new, 2020")

    component.refresh_from_db()
    assert component.description == NEW


def test_technicians_edit_what_they_entered_and_officers_and_admins_all(
    submitted: Callable[..., Component], stranger: User, officer: User, admin: User
) -> None:
    component = submitted()

    with pytest.raises(NotYours):
        edit(component, stranger)

    edit(component, officer)
    edit(component, admin, "as good as new, 2020", number=2)
    assert [text.written_by for text in component.descriptions.order_by("number")][1:] == [officer, admin]


def test_a_text_that_may_not_be_stored_is_refused(submitted: Callable[..., Component], technician: User) -> None:
    component = submitted()
    for text in ("", " \n", "a \0 in it", "half \ud800", "x" * 10_001):
        with pytest.raises(ValidationError):
            edit(component, technician, text)
    assert (Description.objects.count(), Label.objects.count()) == (1, 1)


def test_there_is_no_such_component(champion: object, technician: User) -> None:
    with pytest.raises(UnknownRecord):
        editing.edit_description(component_id=0, number=1, description=NEW, by=technician)


def test_a_decided_review_stays_decided(in_hand: Callable[..., Claimed], officer: User, technician: User) -> None:
    claimed = in_hand()
    decide(claimed, officer, "confirm")

    edit(claimed.review.component, technician)

    assert fresh(claimed.review).state == "decided"


def test_a_question_that_waits_goes_with_the_text(submitted: Callable[..., Component], technician: User) -> None:
    component = submitted(uncertain_from=0, uncertain_to=0)
    review = routing.ask_for_review(component_id=component.pk, note="Is that so?", by=technician)

    edit(component, technician)

    assert fresh(review).state == "withdrawn"
    assert not Review.objects.unfinished().exists()


@pytest.mark.usefixtures("clean")
def test_who_decides_blind_cannot_have_the_label_shown_by_an_edit(
    submitted: Callable[..., Component], officer: User, technician: User
) -> None:
    component = submitted(blind_share=1)

    with pytest.raises(UnderBlindReview):
        editing.edit_description(component_id=component.pk, number=1, description="steel, 2012", by=officer)

    editing.edit_description(component_id=component.pk, number=1, description="steel, 2012", by=technician)
