"""What people do to model versions in the administration: permitted, confirmed, and kept with who did it."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse

from audit.models import Event
from components.models import User
from mlops import tasks
from mlops.models import (
    Denial,
    ModelVersion,
    Transition,
)
from tests.mlops import versions
from tests.pages.conftest import client_of, page_of, text_of

pytestmark = pytest.mark.django_db
LIST = "/admin/mlops/modelversion/"
ACTS = {
    "sync": "sync_registry",
    "fetch": "fetch_modelversion",
    "verify": "verify_modelversion",
    "evaluate": "evaluate_modelversion",
    "reject": "reject_modelversion",
    "archive": "archive_modelversion",
}


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks) -> list[tuple[str, tuple, dict]]:
    """The tasks that are asked for, and nothing of them done."""
    sent: list[tuple[str, tuple, dict]] = []
    for name in ("sync_registry", "fetch_version", "verify_version", "evaluate_version", "rank_versions"):
        task = getattr(tasks, name)
        monkeypatch.setattr(
            task, "delay_on_commit", lambda *words, name=name, **options: sent.append((name, words, options))
        )
    return sent


def act(name: str, version: ModelVersion | None = None) -> str:
    return reverse(f"admin:mlops_modelversion_{name}", args=() if version is None else (version.pk,))


@pytest.mark.parametrize(
    ("name", "made", "task", "action"),
    [
        ("fetch", versions.registered, "fetch_version", "version_fetch_asked"),
        ("verify", versions.fetched, "verify_version", "version_verification_asked"),
        ("evaluate", versions.verified, "evaluate_version", "version_evaluation_asked"),
    ],
)
def test_work_of_minutes_is_asked_for_and_who_asked_is_kept(
    desk: Client, admin: User, asked, name: str, made: Callable[..., ModelVersion], task: str, action: str
) -> None:
    version = made(2)
    assert "What serves is not touched." in text_of(desk, act(name, version))
    assert asked == []

    answer = desk.post(act(name, version), follow=True)

    assert asked == [(task, (version.pk,), {"by": admin.pk})]
    assert "Asked for. It takes seconds to some minutes: look again." in answer.content.decode()
    assert answer.redirect_chain == [(page_of(version), 302)]
    event = Event.objects.last_first()[0]
    assert (event.action, event.actor_name, event.subject_id) == (action, "admin", str(version.pk))
    assert ModelVersion.objects.get(pk=version.pk).state == version.state


def test_a_look_at_the_registry_is_asked_for(desk: Client, admin: User, asked) -> None:
    assert act("sync") in text_of(desk, LIST)
    text_of(desk, act("sync"))

    answer = desk.post(act("sync"), follow=True)

    assert asked == [("sync_registry", (), {"by": admin.pk})]
    assert "Asked for." in answer.content.decode()
    assert Event.objects.last_first()[0].action == "registry_sync_asked"


@pytest.mark.parametrize(("name", "state"), [("reject", "rejected"), ("archive", "archived")])
def test_a_version_is_put_away_with_its_reason_and_all_are_ranked_anew(
    desk: Client, admin: User, asked, name: str, state: str
) -> None:
    version = versions.verified(2)

    answer = desk.post(act(name, version), {"reason": "Trained on <our> own answers."}, follow=True)

    assert f"tiny:2 is {state}." in answer.content.decode()
    transition = Transition.objects.first()
    assert (transition.to_state, transition.reason, transition.by) == (state, "Trained on <our> own answers.", admin)
    assert Event.objects.filter(action=f"version_{state}").last_first()[0].actor_name == "admin"
    assert asked == [("rank_versions", (), {"by": admin.pk})]


@pytest.mark.parametrize("reason", ["", "   ", "x" * 1001, "nul \0"])
def test_without_a_reason_nothing_is_put_away(desk: Client, asked, reason: str) -> None:
    version = versions.verified(2)
    for name in ("reject", "archive"):
        answer = desk.post(act(name, version), {"reason": reason})
        assert answer.status_code == 200
        assert "errorlist" in answer.content.decode()
    assert (ModelVersion.objects.get().state, asked) == ("verified", [])


@pytest.mark.parametrize("name", [name for name in ACTS if name != "sync"])
def test_what_the_state_does_not_admit_is_a_message_and_nothing_changes(desk: Client, asked, name: str) -> None:
    version = versions.failed(2)
    events = Event.objects.count()
    for send in (desk.get, desk.post):
        answer = send(act(name, version), {"reason": "No."}, follow=True)
        assert "tiny:2 is rejected" in answer.content.decode()
        assert '<li class="error">' in answer.content.decode()

    assert (asked, Event.objects.count()) == ([], events)
    assert Transition.objects.filter(model_version=version).count() == 3


@pytest.mark.parametrize("name", ["reject", "archive"])
def test_what_serves_cannot_be_put_away(desk: Client, champion, name: str) -> None:
    answer = desk.post(act(name, champion), {"reason": "No."}, follow=True)

    assert "tiny:1 serves now: deploy another version before it becomes" in answer.content.decode()
    assert act(name, champion) not in text_of(desk, page_of(champion))


@pytest.mark.parametrize("name", ["fetch", "verify", "evaluate"])
def test_what_stands_on_the_deny_list_is_not_asked_for(desk: Client, asked, name: str) -> None:
    made = {"fetch": versions.registered, "verify": versions.fetched, "evaluate": versions.verified}[name]
    version = made(2)
    Denial.objects.create(pattern="tiny:2", reason="It leaks <names>.")

    answer = desk.post(act(name, version), follow=True).content.decode()

    assert "stands on the deny-list" in answer
    assert "It leaks &lt;names&gt;." in answer
    assert asked == []


def test_a_queue_that_is_away_is_a_message(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from kombu.exceptions import OperationalError

    def away(*words: object, **options: object) -> None:
        raise OperationalError

    version = versions.registered(2)
    monkeypatch.setattr(tasks.fetch_version, "delay_on_commit", away)
    monkeypatch.setattr(tasks.rank_versions, "delay_on_commit", away)

    answer = desk.post(act("fetch", version), follow=True).content.decode()
    assert "The queue of tasks does not answer: see that it runs, then ask again." in answer
    # What needs no worker is done all the same.
    answer = desk.post(act("reject", version), {"reason": "No."}, follow=True).content.decode()
    assert "tiny:2 is rejected." in answer


@pytest.mark.parametrize("name", ACTS)
def test_each_act_needs_its_own_permission(asked, name: str) -> None:
    made = {"verify": versions.fetched, "evaluate": versions.verified}.get(name, versions.registered)
    version = None if name == "sync" else made(2)
    if version is None:
        versions.registered(2)
    others = [codename for act_name, codename in ACTS.items() if act_name != name]
    clerk = clerk_with(*others)
    for send in (clerk.get, clerk.post):
        assert send(act(name, version), {"reason": "No."}).status_code == 403
    assert f"/{name}/" not in text_of(clerk, LIST if version is None else page_of(version))

    allowed = clerk_with(ACTS[name])
    assert f"/{name}/" in text_of(allowed, LIST if version is None else page_of(version))
    assert allowed.post(act(name, version), {"reason": "No."}).status_code == 302


def clerk_with(*codenames: str) -> Client:
    clerk = User.objects.create_user(f"clerk{User.objects.count()}", is_staff=True)
    clerk.user_permissions.set(Permission.objects.filter(codename__in=[*codenames, "view_modelversion"]))
    return client_of(clerk)


def test_an_act_is_refused_without_the_forms_token(admin: User, asked) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(admin, backend="django.contrib.auth.backends.ModelBackend")
    version = versions.registered(2)

    assert strict.post(act("reject", version), {"reason": "No."}).status_code == 403
    assert (ModelVersion.objects.get().state, asked) == ("registered", [])


def test_an_admin_without_all_powers_may_do_every_act(asked) -> None:
    clerk = User.objects.create_user("clerk", is_staff=True)
    clerk.groups.add(Group.objects.get(name="admin"))
    page = text_of(client_of(clerk), page_of(versions.registered(2)))

    assert [name for name in ACTS if f"/{name}/" in page] == ["fetch", "reject", "archive"]


def test_a_denial_is_added_and_taken_away_with_events_and_never_changed(desk: Client) -> None:
    address = "/admin/mlops/denial/"
    desk.post(f"{address}add/", {"pattern": "tiny:2", "reason": "It leaks."})
    denial = Denial.objects.get()
    assert Event.objects.last_first()[0].action == "denial_added"
    assert desk.post(f"{address}{denial.pk}/change/", {"pattern": "tiny:3", "reason": "x"}).status_code == 403

    desk.post(f"{address}{denial.pk}/delete/", {"post": "yes"})
    event = Event.objects.last_first()[0]
    assert (event.action, event.actor_name) == ("denial_deleted", "admin")
    assert event.before["pattern"] == "tiny:2"
    assert not Denial.objects.exists()


@pytest.mark.parametrize("pattern", ["", "tiny", "tiny:", "sha256:abc", "sha256:" + "F" * 64, "*", "Tiny:1", "a b:1"])
def test_a_denial_that_would_name_nothing_is_refused(desk: Client, pattern: str) -> None:
    answer = desk.post("/admin/mlops/denial/add/", {"pattern": pattern, "reason": "It leaks."})

    assert answer.status_code == 200
    assert not Denial.objects.exists()


def test_a_denial_needs_its_reason(desk: Client) -> None:
    assert desk.post("/admin/mlops/denial/add/", {"pattern": "tiny:2", "reason": " "}).status_code == 200
    assert not Denial.objects.exists()
