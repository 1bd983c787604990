"""What was kept without a label gets one as soon as a champion serves."""

from collections.abc import Sequence

import pytest

from components import services, tasks
from components.models import Component, Label, User
from components.services import editing, routing, submission
from mlops import labeler
from mlops.contracts import Classification
from mlops.exceptions import ModelError, NotServing
from tests.at_once import at_once
from tests.shown import keep

TEXTS = [f"steel bracket {number}, good condition, made in 2005" for number in range(300)]


@pytest.mark.django_db
@pytest.mark.usefixtures("champion")
def test_all_that_wait_are_labelled_in_more_than_one_batch(technician: User) -> None:
    keep(TEXTS, by=technician)

    assert services.label_pending() == len(TEXTS)

    assert not Component.objects.awaiting_label().exists()
    assert Label.objects.count() == len(TEXTS)


@pytest.mark.django_db
@pytest.mark.usefixtures("champion")
def test_each_component_gets_the_prediction_of_its_own_text(technician: User) -> None:
    keep(TEXTS[:20], by=technician)

    services.label_pending()

    for component in Component.objects.with_label():
        assert component.label is not None
        assert component.label.prediction is not None
        assert component.label.prediction.text == component.description


@pytest.mark.django_db
@pytest.mark.usefixtures("champion")
def test_a_second_run_finds_nothing_to_do(technician: User) -> None:
    keep(TEXTS[:3], by=technician)

    assert [services.label_pending(), services.label_pending()] == [3, 0]

    assert Label.objects.count() == 3


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("champion")
def test_two_runs_at_once_label_each_component_once(technician: User) -> None:
    keep(TEXTS, by=technician)

    labelled = at_once(*[services.label_pending] * 4)

    assert sum(map(int, labelled)) == len(TEXTS)
    assert Label.objects.count() == len(TEXTS)


@pytest.mark.django_db
@pytest.mark.usefixtures("no_champion")
def test_while_nothing_serves_the_task_leaves_them_waiting(technician: User) -> None:
    keep(TEXTS[:3], by=technician)

    assert tasks.label_pending() == 0
    with pytest.raises(NotServing):
        services.label_pending()

    assert Component.objects.awaiting_label().count() == 3


@pytest.mark.django_db
@pytest.mark.usefixtures("champion")
def test_a_text_that_the_model_fails_on_holds_up_no_other(technician: User, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(["the one it fails on", *TEXTS], by=technician)
    classify = labeler.classify

    def fail_on_one(texts: Sequence[str]) -> list[Classification]:
        if "the one it fails on" in texts:
            raise ModelError("no answer")
        return classify(texts)

    monkeypatch.setattr(labeler, "classify", fail_on_one)

    assert services.label_pending() == len(TEXTS)

    assert Component.objects.awaiting_label().get().description == "the one it fails on"


@pytest.mark.django_db
@pytest.mark.usefixtures("champion")
def test_a_run_ends_in_time_and_the_next_goes_on(technician: User, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(TEXTS, by=technician)
    monkeypatch.setattr(submission, "PENDING_SECONDS", 0)

    first, second, third = (services.label_pending() for _ in range(3))

    assert (first, second, third) == (submission.PENDING_BATCH, len(TEXTS) - submission.PENDING_BATCH, 0)


@pytest.mark.django_db
@pytest.mark.usefixtures("champion")
def test_a_text_that_is_edited_meanwhile_gets_no_label_of_the_old_one(
    technician: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    edited, other = keep(TEXTS[:2], by=technician)
    classify = labeler.classify

    def edit_meanwhile(texts: Sequence[str]) -> list[Classification]:
        answers = classify(texts)
        monkeypatch.setattr(labeler, "classify", refuse)
        editing.edit_description(component_id=edited.pk, number=1, description="rusty, made in 1970", by=technician)
        return answers

    def refuse(texts: Sequence[str]) -> list[Classification]:
        raise NotServing("no model")

    monkeypatch.setattr(labeler, "classify", edit_meanwhile)

    assert services.label_pending() == 1

    assert Component.objects.awaiting_label().get() == edited
    assert Label.objects.get().component == other


@pytest.mark.django_db
@pytest.mark.usefixtures("champion")
def test_what_a_person_is_asked_about_meanwhile_is_left_to_that_person(
    technician: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, other = keep(TEXTS[:2], by=technician)
    classify = labeler.classify

    def ask_meanwhile(texts: Sequence[str]) -> list[Classification]:
        routing.ask_for_review(component_id=asked.pk, note="What is it?", by=technician)
        return classify(texts)

    monkeypatch.setattr(labeler, "classify", ask_meanwhile)

    assert services.label_pending() == 1

    assert Label.objects.get().component == other
