"""What the inventory says is what its ledgers say, and verify_audit finds where it was made to say otherwise."""

from collections.abc import Callable
from pathlib import Path

import pytest

from audit.verification import verify
from components.models import Component, User
from components.services import deciding
from components.services.holding import Claimed
from tests import told
from tests.components.test_review_decisions import decide

pytestmark = pytest.mark.usefixtures("champion")


def found(tmp_path: Path) -> list[str]:
    return [finding.sentence for finding in verify(tmp_path / "anchors.jsonl").findings]


@pytest.fixture
def story(technician: User, officer: User, admin: User) -> Component:
    return told.tell(technician=technician, officer=officer, admin=admin)


def test_nothing_differs_after_all_that_can_happen(story: Component, tmp_path: Path) -> None:
    assert not found(tmp_path)


@pytest.mark.parametrize(
    "change", [{"description": "another"}, {"description_number": 2}, {"description_number": 4}], ids=str
)
def test_another_description_is_found(story: Component, change: dict[str, object], tmp_path: Path) -> None:
    Component.objects.filter(pk=story.pk).update(**change)

    assert f"Component {story.pk} is not described as its newest description." in found(tmp_path)


def test_an_older_label_put_back_is_found(in_hand: Callable[..., Claimed], officer: User, tmp_path: Path) -> None:
    claimed = in_hand()
    older = claimed.review.component.label_id
    decide(claimed, officer, "override", reason_code="other")
    Component.objects.filter(pk=claimed.review.component_id).update(label=older)

    assert found(tmp_path) == [f"Component {claimed.review.component_id} does not have the label it was given last."]


def test_a_label_taken_away_is_found(story: Component, tmp_path: Path) -> None:
    Component.objects.filter(pk=story.pk).update(label=None)

    assert found(tmp_path) == [f"Component {story.pk} does not have the label it was given last."]


def test_a_label_that_was_taken_back_is_rightly_none(
    in_hand: Callable[..., Claimed], officer: User, tmp_path: Path
) -> None:
    claimed = in_hand()
    deciding.undo(decision_id=decide(claimed, officer, "confirm").pk, by=officer)

    assert not found(tmp_path)
