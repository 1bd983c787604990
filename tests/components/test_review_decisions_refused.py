"""What cannot be decided, or not any more or not by this officer, is refused and changes nothing."""

from collections.abc import Callable
from datetime import date
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from pytest_django import Settings

from components.exceptions import (
    AlreadyDecided,
    LeaseLost,
    MissingReason,
    NoRegulationInForce,
    NotYours,
    ReasonCodeRetired,
    SameLabel,
    TextChanged,
    UnknownRecord,
)
from components.models import Decision, ReasonCode, Regulation, User
from components.services import deciding, editing
from tests.components.conftest import fresh
from tests.components.decisions import Claims, Later, decide, label_of, other

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean")]


def test_deciding_twice_is_refused(in_hand: Claims, officer: User) -> None:
    claimed = in_hand()
    decide(claimed, officer, "confirm")

    with pytest.raises(AlreadyDecided):
        decide(claimed, officer, "confirm")

    assert Decision.objects.count() == 1


def test_passing_on_twice_is_refused(in_hand: Claims, officer: User) -> None:
    claimed = in_hand()
    decide(claimed, officer, "escalate", note="Not my trade.")

    with pytest.raises(LeaseLost):
        decide(claimed, officer, "escalate", note="Not my trade.")

    assert Decision.objects.count() == 1


def test_with_a_lease_that_ran_out_nothing_is_decided(
    in_hand: Claims, officer: User, settings: Settings, later: Later
) -> None:
    claimed = in_hand()

    with later(settings.REVIEW_LEASE_SECONDS), pytest.raises(LeaseLost):
        decide(claimed, officer, "confirm")

    assert not Decision.objects.exists()


@pytest.mark.parametrize("guessed", [True, False], ids=["the very lease", "any lease"])
def test_anothers_review_is_not_decided_by_who_guesses_its_number(
    in_hand: Claims, colleague: User, guessed: bool
) -> None:
    claimed = in_hand()

    with pytest.raises(NotYours):
        decide(claimed, colleague, "confirm", lease=claimed.lease if guessed else uuid4())

    assert not Decision.objects.exists()


def test_a_text_that_was_edited_since_is_not_decided_on(in_hand: Claims, officer: User, technician: User) -> None:
    claimed = in_hand()
    editing.edit_description(
        component_id=claimed.review.component_id, number=1, description="rusty, made in 1970", by=technician
    )

    with pytest.raises(TextChanged):
        decide(claimed, officer, "confirm")

    assert not Decision.objects.exists()
    assert label_of(claimed).source == "model"


def test_who_read_another_text_than_the_one_under_review_is_told_so(in_hand: Claims, officer: User) -> None:
    with pytest.raises(TextChanged):
        decide(in_hand(), officer, "confirm", number=2)


def test_an_override_to_the_label_that_stands_is_refused(in_hand: Claims, officer: User) -> None:
    claimed = in_hand()

    with pytest.raises(SameLabel):
        decide(claimed, officer, "override", label=label_of(claimed).value, reason_code="wording")


@pytest.mark.parametrize("outcome", ["override", "escalate", "ask"])
@pytest.mark.parametrize("note", ["", " \n"])
def test_what_needs_a_reason_is_not_decided_without(in_hand: Claims, officer: User, outcome: str, note: str) -> None:
    with pytest.raises(MissingReason):
        decide(in_hand(), officer, outcome, note=note)

    assert not Decision.objects.exists()


def test_a_reason_that_was_retired_meanwhile_is_refused(in_hand: Claims, officer: User) -> None:
    claimed = in_hand()
    code = ReasonCode.objects.get(code="wording")
    code.retired_at = timezone.now()
    code.save()

    with pytest.raises(ReasonCodeRetired):
        decide(claimed, officer, "override", reason_code="wording")


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("outcome", {"outcome": "undo"}),
        ("outcome", {"outcome": "maybe"}),
        ("outcome", {"outcome": "label", "label": "compliant"}),
        ("label", {"outcome": "override", "label": "fine", "reason_code": "wording"}),
        ("label", {"outcome": "escalate", "label": "compliant", "note": "why"}),
        ("reason_code", {"outcome": "override", "reason_code": "no-such-code"}),
        ("reason_code", {"outcome": "override", "reason_code": "\0"}),
        ("note", {"outcome": "confirm", "note": "x" * 2001}),
        ("note", {"outcome": "confirm", "note": "x" * 1_000_000}),
        ("note", {"outcome": "confirm", "note": "a \0 in it"}),
        ("note", {"outcome": "confirm", "note": "half \ud800"}),
        ("seconds", {"outcome": "confirm", "seconds": -1}),
        ("seconds", {"outcome": "confirm", "seconds": float("nan")}),
        ("seconds", {"outcome": "confirm", "seconds": float("inf")}),
    ],
)
def test_what_cannot_be_meant_is_refused_by_its_name(
    in_hand: Claims, officer: User, field: str, said: dict[str, object]
) -> None:
    claimed = in_hand()

    with pytest.raises(ValidationError) as refusal:
        decide(claimed, officer, **{"outcome": ""} | said)

    assert set(refusal.value.message_dict) == {field}
    assert not Decision.objects.exists()


def test_to_confirm_another_label_than_the_one_that_stands_is_refused(in_hand: Claims, officer: User) -> None:
    claimed = in_hand()

    with pytest.raises(ValidationError):
        decide(claimed, officer, "confirm", label=other(label_of(claimed).value))


@pytest.mark.parametrize("outcome", ["confirm", "override"])
def test_what_was_not_shown_can_be_neither_confirmed_nor_overridden(
    in_hand: Claims, officer: User, outcome: str
) -> None:
    with pytest.raises(ValidationError):
        decide(in_hand(blind_share=1), officer, outcome, reason_code="wording")


def test_a_blind_review_is_not_decided_without_a_label(in_hand: Claims, officer: User) -> None:
    with pytest.raises(ValidationError):
        decide(in_hand(blind_share=1), officer, "label")


def test_there_is_no_such_review(officer: User, policy: Callable[..., object]) -> None:
    policy()
    with pytest.raises(UnknownRecord):
        deciding.decide(review_id=0, lease=uuid4(), outcome="confirm", number=1, seconds=1, by=officer)


def test_without_a_regulation_in_force_nothing_is_decided(in_hand: Claims, officer: User) -> None:
    claimed = in_hand()
    regulation = Regulation.objects.get()
    regulation.effective_on = date(2999, 1, 1)
    regulation.save()

    with pytest.raises(NoRegulationInForce):
        decide(claimed, officer, "confirm")

    assert fresh(claimed.review).lease == claimed.lease
