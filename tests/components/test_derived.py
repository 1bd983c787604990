"""What the inventory says is what its ledgers say, and verify_audit finds where it was made to say otherwise."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection

from audit.verification import verify
from components.models import Component, Label, User
from components.permissions import grant_roles
from components.services import deciding, stopping
from components.services.holding import Claimed
from tests import told
from tests.components.decisions import decide

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


def test_another_external_id_is_found(story: Component, tmp_path: Path) -> None:
    Component.objects.filter(pk=story.pk).update(external_id="TR-502")

    assert found(tmp_path) == [f"Component {story.pk} does not have the external id that it was entered with."]


def test_another_person_who_is_said_to_have_entered_it_is_found(
    story: Component, officer: User, tmp_path: Path
) -> None:
    Component.objects.filter(pk=story.pk).update(entered_by=officer)

    assert found(tmp_path) == [f"Component {story.pk} was not entered by the person whom it names."]


def test_a_component_that_is_gone_is_missed(story: Component, tmp_path: Path) -> None:
    kept = Component.objects.get(pk=story.pk)
    Component.objects.filter(pk=story.pk)._raw_delete(connection.alias)

    assert f"Component {story.pk} is missing." in found(tmp_path)
    kept.save(force_insert=True)  # keys are checked at the end of the test


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


def test_a_label_that_was_taken_back_and_set_again_is_found(
    submitted: Callable[..., Component], officer: User, admin: User, tmp_path: Path
) -> None:
    stopping.stop_labelling(reason="a test", by=admin)
    component = submitted()
    decision = told.decide(component, "label", label="non-compliant", by=officer)
    deciding.undo(decision_id=decision.pk, by=officer)
    assert not found(tmp_path)

    Component.objects.filter(pk=component.pk).update(label=Label.objects.get(decision=decision))

    assert found(tmp_path) == [f"Component {component.pk} does not have the label it was given last."]


@pytest.mark.django_db
@pytest.mark.parametrize("act", ["give", "take"])
def test_a_role_with_other_permissions_than_the_release_gives_is_found(act: str, tmp_path: Path) -> None:
    permission = Permission.objects.get(codename="view_event")
    role = {"give": "technician", "take": "auditor"}[act]
    through = Group.permissions.through.objects
    group = Group.objects.get(name=role)
    if act == "give":
        through.create(group=group, permission=permission)
    else:
        through.get(group=group, permission=permission).delete()

    assert found(tmp_path) == [f"The role {role} does not hold the permissions of this release: audit.view_event."]
    grant_roles(sender=None, using="default")  # as a migration does
    assert found(tmp_path) == []
