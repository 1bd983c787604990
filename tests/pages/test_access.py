"""Who may open which page."""

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from components.models import Component, User
from tests.conftest import PASSWORD
from tests.pages.conftest import client_of

PAGES = {
    "component-list": "/",
    "home": "/home/",
    "component-submit": "/components/new/",
    "component-detail": "/components/{pk}/",
    "component-edit": "/components/{pk}/edit/",
    "component-ask": "/components/{pk}/ask/",
    "question-answer": "/questions/1/",
    "stop-switch": "/stop-switch/",
    "tokens": "/account/tokens/",
    "token-revoke": "/account/tokens/trey_0123456789/revoke/",
}
OF_PROGRAMS = {"home", "tokens", "token-revoke"}
OF_ONESELF = {"password-change": "/account/password/", "password-changed": "/account/password/changed/"}
FORMS = ("/components/new/", "/account/tokens/")


@pytest.fixture(params=PAGES.values())
def address(request: pytest.FixtureRequest, component) -> str:
    return request.param.format(pk=component(score=0.9).pk)


def ask(client: Client, address: str, **headers: str):
    send = client.post if address.endswith("/revoke/") else client.get
    return send(address, headers=headers)


def test_a_page_sends_who_has_not_logged_in_to_the_log_in_page_and_back(address: str) -> None:
    answer = ask(Client(), address)
    assert answer.status_code == 302
    assert answer["Location"] == f"{reverse('login')}?next={address}"


def test_a_form_whose_session_has_ended_leads_back_to_the_page_it_stood_on() -> None:
    answer = Client().post("/reviews/next/", headers={"Referer": "http://testserver/reviews/?page=2"})
    assert answer["Location"] == f"{reverse('login')}?next=/reviews/%3Fpage%3D2"


def test_a_form_from_elsewhere_leads_nowhere_else() -> None:
    answer = Client().post("/components/new/", headers={"Referer": "https://elsewhere.example/trap/"})
    assert answer["Location"] == f"{reverse('login')}?next=/components/new/"


def test_a_page_is_closed_to_who_has_no_role(address: str, stranger: User) -> None:
    answer = ask(client_of(stranger), address)
    assert answer.status_code == 403
    assert "Ask an admin" in answer.content.decode()


@pytest.mark.parametrize("role", ["technician", "officer", "admin"])
def test_a_page_is_open_to_every_role(role: str, component, request: pytest.FixtureRequest) -> None:
    client = client_of(request.getfixturevalue(role))
    shown = component(score=0.9)
    for name in ("component-list", "component-submit", "component-detail", "tokens"):
        assert client.get(PAGES[name].format(pk=shown.pk)).status_code == 200


@pytest.mark.parametrize("name", PAGES.keys() - OF_PROGRAMS)
def test_the_account_of_a_program_has_no_pages_but_its_own(name: str, component) -> None:
    program = User.objects.create_user(username="client", password=PASSWORD)
    program.groups.add(Group.objects.get(name="client"))
    assert client_of(program).get(PAGES[name].format(pk=component(score=0.9, by=program).pk)).status_code == 403
    assert client_of(program).get("/account/tokens/").status_code == 200
    assert client_of(program).get("/home/")["Location"] == "/account/tokens/"


@pytest.mark.parametrize("address", OF_ONESELF.values())
def test_a_page_about_oneself_needs_a_log_in_and_no_role(address: str, stranger: User) -> None:
    assert Client().get(address).status_code == 302
    assert client_of(stranger).get(address).status_code == 200


@pytest.mark.parametrize("address", FORMS)
def test_a_form_cannot_be_sent_by_who_has_no_role(address: str, stranger: User) -> None:
    answer = client_of(stranger).post(address, {"description": "a bracket", "expires": "30"})
    assert answer.status_code == 403
    assert not Component.objects.exists()
    assert not stranger.auth_token_set.exists()


def test_a_form_from_another_site_is_refused(technician: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(technician, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.post("/components/new/", {"description": "a bracket"})
    assert answer.status_code == 403
    assert "This form was no longer valid" in answer.content.decode()
    assert not Component.objects.exists()


def test_a_fragment_asked_for_after_the_session_has_ended_reloads_the_page(db: None) -> None:
    answer = Client().get("/", headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert answer["HX-Refresh"] == "true"
    assert b"password" not in answer.content


def test_links_to_what_one_may_not_do_are_not_shown(stranger: User, technician: User) -> None:
    assert 'href="/components/new/"' not in client_of(stranger).get("/account/password/").content.decode()
    shown = client_of(technician).get("/account/password/").content.decode()
    assert 'href="/components/new/"' in shown
    assert 'href="/admin/"' not in shown
