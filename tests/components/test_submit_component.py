"""Submitting writes all or nothing, and loses nothing."""

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError

from components import services
from components.exceptions import DuplicateExternalId, NoRegulationInForce
from components.models import Component, Label, Regulation, User
from mlops.models import Prediction

pytestmark = pytest.mark.django_db

TEXT = "good condition steel component manufactured in 2012"


@pytest.mark.usefixtures("champion")
def test_a_component_comes_with_label_prediction_and_the_regulation_in_force(technician: User) -> None:
    component = services.submit_component(description=TEXT, external_id="A-1", by=technician)

    label = Component.objects.with_label().get(pk=component.pk).label
    assert label is not None
    assert label.prediction is not None
    assert (label.component_id, label.source, label.regulation.code) == (component.pk, "model", "TREY-2019-1")
    assert label.value == label.prediction.label
    assert label.prediction.text == TEXT


@pytest.mark.usefixtures("champion")
def test_nothing_is_left_behind_when_the_label_cannot_be_written(
    technician: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        raise DatabaseError("the disk is full")

    monkeypatch.setattr(Label.objects, "bulk_create", refuse)

    with pytest.raises(DatabaseError):
        services.submit_component(description=TEXT, by=technician)

    assert (Component.objects.count(), Prediction.objects.count(), Label.objects.count()) == (0, 0, 0)


@pytest.mark.usefixtures("champion")
def test_without_a_regulation_in_force_nothing_is_stored(technician: User) -> None:
    Regulation.objects.all().delete()

    with pytest.raises(NoRegulationInForce):
        services.submit_component(description=TEXT, by=technician)

    assert not Component.objects.exists()


@pytest.mark.usefixtures("no_champion")
def test_with_nothing_serving_the_component_is_kept_unlabelled(technician: User) -> None:
    component = services.submit_component(description=TEXT, by=technician)

    assert Component.objects.awaiting_label().get() == component
    assert not Prediction.objects.exists()


@pytest.mark.usefixtures("champion")
def test_an_external_id_stands_for_one_component(technician: User) -> None:
    services.submit_component(description=TEXT, external_id="A-1", by=technician)

    with pytest.raises(DuplicateExternalId):
        services.submit_component(description="another", external_id="A-1", by=technician)

    assert Component.objects.count() == 1
    assert Prediction.objects.count() == 1


@pytest.mark.usefixtures("champion")
def test_many_components_may_go_without_an_external_id(technician: User) -> None:
    for _ in range(2):
        services.submit_component(description=TEXT, by=technician)

    assert Component.objects.count() == 2


@pytest.mark.usefixtures("champion")
@pytest.mark.parametrize(
    "text",
    ["", " \t\n", "\u200b\u2060", "nul \x00 inside", "half \ud800 a character", "x" * 10_001],
    ids=["empty", "white space", "zero width", "nul", "surrogate", "too long"],
)
def test_a_text_that_may_not_be_stored_is_refused_by_name(technician: User, text: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        services.submit_component(description=text, by=technician)

    assert "description" in refusal.value.message_dict
    assert not Component.objects.exists()


@pytest.mark.usefixtures("champion")
@pytest.mark.parametrize(
    "text",
    [
        "🔧 brake disc, new",
        "قرص فرامل جديد 2010",
        "<script>alert(1)</script>",
        "x" * 10_000,
        "=cmd|' /C calc'!A0",
        r"path C:\u0000",
    ],
    ids=["emoji", "right to left", "html", "longest", "formula", "backslash"],
)
def test_any_other_text_is_stored_as_it_was_given(technician: User, text: str) -> None:
    component = services.submit_component(description=text, by=technician)

    component.refresh_from_db()
    assert component.description == text
    assert component.label is not None


@pytest.mark.usefixtures("champion")
@pytest.mark.parametrize("external_id", ["  ", " A-1", "A\t1", "A-1\u202e", "\u200b", "A\n1"])
def test_an_external_id_that_nobody_can_read_is_refused(technician: User, external_id: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        services.submit_component(description=TEXT, external_id=external_id, by=technician)

    assert "external_id" in refusal.value.message_dict
    assert not Component.objects.exists()
