"""Browsers of people who have logged in, and the complaints their consoles collect."""

from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from playwright.sync_api import ConsoleMessage, Page

from components.models import Component, User
from mlops.models import ModelVersion
from tests.shown import enter

DESKTOP = {"viewport": {"width": 1280, "height": 800}}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
MODEL_BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def component(technician: User) -> Callable[..., Component]:
    """`component(text, score=0.9)` is a component of the technician's; see `tests.shown.enter`."""
    return lambda *text, **options: enter(*text, **{"by": technician, **options})


@pytest.fixture
def complaints() -> Iterator[list[str]]:
    """What browsers complained about; a test fails that leaves any: refused scripts and styles, errors, lost files."""
    heard: list[str] = []
    yield heard
    assert heard == []


@pytest.fixture
def open_browser(live_server, champion: ModelVersion, new_context, complaints: list[str]) -> Callable[..., Page]:
    """`open_browser(user, **options)` is a page of a browser of its own; without a user nobody has logged in."""

    def listen(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            complaints.append(f"{message.page.url if message.page else ''}: {message.text}")

    def opened(user: User | None = None, **options: object) -> Page:
        context = new_context(**{"base_url": live_server.url, **DESKTOP, **options})
        if user is not None:
            client = Client()
            client.force_login(user, backend=MODEL_BACKEND)
            context.add_cookies(
                [
                    {"name": name, "value": morsel.value, "url": live_server.url}
                    for name, morsel in client.cookies.items()
                ]
            )
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("console", listen)
        page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
        return page

    return opened


@pytest.fixture
def tess(open_browser: Callable[..., Page], technician: User) -> Page:
    """A page of the technician's browser, on a desktop."""
    return open_browser(technician)
