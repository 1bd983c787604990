"""Who is asking: the owner of a token, or of a browser's session."""

import copy
import time
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.models import Group
from django.db.models import prefetch_related_objects
from django.db.models.signals import m2m_changed, post_delete, post_save
from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from knox import auth
from knox.crypto import hash_token
from knox.models import AuthToken
from rest_framework.exceptions import AuthenticationFailed

from components.models import User

UNKNOWN_TOKEN = "This token is not valid: it is unknown, revoked or expired."  # noqa: S105 (a sentence)
MOST_REMEMBERED = 1000


@dataclass(frozen=True, slots=True)
class _Owner:
    token: AuthToken
    user: User
    until: float


_remembered: dict[str, _Owner] = {}


class TokenAuthentication(auth.TokenAuthentication):
    """Tokens by the digest that is their key; nothing is written.

    The owner and what they may do are remembered for TOKEN_MEMORY_SECONDS, so that a request needs no look-up.
    A change (a token revoked, a role taken away) counts after these seconds at the latest. The library's own look-up
    also reads every token of the user and deletes the expired ones, each time.
    """

    def authenticate_credentials(self, token: bytes) -> tuple[User, AuthToken]:
        # Header bytes may be anything; no token of ours holds other than ASCII.
        digest = hash_token(token.decode("ascii", errors="replace"))
        owner = _remembered.get(digest)
        if owner is None or time.time() > owner.until:
            owner = _look_up(digest)
        if owner.token.expiry is not None and owner.token.expiry <= timezone.now():
            raise AuthenticationFailed(UNKNOWN_TOKEN)
        # A copy, so that nothing which a request does to its user outlives it.
        return copy.copy(owner.user), owner.token


def _look_up(digest: str) -> _Owner:
    token = AuthToken.objects.select_related("user").filter(digest=digest).first()
    if token is None:
        raise AuthenticationFailed(UNKNOWN_TOKEN)
    if not token.user.is_active:
        raise AuthenticationFailed("This account has been deactivated.")
    owner = _Owner(token, token.user, time.time() + settings.TOKEN_MEMORY_SECONDS)
    if settings.TOKEN_MEMORY_SECONDS:
        # The user's object keeps its permissions and its groups, which every event tells, once they were asked for.
        owner.user.get_all_permissions()
        prefetch_related_objects([owner.user], "groups")
        if len(_remembered) >= MOST_REMEMBERED:
            _remembered.clear()
        _remembered[digest] = owner
    return owner


def forget_owners(**kwargs: object) -> None:
    """Look every token up again, with what its owner may do."""
    _remembered.clear()


for changed in (AuthToken, User, Group):
    post_save.connect(forget_owners, sender=changed, dispatch_uid=f"forget_owners_{changed.__name__}")
    post_delete.connect(forget_owners, sender=changed, dispatch_uid=f"forget_owners_{changed.__name__}")
for granted in (User.groups.through, User.user_permissions.through, Group.permissions.through):
    m2m_changed.connect(forget_owners, sender=granted, dispatch_uid=f"forget_owners_{granted.__name__}")


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the OpenAPI description tells of tokens."""

    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "`Token`, a space, and your token: `Token trey_…`.",
        }
