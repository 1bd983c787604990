"""Clients who have logged in, and components with the labels that a page test needs."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from components.models import Component, User
from mlops.models import ModelVersion
from tests.conftest import PASSWORD
from tests.shown import enter

MODEL_BACKEND = "django.contrib.auth.backends.ModelBackend"


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user, backend=MODEL_BACKEND)
    return client


def page_of(version: ModelVersion) -> str:
    """The address of the page of a model version."""
    return reverse("admin:mlops_modelversion_change", args=(version.pk,))


def text_of(client: Client, address: str) -> str:
    """The page's words, one space between."""
    answer = client.get(address)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


@pytest.fixture
def desk(admin: User) -> Client:
    """The browser of an administrator."""
    return client_of(admin)


@pytest.fixture
def web(technician: User, champion: ModelVersion) -> Client:
    """The browser of a technician, while a champion serves."""
    return client_of(technician)


@pytest.fixture
def stranger(db: None) -> User:
    """Someone with an account and no role."""
    return User.objects.create_user(username="stranger", password=PASSWORD)


@pytest.fixture
def component(technician: User) -> Callable[..., Component]:
    """`component(text, score=0.9)` is a component of the technician's; see `tests.shown.enter`."""
    return lambda *text, **options: enter(*text, **{"by": technician, **options})
