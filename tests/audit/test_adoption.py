"""Rows that are older than their ledger are named when it becomes one."""

import pytest

from audit.adoption import adopt
from audit.models import Event
from audit.verification import verify
from components.models import Description, User
from tests.shown import keep


@pytest.mark.django_db
def test_rows_that_no_event_names_are_named_and_then_accounted_for(technician: User) -> None:
    keep(["one", "two"], by=technician)
    assert verify().problem

    adopt(Description)

    assert not verify().problem
    assert [len(event.rows["components.description"]) for event in Event.objects.filter(action="rows_adopted")] == [
        *[len(event.rows["components.description"]) for event in Event.objects.filter(
            action="rows_adopted", subject_type="components.description"
        )]
    ]


@pytest.mark.django_db
def test_a_ledger_is_adopted_once(technician: User) -> None:
    keep(["one"], by=technician)
    adopt(Description)
    adopt(Description)

    assert Event.objects.filter(action="rows_adopted", subject_type="components.description").count() == 1
