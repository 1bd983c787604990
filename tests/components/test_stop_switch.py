"""While automatic labelling is stopped no model is asked, and people decide on every new component."""

import threading
from collections.abc import Callable, Sequence

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction

from audit.models import Event
from components import services
from components.exceptions import LabellingStopped, MissingReason
from components.models import Component, StopSwitch, User
from components.services import labelling, memory, reviewing, stopping
from components.services.editing import edit_description
from mlops import labeler
from mlops.contracts import Classification
from mlops.models import Prediction
from tests.components.conftest import TEXT
from tests.shown import keep


@pytest.mark.django_db
@pytest.mark.usefixtures("champion", "clean")
def test_a_new_component_waits_for_a_person(technician: User, officer: User, admin: User) -> None:
    stopping.stop_labelling(reason="the model is wrong", by=admin)

    component = services.submit_component(description=TEXT, by=technician)

    review = reviewing.claim_next(by=officer).review
    assert (review.component, review.risk, review.uncertainty, review.blind) == (component, 3, 10, False)
    assert [route.reason for route in review.routes.all()] == ["stopped"]
    assert not Prediction.objects.exists()
    assert component.label is None


@pytest.mark.django_db
@pytest.mark.usefixtures("champion", "clean")
def test_texts_of_programs_are_not_labelled(technician: User, admin: User) -> None:
    stopping.stop_labelling(reason="the model is wrong", by=admin)

    with pytest.raises(LabellingStopped):
        labelling.label_texts([TEXT], by=technician)

    stopping.resume_labelling(reason="mended", by=admin)
    assert [result.classification.text for result in labelling.label_texts([TEXT], by=technician)] == [TEXT]


@pytest.mark.django_db
@pytest.mark.usefixtures("champion", "clean")
def test_resumed_the_model_labels_what_is_new_and_people_what_waits(technician: User, admin: User) -> None:
    stopping.stop_labelling(reason="the model is wrong", by=admin)
    waiting = services.submit_component(description=TEXT, by=technician)
    stopping.resume_labelling(reason="mended", by=admin)

    assert services.submit_component(description=TEXT, by=technician).label is not None
    assert services.label_pending() == 0
    assert waiting.reviews.unfinished().exists()


