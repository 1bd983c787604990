"""The newest policy counts, from now on."""

import math

import pytest
from django.core.exceptions import ValidationError

from audit.models import Event
from components import services
from components.exceptions import MissingReason
from components.models import Review, ReviewPolicy, User
from components.services import policies
from tests.components.conftest import TEXT

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean")]

SHARES = {"uncertain_from": 0.2, "uncertain_to": 0.8, "audit_share": 0.1, "blind_share": 0.3, "second_share": 0.02}


def test_a_policy_counts_at_once_and_is_an_event(admin: User) -> None:
    before = policies.policy_in_force()

    policy = policies.set_policy(**SHARES, reason=" more audits ", by=admin)

    assert policies.policy_in_force() == policy
    event = Event.objects.get(action="policy_set")
    assert (event.before["audit_share"], event.after) == (before.audit_share, {**SHARES, "reason": "more audits"})


@pytest.mark.usefixtures("champion")
def test_routes_name_the_policy_by_which_they_were_decided(admin: User, technician: User) -> None:
    policy = policies.set_policy(**SHARES | {"audit_share": 1}, reason="look at all", by=admin)

    services.submit_component(description=TEXT, by=technician)

    route = Review.objects.get().routes.get()
    assert route.policy == policy
    assert route.score is not None


@pytest.mark.parametrize("name", SHARES)
@pytest.mark.parametrize("number", [-0.01, 1.01, math.nan, math.inf])
def test_a_number_beyond_0_and_1_is_refused_by_its_name(admin: User, name: str, number: float) -> None:
    with pytest.raises(ValidationError) as refusal:
        policies.set_policy(**SHARES | {name: number}, reason="a slip", by=admin)

    assert set(refusal.value.message_dict) == {name}
    assert ReviewPolicy.objects.count() == 1


def test_a_band_that_ends_before_it_begins_is_refused(admin: User) -> None:
    with pytest.raises(ValidationError) as refusal:
        policies.set_policy(**SHARES | {"uncertain_from": 0.9}, reason="a slip", by=admin)

    assert set(refusal.value.message_dict) == {"uncertain_to"}


def test_a_policy_needs_a_reason(admin: User) -> None:
    with pytest.raises(MissingReason):
        policies.set_policy(**SHARES, reason="", by=admin)
