"""Pages for what goes wrong, in the look of the others."""

import pytest
from django.core.exceptions import BadRequest
from django.test import Client, RequestFactory
from django.urls import path
from django.utils.html import escape

from components.models import User
from mlops import labeler
from tests.pages.conftest import client_of
from trey_compliance.urls import handler400
from trey_compliance.urls import urlpatterns as all_patterns


def broken(request) -> None:
    raise RuntimeError("planted")


def bad(request) -> None:
    raise BadRequest("planted")


urlpatterns = [path("broken/", broken), path("bad/", bad), *all_patterns]
handler400 = handler400


@pytest.mark.parametrize(
    ("address", "status", "title"),
    [
        ("/nowhere/", 404, "There is no such page"),
        ("/bad/", 400, "That request cannot be read"),
        ("/broken/", 500, "Something went wrong here"),
    ],
)
@pytest.mark.urls("tests.pages.test_troubles")
def test_a_trouble_has_a_page_that_says_what_to_do_and_nothing_of_the_inside(
    db: None, address: str, status: int, title: str
) -> None:
    answer = Client(raise_request_exception=False).get(address)
    shown = answer.content.decode()
    assert answer.status_code == status
    assert f"<h1>{title}</h1>" in shown
    assert "css/app.css" in shown
    assert "planted" not in shown


def test_a_host_that_is_not_ours_gets_the_page_for_bad_requests(db: None) -> None:
    answer = Client().get("/login/", headers={"Host": "elsewhere.test"})
    assert answer.status_code == 400
    assert "That request cannot be read" in answer.content.decode()


def test_the_page_for_a_fault_of_the_server_needs_no_database() -> None:
    from django.views.defaults import server_error

    assert "Something went wrong here" in server_error(RequestFactory().get("/")).content.decode()


def test_while_no_model_serves_every_page_says_so(technician: User, no_champion: None) -> None:
    client = client_of(technician)
    for address in ("/", "/components/new/", "/account/tokens/", "/account/password/", "/nowhere/"):
        shown = client.get(address).content.decode()
        assert "No model is serving just now" in shown
        assert labeler.status().problem not in shown


def test_the_reason_is_told_to_those_who_can_do_something_about_it(admin: User, no_champion: None) -> None:
    client = client_of(admin)
    for address in ("/", "/admin/"):
        assert escape(labeler.status().problem) in client.get(address).content.decode()


def test_while_a_model_serves_no_page_says_otherwise(web: Client) -> None:
    assert "No model is serving" not in web.get("/").content.decode()


def test_the_policy_allows_no_inline_script_or_style(web: Client) -> None:
    policy = web.get("/")["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
