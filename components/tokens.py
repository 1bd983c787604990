"""The tokens with which a person's programs use the REST API."""

from datetime import timedelta

from django.db.models import QuerySet
from knox.models import AuthToken

from components.models import User

MAX_TOKENS = 20


def tokens_of(user: User) -> QuerySet[AuthToken]:
    """The person's tokens, expired ones too, the newest first."""
    tokens: QuerySet[AuthToken] = AuthToken.objects.filter(user=user).order_by("-created")
    return tokens


def create_token(*, by: User, expiry: timedelta | None) -> str:
    """A new token in full. Only its digest is stored: it cannot be had again."""
    _, token = AuthToken.objects.create(by, expiry=expiry)
    return str(token)
