"""At every address everybody is let in or refused as the table says, and who is refused has changed nothing."""

import json
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from mlops.models import ModelVersion
from tests.permissions import expectations, world
from tests.permissions.addresses import Address, every_address
from tests.permissions.conftest import Asked, Unchanged, everything, undone_afterwards
from tests.permissions.expectations import API, NEVER, PAGES, PUBLIC, Expected
from tests.permissions.people import KINDS, NOBODY, Kind, browser_of, program_of
from tests.permissions.world import Others, Thing

pytestmark = pytest.mark.django_db

METHODS = ("get", "post", "put", "patch", "delete")
EXPECTED = PAGES | API
ADDRESSES = [address for address in every_address() if not address.route.startswith("admin/")]
WRITES = ("INSERT", "UPDATE", "DELETE")
ONLY_IN_BROWSERS = ("api:docs",)


def test_every_address_is_in_the_table_with_the_permission_that_it_declares() -> None:
    told = {
        address.name: {
            method.upper() if address.name in API else "*": permission
            for method, permission in EXPECTED[address.name].needs.items()
            if permission.count(".") == 1
        }
        for address in ADDRESSES
        if address.name in EXPECTED
    }

    assert {address.name: told.get(address.name, "is not in the table") for address in ADDRESSES} == {
        address.name: address.declared for address in ADDRESSES
    }
    assert EXPECTED.keys() == {address.name for address in ADDRESSES}


@pytest.mark.parametrize("address", ADDRESSES, ids=lambda address: address.name)
def test_who_may_is_let_in_and_all_others_are_refused_and_change_nothing(
    address: Address, champion: ModelVersion, others: Others
) -> None:
    expected = EXPECTED[address.name]
    wrong, met = [], set()
    for kind in (*KINDS, NOBODY):
        for own in (True, False) if expected.about else (False,):
            with undone_afterwards():
                for way, method, asked, unchanged in visits(address, expected, kind, others, own=own):
                    may = allowed(address, expected, kind, method, own=own)
                    if asked.response.status_code < 400 and may:
                        met.add(method)
                    if asked.failed or asked.refused(expected.back) == may or not (may or unchanged):
                        wrong.append((kind.name, way, "own" if own else "another's", method, asked.response, unchanged))

    assert wrong == []
    # The table is not met by refusing everybody: whoever may do a thing can do it.
    assert met == set(expected.needs)


def visits(
    address: Address, expected: Expected, kind: Kind, others: Others, *, own: bool
) -> Iterator[tuple[str, str, Asked, bool]]:
    """Each method, in each way that the visitor could come; every visit finds the world as the one before did."""
    user = None if kind is NOBODY else kind.person()
    owner = user if own and user is not None else others.officer
    if expected.about in ("component", "question", "prediction") and owner is others.officer:
        owner = others.technician
    thing = world.MAKERS[expected.about](owner, others) if expected.about else Thing("invalid")
    clients = ways(address, user)
    if user is not None and not kind.known:
        user.is_active = False
        user.save()
    path = address.path(**dict.fromkeys(address.parameters, thing.key))
    unchanged, body, as_json = Unchanged(), body_of(expected, thing), address.name in API
    # What nobody may is refused to the owner, and with that to everybody else.
    methods = METHODS if own or not expected.about else [method for method in METHODS if method in expected.needs]
    for way, client in clients.items():
        for method in methods:
            yield way, method, *unchanged.by(partial(ask, client, method, path, body, as_json=as_json))


def ways(address: Address, user: Any) -> dict[str, Client]:
    if address.name not in API or address.name in ONLY_IN_BROWSERS:
        return {"session": browser_of(user)}
    return {"session": browser_of(user), "token": program_of(user)}


def body_of(expected: Expected, thing: Thing) -> dict[str, object]:
    filled = {"{lease}": thing.lease, "{key}": thing.key}
    return {
        name: filled.get(value, value) if isinstance(value, str) else value for name, value in expected.body.items()
    }


def ask(client: Client, method: str, path: str, body: dict[str, object], *, as_json: bool) -> Asked:
    with CaptureQueriesContext(connection) as captured:
        if method == "get":
            response = client.get(path)
        elif as_json:
            response = client.generic(method.upper(), path, json.dumps(body), "application/json")
        elif method == "post":
            response = client.post(path, body)
        else:
            response = client.generic(method.upper(), path)
    return Asked(response, any(query["sql"].startswith(WRITES) for query in captured))


def allowed(address: Address, expected: Expected, kind: Kind, method: str, *, own: bool) -> bool:
    needed = expected.needs.get(method, NEVER)
    if not kind.may(needed) or (address.name in PAGES and kind.is_program and not expected.programs):
        return False
    besides = "" if own else expected.another.get(method, "")
    return not besides or kind.may(besides)


def test_a_token_opens_no_page(champion: ModelVersion, others: Others) -> None:
    superuser = next(kind for kind in KINDS if kind.superuser).person()
    opened = []
    for address in ADDRESSES:
        expected = EXPECTED[address.name]
        if address.name in PAGES and expected.needs.get("get", PUBLIC) != PUBLIC:
            # Nobody has in hand what they entered themselves.
            owner = others.officer if expected.about in ("review", "decision") else others.technician
            thing = world.MAKERS[expected.about](owner, others) if expected.about else Thing(1)
            path = address.path(**dict.fromkeys(address.parameters, thing.key))
            if not ask(program_of(superuser), "get", path, {}, as_json=False).refused():
                opened.append(path)

    assert opened == []


def test_a_lease_that_was_guessed_or_found_out_is_of_no_use_to_another(champion: ModelVersion, others: Others) -> None:
    officer = next(kind for kind in KINDS if kind.name == "officer").person()
    thing = world.review(others.officer, others)
    client = program_of(officer)
    before = everything()

    for verb in ("keep", "release", "decision"):
        for lease in (thing.lease, "00000000-0000-0000-0000-000000000000"):
            body = {"lease": lease} | ({"outcome": "confirm", "number": 1, "seconds": 1} if verb == "decision" else {})
            response = client.post(f"/api/v1/reviews/{thing.key}/{verb}/", body, format="json")
            assert response.status_code == 403
            assert response.json()["type"] == "/api/problems/not-yours/"

    assert everything() == before


def test_the_table_of_expectations_names_permissions_that_exist() -> None:
    from django.contrib.auth.models import Permission

    known = {
        f"{one.content_type.app_label}.{one.codename}" for one in Permission.objects.select_related("content_type")
    }
    named = {
        needed
        for table in (PAGES, API, expectations.ADMIN)
        for one in table.values()
        for needed in (*one.needs.values(), *one.another.values())
    } | set(expectations.ADMIN_ACTIONS.values())

    assert {needed for needed in named if "." in needed} <= known


@pytest.mark.parametrize("key", [10**18, 2**63, 10**30])
def test_no_number_is_too_large_for_an_address(champion: ModelVersion, others: Others, key: int) -> None:
    superuser = browser_of(next(kind for kind in KINDS if kind.superuser).person())
    wrong = []
    for address in ADDRESSES:
        expected = EXPECTED[address.name]
        for method in expected.needs if "<int:" in address.route or "<key:" in address.route else ():
            path = address.path(**dict.fromkeys(address.parameters, key))
            body = body_of(expected, Thing(key, "00000000-0000-0000-0000-000000000000"))
            with undone_afterwards():
                asked = ask(superuser, method, path, body, as_json=address.name in API)
            if not asked.refused(expected.back):
                wrong.append((method, path, asked.response))

    assert wrong == []
