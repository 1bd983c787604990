"""A change of a watched table leaves an event, by whatever way it comes, and tells no secret."""

import json
from collections.abc import Callable

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.utils import timezone
from knox.models import AuthToken

from audit import watching
from audit.canonical import digest_of
from audit.context import acting
from audit.models import Event
from audit.querysets import EventQuerySet
from audit.watched import SEAL
from audit.watching import watch

pytestmark = pytest.mark.django_db
User = get_user_model()
Told = Callable[[], list[tuple[str, dict[str, object], dict[str, object]]]]


@pytest.fixture(autouse=True)
def _watched(monkeypatch: pytest.MonkeyPatch) -> None:
    """People and tokens are watched so, whatever else is watched outside these tests."""
    monkeypatch.setattr(watching, "_tables", {})
    monkeypatch.setattr(watching, "_relations", {})
    watch(User, fields=("username", "email", "is_active", "password", "groups"))
    watch(AuthToken, fields=("user", "expiry", "digest", "token_key"))


@pytest.fixture
def told(events: Callable[[], EventQuerySet]) -> Told:
    return lambda: [(event.action, event.before, event.after) for event in events()]


@pytest.fixture
def tess(events: Callable[[], EventQuerySet]) -> User:
    return User.objects.create_user(username="tess", email="tess@example.test", password="a password")


def test_a_new_row_is_told_with_its_values_and_without_its_secrets(tess: User, told: Told) -> None:
    action, before, after = told()[-1]
    assert after.pop("password").startswith(SEAL)
    assert (action, before, after) == (
        "user_added",
        {},
        {"username": "tess", "email": "tess@example.test", "is_active": True},
    )
    event = Event.objects.last_first()[0]
    assert (event.subject_type, event.subject_id) == (User._meta.label_lower, str(tess.pk))


def test_a_change_tells_what_was_and_what_is(tess: User, told: Told) -> None:
    tess.email = "t@example.test"
    tess.is_active = False
    tess.save()

    before = {"email": "tess@example.test", "is_active": True}
    assert told()[-1] == ("user_changed", before, {"email": "t@example.test", "is_active": False})


def test_only_what_was_saved_is_told(tess: User, told: Told) -> None:
    tess.email = "t@example.test"
    tess.is_active = False
    tess.save(update_fields=["is_active"])

    assert told()[-1] == ("user_changed", {"is_active": True}, {"is_active": False})


def test_a_save_that_changes_nothing_watched_leaves_none(tess: User, told: Told) -> None:
    tess.last_login = timezone.now()
    tess.save()

    assert len(told()) == 1


def test_of_a_password_is_told_that_it_changed_by_digests_of_what_is_kept_of_it(tess: User, told: Told) -> None:
    kept = [tess.password]
    tess.set_password("another password")
    tess.save()
    kept.append(tess.password)

    digests = [SEAL + digest_of([User._meta.label_lower, str(tess.pk), "password", one]) for one in kept]
    assert told()[-1] == ("user_changed", {"password": digests[0]}, {"password": digests[1]})


def test_a_token_is_told_without_anything_of_it(tess: User, told: Told) -> None:
    token, written = AuthToken.objects.create(tess)
    secrets = (token.digest, token.token_key, written, tess.password)
    token.delete()

    events = list(Event.objects.filter(action__startswith="auth_token"))
    everything = json.dumps(list(Event.objects.values()), default=str)
    assert [event.action for event in events] == ["auth_token_added", "auth_token_deleted"]
    assert events[0].after["user_id"] == tess.pk
    assert events[0].subject_id == events[1].subject_id
    assert not any(secret in everything for secret in secrets)


def test_a_deleted_row_is_told_with_all_it_had(tess: User, told: Told) -> None:
    tess.groups.add(Group.objects.create(name="testers"))
    pk = str(tess.pk)
    tess.delete()

    assert Event.objects.last_first()[0].subject_id == pk
    action, before, after = told()[-1]
    assert before.pop("password").startswith(SEAL)
    assert before == {"username": "tess", "email": "tess@example.test", "is_active": True, "groups": ["testers"]}
    assert (action, after) == ("user_deleted", {})


def test_rows_deleted_together_are_told_one_by_one(tess: User, told: Told) -> None:
    User.objects.create_user(username="tom")
    User.objects.filter(username__startswith="t").delete()

    assert [action for action, _, _ in told()].count("user_deleted") == 2


