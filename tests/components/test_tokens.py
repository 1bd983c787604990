"""A person holds twenty tokens at most, by whatever way and however fast they are made."""

from datetime import timedelta
from functools import partial

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from knox.models import AuthToken

from components.exceptions import TooManyTokens, UnknownToken
from components.models import User
from components.services.tokens import MAX_TOKENS, create_token, revoke_token, tokens_of
from tests.at_once import at_once


def hold(count: int, user: User) -> None:
    for _ in range(count):
        AuthToken.objects.create(user)


@pytest.mark.django_db
def test_the_last_one_is_made_and_the_next_refused(technician: User) -> None:
    hold(MAX_TOKENS - 1, technician)

    assert create_token(by=technician, expiry=None).startswith("trey_")
    with pytest.raises(TooManyTokens, match="revoke one first"):
        create_token(by=technician, expiry=None)

    assert tokens_of(technician).count() == MAX_TOKENS


@pytest.mark.django_db
def test_the_command_refuses_it_too(technician: User) -> None:
    hold(MAX_TOKENS, technician)

    with pytest.raises(CommandError, match="revoke one first"):
        call_command("create_token", technician.username)

    assert tokens_of(technician).count() == MAX_TOKENS


@pytest.mark.django_db
def test_the_tokens_of_others_and_what_was_revoked_do_not_count(technician: User, officer: User) -> None:
    hold(MAX_TOKENS, officer)
    hold(MAX_TOKENS, technician)
    revoke_token(tokens_of(technician)[0].token_key, by=technician)

    create_token(by=technician, expiry=timedelta(days=1))

    assert AuthToken.objects.count() == 2 * MAX_TOKENS


@pytest.mark.django_db
def test_only_an_own_token_can_be_revoked(technician: User, officer: User) -> None:
    hold(1, officer)

    with pytest.raises(UnknownToken):
        revoke_token(tokens_of(officer)[0].token_key, by=technician)

    assert tokens_of(officer).exists()


@pytest.mark.django_db(transaction=True)
def test_many_at_once_do_not_pass_the_limit(technician: User) -> None:
    hold(MAX_TOKENS - 3, technician)

    made = at_once(*[partial(create_token, by=technician, expiry=None)] * 8, refusals=(TooManyTokens,))

    assert sorted(type(one).__name__ for one in made) == ["TooManyTokens"] * 5 + ["str"] * 3
    assert tokens_of(technician).count() == MAX_TOKENS


@pytest.mark.django_db
def test_the_page_shows_the_refusal_and_no_token(technician: User, client: Client) -> None:
    client.force_login(technician, backend="django.contrib.auth.backends.ModelBackend")
    hold(MAX_TOKENS, technician)

    answer = client.post("/account/tokens/", {"expires": "30"})

    assert answer.status_code == 409
    assert "revoke one first" in answer.content.decode()
    assert 'id="created"' not in answer.content.decode()
