"""Each operation asks the database a known number of questions, however much there is to tell."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from rest_framework.test import APIClient

from components import services
from components.models import User
from components.services import memory, policies, routing, stopping
from tests.api.conftest import TEXT

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("champion")]

COMPONENTS, LABELS = "/api/v1/components/", "/api/v1/labels/"
REVIEWS, STATUS = "/api/v1/reviews/", "/api/v1/status/"
# The token with its owner, the owner's own permissions, those of the groups, the groups: once every few seconds.
LOOK_UP = 4
LOCK = {"postgresql": 1, "sqlite": 0}


@pytest.fixture(autouse=True)
def _nothing_by_chance(monkeypatch: pytest.MonkeyPatch) -> None:
    """No review is drawn, and what is remembered for a second is remembered throughout."""
    monkeypatch.setattr(routing, "draw", lambda: 0.99)
    monkeypatch.setattr(memory, "SECONDS", 3600.0)
    stopping.is_stopped()
    policies.policy_in_force()


@pytest.fixture
def known(api: APIClient) -> APIClient:
    """A client whose token has just been looked up."""
    api.get(STATUS)
    return api


def test_a_token_is_looked_up_once(
    technician: User, api_client: Callable[..., APIClient], django_assert_num_queries: Any
) -> None:
    client = api_client(technician)
    with django_assert_num_queries(LOOK_UP):
        client.get(STATUS)
    with django_assert_num_queries(0):
        client.get(STATUS)


@pytest.mark.parametrize("count", [1, 60])
def test_labelling_texts_reads_the_version_and_writes_the_predictions(
    known: APIClient, django_assert_num_queries: Any, count: int
) -> None:
    # savepoint, version, predictions, and their event with the lock that PostgreSQL takes for it; savepoint.
    with django_assert_num_queries(6 + LOCK[connection.vendor]):
        known.post(LABELS, {"texts": [f"{TEXT} {number}" for number in range(count)]}, format="json")


@pytest.mark.parametrize("count", [1, 60])
def test_a_page_is_counted_and_read(
    known: APIClient, technician: User, django_assert_num_queries: Any, count: int
) -> None:
    for number in range(count):
        services.submit_component(description=f"{TEXT} {number}", by=technician)
    with django_assert_num_queries(2):
        known.get(f"{COMPONENTS}?search=steel&page_size=60&ordering=-score")


def test_a_component_is_read_at_once(known: APIClient, technician: User, django_assert_num_queries: Any) -> None:
    component = services.submit_component(description=TEXT, by=technician)
    with django_assert_num_queries(1):
        known.get(f"{COMPONENTS}{component.pk}/")


def test_refusing_a_body_asks_nothing(known: APIClient, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        known.post(LABELS, {"texts": [""]}, format="json")
        known.post(COMPONENTS, {"description": ""}, format="json")


def test_submitting_a_component_writes_it_once(known: APIClient, django_assert_num_queries: Any) -> None:
    # savepoint, stop switch, component, description, regulation, version, prediction, label, its pointer, event,
    # savepoint; then the answer is read.
    with django_assert_num_queries(13 + LOCK[connection.vendor]):
        known.post(COMPONENTS, {"description": TEXT}, format="json")


@pytest.mark.parametrize("count", [1, 20])
def test_the_queue_is_counted_and_read_with_its_reasons(
    officer: User, api_client: Callable[..., APIClient], django_assert_num_queries: Any, count: int
) -> None:
    client = api_client(officer)
    client.get(STATUS)
    for number in range(count):
        services.submit_component(description=f"{TEXT} {number}", question="Is it?", by=officer)
    # the count, the reviews, their reasons, and what officers said before.
    with django_assert_num_queries(4):
        assert client.get(REVIEWS).json()["count"] == count
