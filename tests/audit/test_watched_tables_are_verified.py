"""Who writes by SQL into a table that the application watches is found: the table, the row and the column are named."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection, models
from knox.models import AuthToken

from audit.findings import Finding
from audit.models import Event
from audit.watching import watched_tables
from components.models import ReasonCode, Regulation, User
from mlops.models import ModelVersion
from mlops.services.installing import install
from tests.append_only import execute
from tests.bundles import write_tiny_bundle

pytestmark = pytest.mark.django_db
THEN = "'2020-01-01 00:00:00+00:00'"
EDITS: dict[type[models.Model], dict[str, str]] = {
    User: {
        **dict.fromkeys(("username", "first_name", "last_name", "email", "password"), "'another'"),
        "is_active": "NOT is_active",
        "is_staff": "NOT is_staff",
        "is_superuser": "NOT is_superuser",
        "date_joined": THEN,
    },
    Regulation: {"code": "'X'", "title": "'X'", "text": "'X'", "effective_on": "'2020-01-01'"},
    ReasonCode: {"code": "'x'", "title": "'X'", "retired_at": THEN},
    AuthToken: {
        "token_key": "'x'",
        "user_id": "(SELECT max(id) FROM components_user)",
        "created": THEN,
        "expiry": THEN,
    },
    ModelVersion: {
        **dict.fromkeys(("name", "version", "digest", "card"), "'x'"),
        "manifest": "'{\"threshold\": 0.9}'",
        "registered_at": THEN,
    },
}


@dataclass(frozen=True)
class World:
    """A row of each watched table."""

    rows: dict[type[models.Model], models.Model]
    token: str

    def key(self, model: type[models.Model]) -> str:
        """The row's key, in SQL."""
        return f"'{self.rows[model].pk}'"


@pytest.fixture
def world(no_champion: None, technician: User, officer: User, tmp_path: Path) -> World:
    token, written = AuthToken.objects.create(technician)
    version = install(write_tiny_bundle(tmp_path / "bundle"))
    technician.user_permissions.add(Permission.objects.get(codename="view_event"))
    regulation, code = Regulation.objects.get(), ReasonCode.objects.order_by("pk").first()
    assert code is not None
    rows = {User: technician, Regulation: regulation, ReasonCode: code, AuthToken: token, ModelVersion: version}
    return World(rows, written)


def test_what_the_application_did_is_found_as_it_was_told(world: World, found: Callable[[], list[Finding]]) -> None:
    assert found() == []
    user = world.rows[User]
    assert isinstance(user, User)
    user.set_password("another")
    user.save()
    user.groups.set([Group.objects.get(name="auditor")])
    world.rows[AuthToken].delete()
    ReasonCode.objects.create(code="new", title="New").delete()
    assert found() == []


def test_a_group_or_permission_that_is_renamed_or_deleted_is_told_of_whoever_has_it(
    world: World, found: Callable[[], list[Finding]]
) -> None:
    user = world.rows[User]
    assert isinstance(user, User)
    group = Group.objects.create(name="night shift")
    permission = Permission.objects.create(
        codename="own", name="Own", content_type=ContentType.objects.get_for_model(User)
    )
    user.groups.add(group)
    user.user_permissions.add(permission)

    def told(relation: str) -> list[list[str]]:
        events = Event.objects.filter(action=f"user_{relation}_changed", subject_id=str(user.pk)).order_by("position")
        return [event.after[relation] for event in events][-2:]

    group.name, permission.codename = "day shift", "owned"
    group.save()
    permission.save()
    assert found() == []
    group.delete()
    permission.delete()

    assert found() == []
    assert told("groups") == [["day shift", "technician"], ["technician"]]
    assert told("user_permissions") == [
        ["owned components user", "view_event audit event"],
        ["view_event audit event"],
    ]


def test_a_group_that_is_renamed_past_the_application_is_found_by_whoever_has_it(
    world: World, found: Callable[[], list[Finding]]
) -> None:
    user = world.rows[User]
    assert isinstance(user, User)
    user.groups.add(Group.objects.create(name="night shift"))
    execute("UPDATE auth_group SET name = 'day shift' WHERE name = 'night shift'")

    assert [(finding.kind, finding.row, finding.column) for finding in found()] == [("row_edited", user.pk, "groups")]


def test_all_columns_are_tried_and_of_model_versions_all_are_watched() -> None:
    columns = {table.model: table.columns for table in watched_tables().values()}
    for model in (User, Regulation, ReasonCode, AuthToken):
        assert set(columns[model]) == set(EDITS[model])
    own = {field.attname for field in ModelVersion._meta.concrete_fields if not field.primary_key}
    assert set(columns[ModelVersion]) == own
    assert set(EDITS[ModelVersion]) <= own


@pytest.mark.parametrize(
    ("model", "column"),
    [(model, column) for model, edits in EDITS.items() for column in edits],
    ids=lambda value: value if isinstance(value, str) else value._meta.model_name,
)
def test_an_edited_column_is_named(
    world: World, found: Callable[[], list[Finding]], model: type[models.Model], column: str
) -> None:
    table, key = model._meta.db_table, model._meta.pk.column
    execute(f'UPDATE {table} SET {column} = {EDITS[model][column]} WHERE "{key}" = {world.key(model)}')

    findings = found()
    named = watched_tables()[model._meta.label_lower].key(world.rows[model].pk)
    assert [(finding.kind, finding.table, str(finding.row), finding.column) for finding in findings] == [
        ("row_edited", model._meta.label_lower, named, column)
    ]
    assert f"its {column} was changed past the application" in findings[0].sentence
    assert Event.objects.get(position=findings[0].event).subject_type == model._meta.label_lower


