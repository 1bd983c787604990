"""A world in which nothing happens by chance, and a way to try a thing without doing it."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.apps import apps
from django.db import transaction
from pytest_django import Settings

from audit.models import Event
from components.models import User
from components.services import memory, routing
from tests.permissions.world import Others

KEPT_APART = ("sessions.Session", "axes.AccessLog", "contenttypes.ContentType")


@pytest.fixture(autouse=True)
def _nothing_by_chance(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    monkeypatch.setattr(routing, "draw", lambda: 0.99)
    settings.API_REQUESTS_PER_MINUTE = 0


@pytest.fixture
def others(db: None) -> Others:
    return Others(User.objects.create_user("tina"), User.objects.create_user("otto"))


@contextmanager
def undone_afterwards() -> Iterator[None]:
    """Whatever is written within is gone after it."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    memory.forget_all()


def everything() -> dict[str, object]:
    """All rows of all tables, but for those that a visit itself leaves; and how long the chain of events is."""
    tables = {
        model._meta.label: sorted(map(repr, model._base_manager.values_list()))
        for model in apps.get_models()
        if model._meta.label not in KEPT_APART
    }
    return {**tables, "chain": Event.objects.count()}
