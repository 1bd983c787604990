"""Whatever is done at an address is told by an event: by whom, in which role then, and from where."""

from dataclasses import replace

import pytest

from components.services import routing, submission
from mlops.models import ModelVersion
from tests.permissions.addresses import Address
from tests.permissions.conftest import undone_afterwards
from tests.permissions.expectations import API, PAGES, PASSWORDS, Expected
from tests.permissions.people import KINDS, Kind
from tests.permissions.test_matrix import ADDRESSES, allowed, visits
from tests.permissions.world import TEXT, Others

pytestmark = pytest.mark.django_db

EXPECTED = PAGES | API
HERE = "127.0.0.1"
NO_ACT = {
    # Until when a lease runs is no act.
    *("review-keep", "api:review-keep"),
    # What follows from a text and a bundle is computed once and kept.
    *("review-words", "api:explanation"),
}
# Who does it is nobody before; and all reviews of `world` are in somebody's hand.
ELSEWHERE = {"login", "api:review-claim"}
NEW = "another horse, 9 hands"
BODIES = {"password-change": {**PASSWORDS, "new_password1": NEW, "new_password2": NEW}}


def changing() -> list[Address]:
    """The addresses at which something may be done, and those that write although nothing is done there."""
    return [
        address
        for address in ADDRESSES
        if address.name in NO_ACT or (address.name not in ELSEWHERE and set(EXPECTED[address.name].needs) - {"get"})
    ]


def doer(address: Address, expected: Expected, *, own: bool) -> Kind | None:
    """The first kind of visitor, roles before those above them, who may do all that can be done there."""
    for kind in KINDS:
        if kind.known and all(allowed(address, expected, kind, method, own=own) for method in expected.needs):
            return kind
    return None


@pytest.mark.parametrize("address", changing(), ids=lambda address: address.name)
def test_what_changes_anything_is_an_event_of_who_did_it_and_nothing_else_is(
    address: Address, champion: ModelVersion, others: Others
) -> None:
    expected = EXPECTED[address.name]
    expected = replace(expected, body=BODIES.get(address.name, expected.body))
    waiting = submission.submit_component(description=TEXT, by=others.technician)
    routing.ask_for_review(component_id=waiting.pk, note="Is it steel?", by=others.technician)
    wrong, acts = [], 0
    for own in (True, False) if expected.about else (False,):
        if (kind := doer(address, expected, own=own)) is None:
            continue
        who = (kind.name, kind.role, "api" if address.name in API else "page", HERE)
        with undone_afterwards():
            for way, method, asked, unchanged in visits(address, expected, kind, others, own=own):
                acts += bool(asked.events)
                if asked.events != (set() if unchanged or address.name in NO_ACT else {who}):
                    wrong.append((kind.name, way, method, asked.response, unchanged, asked.events))

    assert wrong == []
    assert bool(acts) == (address.name not in NO_ACT)
