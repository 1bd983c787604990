"""The lists of what was done take no more queries for being longer."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from audit.services import record
from components.models import User
from components.services import memory
from components.services.stopping import resume_labelling, stop_labelling
from components.services.tokens import create_token
from tests.pages.conftest import client_of


def turn_the_switch(admin: User) -> None:
    stop_labelling(reason="a look", by=admin)
    resume_labelling(reason="looked", by=admin)


def make_a_pack(admin: User) -> None:
    record("audit_pack_exported", by=admin, after={"scope": {"component": 1}, "decisions": 1, "digest": "0" * 64})


def make_a_token(admin: User) -> None:
    create_token(by=admin, expiry=timedelta(days=1))


@pytest.mark.parametrize(
    ("address", "do_something"),
    [
        ("/audit/", turn_the_switch),
        ("/stop-switch/", turn_the_switch),
        ("/audit/packs/", make_a_pack),
        ("/account/tokens/", make_a_token),
    ],
)
def test_a_longer_list_takes_no_more_queries(admin: User, address: str, do_something: Callable[[User], None]) -> None:
    web: Client = client_of(admin)

    def queries() -> int:
        memory.forget_all()
        with CaptureQueriesContext(connection) as captured:
            assert web.get(address).status_code == 200
        return len(captured)

    do_something(admin)
    queries()
    few = queries()
    for _ in range(5):
        do_something(admin)
    assert queries() == few
