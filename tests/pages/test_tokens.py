"""A person's own tokens for the REST API."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from knox.models import AuthToken

from components.models import User


def created(answer) -> str:
    """The token that an answer shows."""
    return re.search(r'id="created"\s+value="([^"]+)"', answer.content.decode())[1]


def test_a_new_token_opens_the_api_and_is_shown_once(web: Client) -> None:
    answer = web.post("/account/tokens/", {"expires": "30"})
    token = created(answer)
    assert token.startswith("trey_")
    assert "no-store" in answer["Cache-Control"]
    asked = Client().get("/api/v1/components/", headers={"Authorization": f"Token {token}"})
    assert asked.status_code == 200
    assert token not in web.get("/account/tokens/").content.decode()
    assert token[:15] in web.get("/account/tokens/").content.decode()


@pytest.mark.parametrize(("choice", "days"), [("30", 30), ("90", 90), ("365", 365)])
def test_a_token_expires_when_it_was_said_to(web: Client, choice: str, days: int) -> None:
    before = timezone.now()
    web.post("/account/tokens/", {"expires": choice})
    expiry = AuthToken.objects.get().expiry
    assert before + timedelta(days=days) <= expiry <= timezone.now() + timedelta(days=days)


def test_a_token_may_have_no_expiry(web: Client) -> None:
    web.post("/account/tokens/", {"expires": "never"})
    assert AuthToken.objects.get().expiry is None
    assert "Never" in web.get("/account/tokens/").content.decode()


@pytest.mark.parametrize("choice", ["", "1000000", "-1", "abc"])
def test_another_expiry_is_refused(web: Client, choice: str) -> None:
    assert web.post("/account/tokens/", {"expires": choice}).status_code == 422
    assert not AuthToken.objects.exists()


def test_there_is_a_limit_to_the_tokens_of_one_person(web: Client) -> None:
    for _ in range(20):
        web.post("/account/tokens/", {"expires": "30"})
    answer = web.post("/account/tokens/", {"expires": "30"})
    assert "revoke one first" in answer.content.decode()
    assert AuthToken.objects.count() == 20


def test_a_revoked_token_opens_nothing_any_more(web: Client) -> None:
    token = created(web.post("/account/tokens/", {"expires": "30"}))
    asked = {"Authorization": f"Token {token}"}
    assert Client().get("/api/v1/components/", headers=asked).status_code == 200
    answer = web.post(f"/account/tokens/{token[:15]}/revoke/", follow=True)
    assert "is revoked" in answer.content.decode()
    assert Client().get("/api/v1/components/", headers=asked).status_code == 401


def test_the_tokens_of_others_are_neither_shown_nor_revoked(web: Client, officer: User) -> None:
    other, _ = AuthToken.objects.create(officer)
    assert other.token_key not in web.get("/account/tokens/").content.decode()
    assert web.post(f"/account/tokens/{other.token_key}/revoke/").status_code == 404
    assert AuthToken.objects.filter(pk=other.pk).exists()


def test_a_token_is_not_revoked_by_following_a_link(web: Client, technician: User) -> None:
    own, _ = AuthToken.objects.create(technician)
    assert web.get(f"/account/tokens/{own.token_key}/revoke/").status_code == 405
    assert AuthToken.objects.exists()