@pytest.mark.parametrize("act", ["add", "set"])
def test_a_group_that_is_given_is_told(tess: User, act: str, told: Told) -> None:
    testers = Group.objects.create(name="testers")
    tess.groups.add(testers) if act == "add" else tess.groups.set([testers])

    assert told()[-1] == ("user_groups_changed", {"groups": []}, {"groups": ["testers"]})


@pytest.mark.parametrize("act", ["remove", "clear", "remove from the group", "clear the group"])
def test_a_group_that_is_taken_is_told_of_the_person(tess: User, act: str, told: Told) -> None:
    testers = Group.objects.create(name="testers")
    tess.groups.add(testers)
    {
        "remove": lambda: tess.groups.remove(testers),
        "clear": lambda: tess.groups.clear(),
        "remove from the group": lambda: testers.user_set.remove(tess),
        "clear the group": lambda: testers.user_set.clear(),
    }[act]()

    assert told()[-1] == ("user_groups_changed", {"groups": ["testers"]}, {"groups": []})
    assert Event.objects.last_first()[0].subject_id == str(tess.pk)


def test_a_person_who_is_added_to_a_group_is_told_of(tess: User, told: Told) -> None:
    Group.objects.create(name="testers").user_set.add(tess)

    assert told()[-1] == ("user_groups_changed", {"groups": []}, {"groups": ["testers"]})


@pytest.mark.parametrize("clear", [False, True])
def test_roles_that_are_set_anew_are_one_change(tess: User, clear: bool, told: Told) -> None:
    tess.groups.add(Group.objects.create(name="testers"), Group.objects.create(name="drivers"))
    told_before = len(told())

    tess.groups.set([Group.objects.get(name="drivers"), Group.objects.create(name="pilots")], clear=clear)
    tess.groups.set(tess.groups.all(), clear=clear)

    assert told()[told_before:] == [
        ("user_groups_changed", {"groups": ["drivers", "testers"]}, {"groups": ["drivers", "pilots"]})
    ]


def test_setting_roles_that_fails_tells_nothing_and_leaves_what_comes_next_to_be_told(tess: User, told: Told) -> None:
    told_before = len(told())
    with pytest.raises(TypeError, match="expected a number"), transaction.atomic():
        tess.groups.set([object()])

    tess.groups.set([Group.objects.create(name="testers")])

    assert [action for action, _, _ in told()[told_before:]] == ["user_groups_changed"]


def test_a_group_that_was_given_already_is_not_told_again(tess: User, told: Told) -> None:
    testers = Group.objects.create(name="testers")
    for _ in range(2):
        tess.groups.add(testers)

    assert [action for action, _, _ in told()].count("user_groups_changed") == 1


def test_it_tells_who_was_logged_in(tess: User, told: Told) -> None:
    with acting(origin="admin", address="192.0.2.7", person=lambda: tess):
        User.objects.create_user(username="tom")

    event = Event.objects.last_first()[0]
    assert (event.actor, event.actor_name, event.origin, event.address) == (tess, "tess", "admin", "192.0.2.7")


def test_a_column_that_is_not_there_cannot_be_watched() -> None:
    with pytest.raises(ValueError, match="shoe_size"):
        watch(User, fields=("username", "shoe_size"))


@pytest.mark.django_db(transaction=True)
def test_a_save_outside_a_transaction_is_kept_together_with_its_event(
    monkeypatch: pytest.MonkeyPatch, told: Told
) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise IntegrityError("the event cannot be written")

    User.objects.create_user(username="tess")
    assert told()[-1][0] == "user_added"
    monkeypatch.setattr(watching, "append", fail)

    with pytest.raises(IntegrityError):
        User.objects.create_user(username="tom")
    with pytest.raises(IntegrityError):
        User.objects.get(username="tess").delete()
    assert [user.username for user in User.objects.all()] == ["tess"]


def test_a_save_that_is_rolled_back_leaves_no_event(tess: User, told: Told) -> None:
    tess.username = "tom"

    def twice() -> None:
        with transaction.atomic():
            tess.save()
            User.objects.create_user(username="tom")

    with pytest.raises(IntegrityError):
        twice()
    assert len(told()) == 1
    assert User.objects.get().username == "tess"
