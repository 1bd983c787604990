"""What every test may ask for: people, a champion, clients, a browser."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.db import connection, connections
from django.test import Client
from knox.models import get_token_model
from playwright.sync_api import BrowserContext, Page
from pytest_django import DjangoDbBlocker, Settings
from pytest_django.live_server_helper import LiveServer
from rest_framework.test import APIClient

from components.models import User
from components.services import memory, routing
from mlops.models import Deployment, ModelVersion
from mlops.services import archive, installing, serving
from mlops.services.deployment import deploy_champion
from tests import bundles
from tests.append_only import let_flush_pass, let_restoring_pass

PASSWORD = "correct horse battery"
TRANSACTIONAL = {"transactional_db", "live_server"}
CHROMIUM_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        if _is_transactional(item):
            # These empty every table at their end; what the migrations wrote must be there for the next one.
            item.add_marker(pytest.mark.django_db(transaction=True, serialized_rollback=True), append=False)
    if config.getoption("only_database"):
        config.hook.pytest_deselected(items=[item for item in items if not _is_of_the_database(item)])
        items[:] = [item for item in items if _is_of_the_database(item)]


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    # Its server has an environment of its own, which `make test-mlflow` installs.
    return True if collection_path.name == "mlflow_server" and not config.getoption("mlflow") else None


def _fixtures(item: pytest.Item) -> set[str]:
    return set(getattr(item, "fixturenames", ()))


def _is_transactional(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("django_db")
    return bool(_fixtures(item) & TRANSACTIONAL or (marker and marker.kwargs.get("transaction")))


def _is_of_the_database(item: pytest.Item) -> bool:
    uses = item.get_closest_marker("django_db") is not None or bool(_fixtures(item) & {"db", *TRANSACTIONAL})
    return uses and "playwright" not in _fixtures(item)


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    if connection.vendor == "sqlite":
        # A file, as in use; the database in memory that Django would take is of one process, and has no WAL.
        connection.settings_dict["TEST"]["NAME"] = str(Path(os.environ["VAR_DIR"]) / "test.sqlite3")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    # While a browser runs, Django gives this thread a second connection object. What the migrations wrote, kept by
    # Django on the first, is needed on both: they share their class.
    wrapper = connections["default"]
    if hasattr(wrapper, "_test_serialized_contents"):
        type(wrapper)._test_serialized_contents = wrapper._test_serialized_contents
    let_flush_pass(wrapper)
    with django_db_blocker.unblock():
        let_restoring_pass(wrapper)


@pytest.fixture(autouse=True)
def _fresh_process(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Each test starts with nothing loaded, nothing cached, and a fast password hasher.

    Nothing is drawn for a person to see unless the policy draws everything, and what is remembered for a second is not
    forgotten because the machine is busy. Nothing waits for the disk, since no test outlives a loss of power. Static
    files are looked for when they are asked for: each test client would list them all anew.
    """
    monkeypatch.setattr(routing, "draw", lambda: 0.999)
    monkeypatch.setattr(memory, "SECONDS", 60.0)
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)
    settings.WHITENOISE_AUTOREFRESH = True
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    yield
    serving.stop()
    archive.close()
    cache.clear()
    memory.forget_all()


def _person(role: str, **fields: object) -> User:
    user = User.objects.create_user(username=role, password=PASSWORD, email=f"{role}@example.test", **fields)
    user.groups.add(Group.objects.get(name=role))
    return user


@pytest.fixture
def technician(db: None) -> User:
    return _person("technician", first_name="Tess", last_name="Technician")


@pytest.fixture
def officer(db: None) -> User:
    return _person("officer", first_name="Omar", last_name="Officer")


@pytest.fixture
def olga(officer: User) -> User:
    """A colleague of the officer's, who can do the same and has no password."""
    other = User.objects.create_user(username="olga", first_name="Olga", last_name="Berg")
    other.groups.set(officer.groups.all())
    return other


@pytest.fixture
def auditor(db: None) -> User:
    return _person("auditor", first_name="Aya", last_name="Auditor")


@pytest.fixture
def admin(db: None) -> User:
    return _person("admin", first_name="Ada", last_name="Admin", is_staff=True, is_superuser=True)


@pytest.fixture
def no_champion(db: None, settings: Settings, tmp_path: Path) -> None:
    """An installation in which no model version has ever been deployed."""
    settings.MODEL_DIR = tmp_path / "models"
    assert not Deployment.objects.champion().exists()


@pytest.fixture
def champion(no_champion: None, tmp_path: Path) -> ModelVersion:
    """A tiny real bundle, registered, deployed and serving in this process; the value is its ModelVersion."""
    version = installing.install(bundles.write_tiny_bundle(tmp_path / "bundle"))
    deploy_champion(version, by=None)
    serving.start()
    return version


@pytest.fixture
def api_client() -> Callable[..., APIClient]:
    """`api_client(user)` is a REST client that carries a token of that user; `api_client()` carries none."""

    def client_of(user: User | None = None) -> APIClient:
        client = APIClient()
        if user is not None:
            client.credentials(HTTP_AUTHORIZATION=f"Token {get_token_model().objects.create(user)[1]}")
        return client

    return client_of


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    return {
        "executable_path": os.environ.get("CHROMIUM", "/usr/bin/chromium"),
        "args": list(CHROMIUM_ARGUMENTS),
    }


@pytest.fixture
def signed_in_page(
    live_server: LiveServer, champion: ModelVersion, technician: User, new_context: Callable[..., BrowserContext]
) -> Page:
    """A browser page of a technician who has logged in; addresses may be relative (`page.goto("/")`)."""
    client = Client()
    client.force_login(technician, backend="django.contrib.auth.backends.ModelBackend")
    context = new_context(base_url=live_server.url)
    context.add_cookies(
        [{"name": name, "value": cookie.value, "url": live_server.url} for name, cookie in client.cookies.items()]
    )
    return context.new_page()
