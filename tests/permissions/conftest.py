"""A world in which nothing happens by chance, and a way to try a thing without doing it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from django.apps import apps
from django.db import transaction
from django.http import HttpResponse
from pytest_django import Settings

from audit.context import ORIGINS
from audit.models import Event
from components.models import User
from components.services import memory, routing
from tests.permissions.world import Others

OF_REQUESTS = ORIGINS[:3]
LOG_IN = ("/login/?next=", "/admin/login/?next=")
KEPT_APART = ("sessions.Session", "axes.AccessLog", "contenttypes.ContentType")


@pytest.fixture(autouse=True)
def _nothing_by_chance(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    monkeypatch.setattr(routing, "draw", lambda: 0.99)
    settings.API_REQUESTS_PER_MINUTE = 0


@pytest.fixture
def others(db: None) -> Others:
    return Others(User.objects.create_user("tina"), User.objects.create_user("otto"))


@dataclass
class Asked:
    """What one visitor got for one method, whether anything was written on the way, and the events of it.

    Of an event: who did it, in which role, by what kind of address, and from where.
    """

    response: HttpResponse
    wrote: bool
    events: set[tuple[str, ...]] = field(default_factory=set)

    @property
    def failed(self) -> bool:
        return self.response.status_code == 500

    def refused(self, back: str = "") -> bool:
        if self.response.status_code != 302:
            return self.response.status_code in (401, 403, 404, 405)
        return self.response["Location"].startswith(LOG_IN) or self.response["Location"] == back


class Unchanged:
    """All rows of now, to which everything comes back that is tried; read when first something was written."""

    def __init__(self) -> None:
        self._rows: dict[str, object] | None = None

    def by(self, act: Callable[[], Asked]) -> tuple[Asked, bool]:
        """What an act got that is undone at once, and whether all rows stayed as they were."""
        after = None
        with undone_afterwards():
            asked = act()
            if asked.wrote:
                after = everything()
                asked.events = set(
                    Event.objects.filter(origin__in=OF_REQUESTS).values_list("actor_name", "role", "origin", "address")
                )
        if after is None:
            return asked, True
        if self._rows is None:
            self._rows = everything()
        return asked, after == self._rows


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