@pytest.mark.django_db
@pytest.mark.usefixtures("champion")
def test_what_waited_for_the_model_is_left_to_people(
    technician: User, admin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting = keep([f"{TEXT} {number}" for number in range(300)], by=technician)
    stopping.stop_labelling(reason="the model is wrong", by=admin)
    monkeypatch.setattr(labeler, "classify", lambda texts: pytest.fail("the model was asked"))

    assert services.label_pending() == 0

    assert Component.objects.filter(reviews__state="open", reviews__routes__reason="stopped").count() == len(waiting)
    assert Event.objects.filter(action="component_left_to_people").count() == len(waiting)
    assert services.label_pending() == 0


@pytest.mark.django_db
def test_the_switch_is_a_row_of_the_ledger_with_its_reason_and_an_event(admin: User) -> None:
    stopping.stop_labelling(reason=" the model is wrong ", by=admin)
    stopping.resume_labelling(reason="mended", by=admin)

    assert list(StopSwitch.objects.order_by("pk").values_list("stopped", "reason")) == [
        (True, "the model is wrong"),
        (False, "mended"),
    ]
    stopped, resumed = Event.objects.filter(action__startswith="labelling_")
    assert (stopped.action, stopped.before["stopped"], resumed.before["stopped"]) == ("labelling_stopped", False, True)


@pytest.mark.django_db
def test_nobody_stops_labelling_without_a_reason(admin: User) -> None:
    with pytest.raises(MissingReason):
        stopping.stop_labelling(reason="  ", by=admin)
    with pytest.raises(ValidationError):
        stopping.stop_labelling(reason="x" * 501, by=admin)
    assert not stopping.is_stopped()


@pytest.mark.django_db
def test_to_ask_whether_it_is_stopped_costs_nothing_once_it_is_known(
    admin: User, django_assert_num_queries: Callable[..., object]
) -> None:
    stopping.stop_labelling(reason="the model is wrong", by=admin)

    with django_assert_num_queries(1):
        assert [stopping.is_stopped() for _ in range(100)] == [True] * 100


@pytest.mark.django_db
def test_another_process_hears_of_it_within_a_second(admin: User, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [1000.0]
    monkeypatch.setattr(memory.time, "monotonic", lambda: clock[0])
    assert not stopping.is_stopped()
    # Written as another process does: nothing here is told.
    StopSwitch.objects.bulk_create([StopSwitch(stopped=True, reason="the model is wrong", set_by=admin)])

    assert not stopping.is_stopped()
    clock[0] += memory.SECONDS
    assert stopping.is_stopped()


@pytest.mark.django_db
def test_a_switch_that_could_not_be_written_changes_nothing(admin: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        raise DatabaseError("the disk is full")

    monkeypatch.setattr(stopping, "record", refuse)

    with pytest.raises(DatabaseError):
        stopping.stop_labelling(reason="the model is wrong", by=admin)

    assert not stopping.is_stopped()


@pytest.mark.django_db(transaction=True)
def test_no_thread_of_this_process_remembers_what_was_before_the_switch(admin: User) -> None:
    asked_before, written = threading.Event(), threading.Event()
    answers: list[bool] = []

    def ask() -> None:
        try:
            answers.append(stopping.is_stopped())
            asked_before.set()
            written.wait(10)
            answers.append(stopping.is_stopped())
        finally:
            connection.close()

    other = threading.Thread(target=ask)
    with transaction.atomic():
        stopping.stop_labelling(reason="the model is wrong", by=admin)
        # Remembers, before the switch is committed, that nothing is stopped.
        other.start()
        assert asked_before.wait(10)
    written.set()
    other.join()

    assert answers == [False, True]


@pytest.mark.django_db
def test_what_was_read_before_a_change_is_not_remembered_after_it(admin: User) -> None:
    def read_slowly() -> bool:
        answer = StopSwitch.objects.exists()
        if not answer:
            # Another thread sets the switch between the reading and the remembering.
            StopSwitch.objects.create(stopped=True, reason="the model is wrong", set_by=admin)
        return answer

    remembered = memory.Remembered(read_slowly, about=StopSwitch)

    assert [remembered(), remembered()] == [False, True]


@pytest.fixture
def stopped_meanwhile(admin: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """The switch is turned while the model is being asked."""
    ask = labeler.classify

    def classify(texts: Sequence[str]) -> list[Classification]:
        found = ask(texts)
        if not stopping.is_stopped_now():
            stopping.stop_labelling(reason="the model is wrong", by=admin)
        return found

    monkeypatch.setattr(labeler, "classify", classify)


@pytest.mark.django_db
@pytest.mark.usefixtures("champion", "clean", "stopped_meanwhile")
def test_stopped_while_the_model_is_asked_a_new_component_waits_for_a_person(technician: User) -> None:
    component = services.submit_component(description=TEXT, by=technician)

    assert component.label is None
    assert [route.reason for route in component.reviews.get().routes.all()] == ["stopped"]
    assert not Prediction.objects.exists()


@pytest.mark.django_db
@pytest.mark.usefixtures("champion", "stopped_meanwhile")
def test_stopped_while_the_model_is_asked_what_waited_gets_no_label(technician: User) -> None:
    keep([TEXT], by=technician)

    assert services.label_pending() == 0
    assert not Prediction.objects.exists()


@pytest.mark.django_db
@pytest.mark.usefixtures("champion", "clean")
def test_stopped_while_the_model_is_asked_an_edited_component_waits_for_a_person(
    technician: User, request: pytest.FixtureRequest
) -> None:
    component = services.submit_component(description=TEXT, by=technician)
    request.getfixturevalue("stopped_meanwhile")

    edited = edit_description(component_id=component.pk, number=1, description=f"{TEXT}, blue", by=technician)

    assert edited.label is None
    assert [route.reason for route in edited.reviews.unfinished().get().routes.all()] == ["stopped"]
