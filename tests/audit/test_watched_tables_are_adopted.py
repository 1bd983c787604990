"""Rows and columns older than their being watched are taken over as they stand then, once."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command

from audit import watched, watching
from audit.adoption import adopt_watched
from audit.findings import Finding
from audit.models import Event
from audit.watching import columns_of, watch, watched_tables
from components.models import User
from tests.audit.conftest import execute

pytestmark = pytest.mark.django_db


@pytest.fixture
def roles(monkeypatch: pytest.MonkeyPatch) -> None:
    """From here on roles are watched as well, whose rows are older."""
    monkeypatch.setattr(watching, "_tables", dict(watching._tables))
    monkeypatch.setattr(watching, "_relations", dict(watching._relations))
    watch(Group, fields=("name",))


def of_roles(findings: list[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.table == "auth.group" and finding.kind != "role_differs"]


def sentences(findings: list[Finding]) -> list[str]:
    return [finding.sentence for finding in findings]


@pytest.mark.usefixtures("roles")
def test_rows_older_than_their_being_watched_are_adopted_once(found: Callable[[], list[Finding]]) -> None:
    assert sentences(found()) == ["No event tells since when auth.group is watched (name): run migrate."]
    adopt_watched()
    assert found() == []

    Group.objects.bulk_create([Group(name="intruders")])
    Group.objects.filter(name="client").update(name="clients")
    events = Event.objects.count()
    adopt_watched()

    assert Event.objects.count() == events
    assert [finding.kind for finding in of_roles(found())] == ["row_edited", "row_added"]


@pytest.mark.usefixtures("roles")
def test_a_column_that_is_watched_later_is_adopted_then(found: Callable[[], list[Finding]]) -> None:
    adopt_watched()
    watch(Group, fields=("name", "permissions"))
    assert sentences(found()) == ["No event tells since when auth.group is watched (permissions): run migrate."]

    Group.objects.filter(name="client").update(name="clients")
    adopt_watched()
    execute("DELETE FROM auth_group_permissions")

    columns = [finding.column for finding in of_roles(found())]
    assert sorted(columns) == ["name", *["permissions"] * 5]


@pytest.mark.usefixtures("roles")
def test_what_was_told_in_other_words_before_the_adoption_is_no_edit(
    monkeypatch: pytest.MonkeyPatch, found: Callable[[], list[Finding]]
) -> None:
    watch(Group, fields=("name", "permissions"))
    client, permission = Group.objects.get(name="client"), Permission.objects.get(codename="view_event")
    with monkeypatch.context() as before:
        before.setattr(watched, "_word", str)
        client.permissions.add(permission)
    adopt_watched()
    assert of_roles(found()) == []

    client.permissions.remove(permission)
    assert found() == []


def test_a_table_without_rows_is_adopted_too() -> None:
    marks = Event.objects.filter(action="rows_adopted", subject_type="components.user")
    assert [event.after["rows"] for event in marks] == [{}]
    columns = watched_tables()["components.user"].columns
    assert set(marks[0].after["columns"]) == {*columns, "groups", "user_permissions"}
    assert set(columns_of(User)) - set(columns) == {"last_login"}


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_migration_adopts_nothing_twice(found: Callable[[], list[Finding]]) -> None:
    events = Event.objects.count()
    call_command("migrate", verbosity=0)

    assert Event.objects.count() == events
    assert found() == []
