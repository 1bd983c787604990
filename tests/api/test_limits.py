"""Nobody asks more often than they may, and a broken cache refuses nobody."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import override_settings
from rest_framework.test import APIClient

from components.api.access import SECONDS_WITHOUT_CACHE, RequestsPerMinute
from components.models import User
from tests.api.conftest import problem_of

pytestmark = pytest.mark.django_db

STATUS = "/api/v1/status/"
NOBODY_THERE = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1/0"}
NOON = "2027-03-01 12:00:20Z"


@pytest.fixture(autouse=True)
def _three_a_minute(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.API_REQUESTS_PER_MINUTE = 3
    monkeypatch.setattr(RequestsPerMinute, "cache_rests_until", 0.0)


def test_the_fourth_request_of_a_minute_is_told_when_to_come_back(api: APIClient) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        assert [api.get(STATUS).status_code for _ in range(3)] == [200] * 3
        refused = api.get(STATUS)
        clock.shift(int(refused["Retry-After"]))
        again = api.get(STATUS)

    problem_of(refused, 429, "too-many-requests")
    assert refused["Retry-After"] == "40"
    assert again.status_code == 200


def test_everyone_has_a_limit_of_their_own(
    technician: User, officer: User, api_client: Callable[..., APIClient]
) -> None:
    with time_machine.travel(NOON, tick=False):
        statuses = [api_client(user).get(STATUS).status_code for user in [technician, officer] * 3 + [technician]]

    assert statuses == [200] * 6 + [429]


def test_all_tokens_of_one_person_count_together(technician: User, api_client: Callable[..., APIClient]) -> None:
    with time_machine.travel(NOON, tick=False):
        statuses = [api_client(technician).get(STATUS).status_code for _ in range(4)]

    assert statuses == [200, 200, 200, 429]


def test_no_limit_is_no_limit(api: APIClient, settings: Any) -> None:
    settings.API_REQUESTS_PER_MINUTE = 0

    assert {api.get(STATUS).status_code for _ in range(10)} == {200}


def test_a_cache_that_does_not_answer_refuses_nobody(api: APIClient) -> None:
    with override_settings(CACHES={"default": NOBODY_THERE}):
        assert {api.get(STATUS).status_code for _ in range(5)} == {200}


def test_a_cache_that_did_not_answer_is_asked_again_after_a_while(api: APIClient) -> None:
    with override_settings(CACHES={"default": NOBODY_THERE}):
        api.get(STATUS)

    assert {api.get(STATUS).status_code for _ in range(5)} == {200}
    with time_machine.travel(time.time() + SECONDS_WITHOUT_CACHE + 1):
        assert [api.get(STATUS).status_code for _ in range(4)][-1] == 429


def test_simultaneous_requests_are_all_counted(
    transactional_db: None, technician: User, api_client: Callable[..., APIClient], settings: Any
) -> None:
    settings.API_REQUESTS_PER_MINUTE = 20

    def statuses(client: APIClient) -> list[int]:
        try:
            return [client.get(STATUS).status_code for _ in range(5)]
        finally:
            connection.close()

    with time_machine.travel(NOON, tick=False), ThreadPoolExecutor(8) as pool:
        seen = [s for many in pool.map(statuses, [api_client(technician) for _ in range(8)]) for s in many]

    assert (seen.count(200), seen.count(429)) == (20, 20)