def test_no_secret_is_ever_said(world: World, found: Callable[[], list[Finding]]) -> None:
    digest = world.rows[AuthToken].pk
    execute(
        "UPDATE components_user SET password = 'the-new-hash'",
        f"UPDATE knox_authtoken SET digest = 'the-new-digest', token_key = 'the-new-key' WHERE digest = '{digest}'",
    )

    said = "".join(map(str, found()))
    assert "its password was changed" in said
    assert [finding.kind for finding in found() if finding.table == "knox.authtoken"] == ["row_added", "row_deleted"]
    assert not any(secret in said for secret in ("the-new", digest, world.token, world.token[:15], "md5$"))


def test_a_digest_of_a_secret_is_of_its_row_and_column_alone(world: World) -> None:
    for user in User.objects.all():
        user.password = "the same"
        user.save()

    told = [event.after["password"] for event in Event.objects.filter(action="user_changed")]
    assert len(told) == len(set(told)) == User.objects.count()


@pytest.mark.parametrize("model", EDITS, ids=lambda model: model._meta.model_name)
def test_a_deleted_row_is_missed(world: World, found: Callable[[], list[Finding]], model: type[models.Model]) -> None:
    pk = world.rows[model].pk
    # What nothing points at.
    if model is User:
        pk = User.objects.create_user("tom").pk
    elif model is ModelVersion:
        pk = ModelVersion.objects.create(name="other", version="1", digest="x", manifest={}).pk
    model._base_manager.filter(pk=pk)._raw_delete(connection.alias)

    (finding,) = found()
    assert (finding.kind, finding.table) == ("row_deleted", model._meta.label_lower)
    assert finding.sentence.endswith(f"of {model._meta.label_lower} is missing.")


def test_a_row_that_slipped_in_is_named(world: World, found: Callable[[], list[Finding]]) -> None:
    User.objects.bulk_create([User(username="intruder", is_superuser=True)])
    pk = User.objects.get(username="intruder").pk

    (finding,) = found()
    assert (finding.kind, finding.table, finding.row) == ("row_added", "components.user", pk)


def test_what_slipped_in_and_left_by_the_door_is_named(world: World, found: Callable[[], list[Finding]]) -> None:
    User.objects.bulk_create([User(username="intruder", is_superuser=True)])
    User.objects.get(username="intruder").delete()

    (finding,) = found()
    assert (finding.kind, finding.table, finding.event) == ("row_added", "components.user", Event.objects.count())


def test_an_edit_that_the_application_wrote_over_is_named(world: World, found: Callable[[], list[Finding]]) -> None:
    User.objects.filter(pk=world.rows[User].pk).update(is_superuser=True, first_name="X")
    user = User.objects.get(pk=world.rows[User].pk)
    user.is_superuser = False
    user.save()

    findings = found()
    assert sorted(finding.column for finding in findings) == ["first_name", "is_superuser"]
    assert {finding.kind for finding in findings} == {"row_edited"}


def test_a_row_that_was_deleted_and_added_again_is_named(world: World, found: Callable[[], list[Finding]]) -> None:
    tom = User.objects.create_user("tom")
    User.objects.filter(pk=tom.pk)._raw_delete(connection.alias)
    User(pk=tom.pk, username="tom").save(force_insert=True)

    (finding,) = found()
    assert (finding.kind, finding.row) == ("row_deleted", tom.pk)


ADMIN = "(SELECT id FROM auth_group WHERE name = 'admin')"


@pytest.mark.parametrize(
    ("edit", "column"),
    [
        (f"INSERT INTO components_user_groups (user_id, group_id) VALUES ({{user}}, {ADMIN})", "groups"),
        ("DELETE FROM components_user_groups WHERE user_id = {user}", "groups"),
        (f"UPDATE components_user_groups SET group_id = {ADMIN} WHERE user_id = {{user}}", "groups"),
        ("DELETE FROM components_user_user_permissions WHERE user_id = {user}", "user_permissions"),
        ("UPDATE auth_permission SET codename = 'x' WHERE codename = 'view_event'", "user_permissions"),
    ],
    ids=["given", "taken", "changed", "permission taken", "permission renamed"],
)
def test_a_role_or_permission_given_or_taken_by_sql_is_named(
    world: World, found: Callable[[], list[Finding]], edit: str, column: str
) -> None:
    execute(edit.format(user=world.rows[User].pk))

    of_people = [finding for finding in found() if finding.table == "components.user"]
    assert [(finding.kind, finding.row, finding.column) for finding in of_people] == [
        ("row_edited", world.rows[User].pk, column)
    ]


def test_a_row_that_cannot_even_be_read_is_named(world: World, found: Callable[[], list[Finding]]) -> None:
    unreadable = "'infinity'" if connection.vendor == "postgresql" else "'2026-99-99 00:00:00'"
    execute(f"UPDATE components_user SET date_joined = {unreadable} WHERE username = 'technician'")

    (finding,) = found()
    assert (finding.kind, finding.row) == ("row_edited", world.rows[User].pk)
    assert "cannot even be read" in finding.sentence


def test_a_truth_value_that_reads_the_same_but_is_another_is_named(
    world: World, found: Callable[[], list[Finding]]
) -> None:
    value = "NOT is_staff" if connection.vendor == "postgresql" else "0.5 - 0.5 * is_staff"
    execute(f"UPDATE components_user SET is_staff = {value} WHERE username = 'technician'")

    assert ("row_edited", "is_staff") in {(finding.kind, finding.column) for finding in found()}


def test_when_somebody_logged_in_last_is_nobodys_act_and_not_watched(
    world: World, found: Callable[[], list[Finding]]
) -> None:
    execute(f"UPDATE components_user SET last_login = {THEN}")

    assert found() == []
