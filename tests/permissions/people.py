"""Everybody who could come: each role, those above all roles, and those without any."""

from dataclasses import dataclass

from django.contrib.auth.models import Group
from django.test import Client
from knox.models import AuthToken
from rest_framework.test import APIClient

from components.models import User
from components.permissions import EDIT_COMPONENTS, ROLES, VIEW_REVIEWS
from tests.permissions.expectations import LOGIN, NEVER, PUBLIC, STAFF

BACKEND = "django.contrib.auth.backends.ModelBackend"
PASSWORD = "correct horse battery"


@dataclass(frozen=True)
class Kind:
    """A kind of visitor. `known`: has an account that is active."""

    name: str
    role: str = ""
    staff: bool = False
    superuser: bool = False
    known: bool = True

    def may(self, permission: str) -> bool:
        """Whether this kind of visitor holds a permission, by the table of roles."""
        if permission in (PUBLIC, NEVER) or not self.known:
            return permission == PUBLIC
        if permission == LOGIN or self.superuser:
            return True
        return self.staff if permission == STAFF else permission in ROLES.get(self.role, ())

    @property
    def is_program(self) -> bool:
        return not (self.may(EDIT_COMPONENTS) or self.may(VIEW_REVIEWS))

    def person(self) -> User:
        """An account of this kind; deactivated, where it is not known."""
        user = User.objects.create_user(
            self.name.replace(" ", "-"), password=PASSWORD, is_staff=self.staff, is_superuser=self.superuser
        )
        if self.role:
            user.groups.add(Group.objects.get(name=self.role))
        return user


KINDS = (
    *(Kind(role, role=role, staff=role == "admin") for role in ROLES),
    Kind("superuser", staff=True, superuser=True),
    Kind("clerk without a role", staff=True),
    Kind("stranger"),
    Kind("deactivated superuser", role="admin", staff=True, superuser=True, known=False),
)
NOBODY = Kind("nobody", known=False)


def browser_of(user: User | None) -> Client:
    """A browser; of a user, one who logged in before anything was taken from them."""
    client = Client(raise_request_exception=False)
    if user is not None:
        client.force_login(user, backend=BACKEND)
    return client


def program_of(user: User | None) -> APIClient:
    """A program that sends a token of the user's."""
    client = APIClient(raise_request_exception=False)
    if user is not None:
        client.credentials(HTTP_AUTHORIZATION=f"Token {AuthToken.objects.create(user)[1]}")
    return client
