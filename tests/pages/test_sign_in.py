"""Logging in and out, the lock-out, and changing the password."""

import pytest
from django.test import Client

from components.models import User
from tests.conftest import PASSWORD
from tests.pages.conftest import client_of


def sign_in(client: Client, **fields: str):
    return client.post("/login/", {"username": "technician", "password": PASSWORD, **fields})


def test_who_logs_in_comes_home(technician: User) -> None:
    client = Client()
    assert sign_in(client)["Location"] == "/home/"
    assert "technician" in client.get("/home/").content.decode()


def test_who_logs_in_comes_back_to_the_page_that_was_asked_for(technician: User) -> None:
    client = Client()
    asked = client.get("/components/new/")["Location"]
    assert 'name="next" value="/components/new/"' in client.get(asked).content.decode()
    assert sign_in(client, next="/components/new/")["Location"] == "/components/new/"


@pytest.mark.parametrize(
    "elsewhere", ["https://elsewhere.test/", "//elsewhere.test/", "javascript:alert(1)", "\\\\elsewhere.test"]
)
def test_nobody_is_sent_to_another_site_after_the_log_in(elsewhere: str, technician: User) -> None:
    assert sign_in(Client(), next=elsewhere)["Location"] == "/home/"


def test_a_wrong_password_is_told_without_saying_which_half_is_wrong(technician: User) -> None:
    wrong_password = sign_in(Client(), password="wrong")
    wrong_name = sign_in(Client(), username="nobody")
    for answer in (wrong_password, wrong_name):
        assert answer.status_code == 200
        assert 'role="alert"' in answer.content.decode()
        assert "Please enter a correct username and password" in answer.content.decode()


def test_a_missing_password_is_told_beside_its_field(technician: User) -> None:
    shown = sign_in(Client(), password="").content.decode()
    assert 'aria-describedby="id_password_error"' in shown
    assert 'id="id_password_error"' in shown


@pytest.mark.parametrize("name", ["a\x00b", "a" * 100_000, "🚗", "%ED%A0%80", "<script>alert(1)</script>"])
@pytest.mark.parametrize("address", ["/login/", "/admin/login/"])
def test_no_name_breaks_the_log_in(name: str, address: str, db: None) -> None:
    answer = Client().post(address, {"username": name, "password": "wrong"})
    assert answer.status_code == 200
    assert "<script>alert" not in answer.content.decode()


def test_after_five_wrong_passwords_the_page_says_when_to_try_again(technician: User) -> None:
    client = Client()
    answers = [sign_in(client, password="wrong") for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 429]
    assert "Try again in <strong>15 minutes</strong>" in answers[-1].content.decode()
    assert sign_in(client).status_code == 429


def test_one_logs_out_by_a_form_and_not_by_a_link(technician: User) -> None:
    client = client_of(technician)
    assert client.get("/logout/").status_code == 405
    assert client.post("/logout/")["Location"] == "/login/"
    assert client.get("/").status_code == 302


def test_the_password_is_changed_and_the_session_kept(technician: User) -> None:
    client = client_of(technician)
    new = "staple battery horse"
    fields = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    assert client.post("/account/password/", fields)["Location"] == "/account/password/changed/"
    assert client.get("/").status_code == 200
    assert sign_in(Client(), password=new).status_code == 302


def test_a_weak_new_password_is_refused_beside_its_field(technician: User) -> None:
    fields = {"old_password": PASSWORD, "new_password1": "12345", "new_password2": "12345"}
    shown = client_of(technician).post("/account/password/", fields).content.decode()
    assert 'id="id_new_password2_error"' in shown
    assert "at least 12 characters" in shown
