"""The tokens with which a person's programs use the REST API."""

from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from knox.models import AuthToken

from components.exceptions import TooManyTokens, UnknownToken
from components.models import User

MAX_TOKENS = 20


def tokens_of(user: User) -> QuerySet[AuthToken]:
    """The person's tokens, expired ones too, the newest first."""
    tokens: QuerySet[AuthToken] = AuthToken.objects.filter(user=user).order_by("-created")
    return tokens


def create_token(*, by: User, expiry: timedelta | None) -> str:
    """A new token in full. Only its digest is stored: it cannot be had again.

    Raises TooManyTokens where the person holds MAX_TOKENS, expired ones counted.
    """
    with transaction.atomic():
        # PostgreSQL: whoever else makes a token for this person waits here. SQLite: BEGIN IMMEDIATE did the same.
        User.objects.select_for_update(no_key=True).get(pk=by.pk)
        if tokens_of(by).count() >= MAX_TOKENS:
            raise TooManyTokens(f"One person may have {MAX_TOKENS} tokens, and these are there: revoke one first.")
        _, token = AuthToken.objects.create(by, expiry=expiry)
    return str(token)


def revoke_token(token_key: str, *, by: User) -> None:
    """Delete the person's token of that beginning: within TOKEN_MEMORY_SECONDS it opens nothing.

    Raises UnknownToken where the person has none.
    """
    deleted, _ = tokens_of(by).filter(token_key=token_key).delete()
    if not deleted:
        raise UnknownToken("You have no such token: it may have been revoked already.")
