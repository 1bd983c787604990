"""What an officer takes away says nothing of a label that this officer may not see yet."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import transaction

from audit.canonical import digest_of
from audit.ledgers import row_digest
from audit.models import Event
from audit.services import record
from components.exceptions import UnderBlindReview
from components.models import Component, Label, Review, User
from components.packs.scope import Scope
from components.services import label_pending
from components.services.exporting import Pack
from mlops import contracts
from mlops.models import ModelVersion
from tests.packs.conftest import verify
from tests.shown import keep


@pytest.fixture
def visible_and_hidden(
    champion: ModelVersion, everything_reviewed: None, anchor_file: Path, technician: User
) -> tuple[Component, Component]:
    """Two components that the worker labelled in one go, the second under a blind review since."""
    visible, hidden = keep(["a rusty bracket, made in 1970", "a steel bracket, made in 2012"], by=technician)
    with transaction.atomic():
        for each in (visible, hidden):
            record("component_submitted", by=technician, subject=each, rows=[each.descriptions.get()])
    label_pending()
    hidden.reviews.update(blind=True)
    return visible, hidden


def everything_in(pack: Pack) -> str:
    with zipfile.ZipFile(pack.path) as archive:
        return "\n".join(archive.read(name).decode() for name in archive.namelist())


def digests_that_may_be(label: Label) -> list[str]:
    """Of the hidden row, by who knows everything in it but the label, and tries both."""
    row = {field.attname: getattr(label, field.attname) for field in Label._meta.concrete_fields}
    told = {name: value for name, value in row.items() if value is not None}
    return [digest_of({**told, "value": value.value}) for value in contracts.Label]


def test_a_hidden_label_cannot_be_guessed_from_the_pack_of_one_labelled_in_the_same_go(
    visible_and_hidden: tuple[Component, Component], officer: User, pack: Callable[..., Pack], tmp_path: Path
) -> None:
    visible, hidden = visible_and_hidden
    label = hidden.labels.get()
    tried = digests_that_may_be(label)
    assert row_digest(label) in tried

    made = pack(Scope(component_id=visible.pk), by=officer)

    assert [digest for digest in tried if digest in everything_in(made)] == []
    zipfile.ZipFile(made.path).extractall(tmp_path / "got")
    assert verify(tmp_path / "got")[0] == 0


def test_no_row_of_the_hidden_component_is_named_in_the_pack(
    visible_and_hidden: tuple[Component, Component], officer: User, pack: Callable[..., Pack]
) -> None:
    visible, hidden = visible_and_hidden
    content = everything_in(pack(Scope(component_id=visible.pk), by=officer))
    events = Event.objects.filter(subject_type="components.component", subject_id=str(hidden.pk))
    digests = [digest for event in events for rows in event.rows.values() for _, digest in rows]
    assert len(digests) == 4
    assert [digest for digest in digests if digest in content] == []


def test_where_one_event_named_rows_of_both_there_is_no_pack_before_the_decision(
    visible_and_hidden: tuple[Component, Component], officer: User, auditor: User, pack: Callable[..., Pack]
) -> None:
    visible, hidden = visible_and_hidden
    with transaction.atomic():
        record("rows_adopted", by=None, rows=[each.labels.get() for each in visible_and_hidden])
    with pytest.raises(UnderBlindReview, match="together with another"):
        pack(Scope(component_id=visible.pk), by=officer)
    assert pack(Scope(component_id=visible.pk), by=auditor).contents.left_out == 0
    hidden.reviews.update(state=Review.State.DECIDED)
    assert pack(Scope(component_id=visible.pk), by=officer).contents.components == 1


def test_every_event_of_labelling_what_waits_is_about_one_component(
    visible_and_hidden: tuple[Component, Component],
) -> None:
    for event in Event.objects.filter(action="component_labelled"):
        component = Component.objects.get(pk=event.subject_id)
        named = {label: {key for key, _ in rows} for label, rows in event.rows.items()}
        assert named["components.label"] == {component.label_id}
        assert event.after == {"label": component.label.value}
    assert Event.objects.filter(action="component_labelled").count() == 2
