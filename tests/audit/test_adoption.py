"""Rows that are older than their ledger are named when it becomes one."""

from pathlib import Path

import pytest

from audit.adoption import adopt
from audit.models import Event
from audit.verification import Report, verify
from components.models import Description, User
from tests.shown import keep


def _verified(tmp_path: Path) -> Report:
    return verify(tmp_path / "anchors.jsonl")


@pytest.mark.django_db
def test_rows_that_no_event_names_are_named_and_then_accounted_for(technician: User, tmp_path: Path) -> None:
    keep(["one", "two"], by=technician)
    assert _verified(tmp_path).found

    adopt(Description)

    assert not _verified(tmp_path).found
    (event,) = Event.objects.filter(action="rows_adopted", subject_type="components.description")
    assert len(event.rows["components.description"]) == 2


@pytest.mark.django_db
def test_a_ledger_is_adopted_once(technician: User) -> None:
    keep(["one"], by=technician)
    adopt(Description)
    adopt(Description)

    assert Event.objects.filter(action="rows_adopted", subject_type="components.description").count() == 1
