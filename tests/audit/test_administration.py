"""In the admin, events are found and read, and nobody can do more."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from audit.models import Event
from audit.services import record
from components.models import User

pytestmark = pytest.mark.django_db
PLAIN = "django.contrib.auth.backends.ModelBackend"
LIST = "/admin/audit/event/"


@pytest.fixture
def reader() -> Client:
    """Somebody of the staff who may view events and do nothing else."""
    user = User.objects.create_user(username="auditor", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_event"))
    client = Client()
    client.force_login(user, backend=PLAIN)
    return client


@pytest.fixture
def event(officer: User) -> Event:
    before, after = {"note": "<b>old</b>"}, {"note": "Zoë's"}
    return record("note_rewritten", by=officer, subject=officer, before=before, after=after)


def test_the_list_is_searched_and_filtered(reader: Client, event: Event) -> None:
    assert "note_rewritten" in reader.get(LIST).content.decode()
    for query, found in (("rewritten", True), ("officer note", True), ("nothing", False)):
        answer = reader.get(LIST, {"q": query})
        assert answer.status_code == 200
        assert ("note_rewritten" in answer.content.decode()) == found
    assert "note_rewritten" not in reader.get(LIST, {"origin__exact": "task"}).content.decode()


def test_an_event_is_shown_with_before_and_after(reader: Client, event: Event) -> None:
    page = reader.get(reverse("admin:audit_event_change", args=[event.pk])).content.decode()

    assert "&lt;b&gt;old&lt;/b&gt;" in page
    assert "Zoë&#x27;s" in page
    assert event.digest in page
    assert 'name="_save"' not in page


def test_nobody_can_add_change_or_delete_one(admin: User, event: Event) -> None:
    desk = Client()
    desk.force_login(admin, backend=PLAIN)

    assert desk.get(f"{LIST}add/").status_code == 403
    assert desk.post(f"{LIST}{event.pk}/change/", {"action": "forged"}).status_code == 403
    assert desk.post(f"{LIST}{event.pk}/delete/", {"post": "yes"}).status_code == 403
    assert "delete_selected" not in desk.get(LIST).content.decode()
    assert {permission.codename for permission in Permission.objects.filter(content_type__app_label="audit")} == {
        "view_event"
    }


def test_a_technician_sees_none(technician: User) -> None:
    client = Client()
    client.force_login(technician, backend=PLAIN)

    assert client.get(LIST).status_code == 302
