"""Each verb writes all that it has to write, or nothing: every single write is made to fail once."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, connection

from components import services
from components.models import Component, User
from components.services import deciding, editing, policies, questions, reviewing, routing, stopping, submission
from components.services.holding import Claimed
from tests.components.conftest import TEXT, assert_clean
from tests.components.decisions import decide

pytestmark = pytest.mark.django_db

WRITES = ("INSERT", "UPDATE", "DELETE")


class Breakdown(DatabaseError):
    """The write that was chosen to fail."""


@contextmanager
def failing_at(number: int) -> Iterator[list[str]]:
    """The write of that number, counted from 0, fails; the value lists the writes that were tried."""
    tried: list[str] = []

    def watch(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.lstrip().upper().startswith(WRITES):
            tried.append(sql)
            if len(tried) == number + 1:
                raise Breakdown(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield tried


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of the domain, the model platform and the audit."""
    return {
        model._meta.label: sorted(model._default_manager.values_list(), key=repr)
        for label in ("components", "mlops", "audit")
        for model in apps.get_app_config(label).get_models()
    }


def assert_all_or_nothing(act: Callable[[], object], *, least: int) -> None:
    """The act breaks at each of its writes in turn and leaves nothing; then it does as it should.

    `least` is how many writes there are at the least, so that none goes unnoticed.
    """
    before = everything()
    for number in range(100):
        try:
            with failing_at(number) as tried:
                act()
        except Breakdown:
            assert everything() == before, f"write {number} failed and left something: {tried[-1]}"
            continue
        assert len(tried) == number >= least
        assert everything() != before
        assert_clean()
        return
    pytest.fail("the act never ends")


def test_submitting(submitted: Callable[..., Component], technician: User) -> None:
    submitted(blind_share=1)

    assert_all_or_nothing(
        lambda: services.submit_component(description=TEXT, external_id="A-1", question="Is that so?", by=technician),
        least=9,
    )


def test_claiming_the_next(submitted: Callable[..., Component], officer: User) -> None:
    submitted()

    assert_all_or_nothing(lambda: reviewing.claim_next(by=officer), least=3)


def test_claiming_one_and_giving_up_another(submitted: Callable[..., Component], officer: User) -> None:
    numbers = [submitted(f"steel bracket {number}").reviews.get().pk for number in range(3)]
    for number in numbers[:2]:
        reviewing.claim(review_id=number, by=officer)

    assert_all_or_nothing(lambda: reviewing.claim(review_id=numbers[2], by=officer), least=4)


def test_giving_up(in_hand: Callable[..., Claimed], officer: User) -> None:
    claimed = in_hand()

    assert_all_or_nothing(
        lambda: reviewing.release(review_id=claimed.review.pk, lease=claimed.lease, by=officer), least=2
    )


@pytest.mark.parametrize(
    ("said", "least"),
    [
        ({"outcome": "confirm"}, 8),
        ({"outcome": "override", "reason_code": "wording"}, 8),
        ({"outcome": "escalate", "note": "why"}, 3),
        ({"outcome": "ask", "note": "why"}, 3),
    ],
    ids=lambda said: said["outcome"] if isinstance(said, dict) else "",
)
def test_deciding(in_hand: Callable[..., Claimed], officer: User, said: dict[str, str], least: int) -> None:
    claimed = in_hand(second_share=1)

    assert_all_or_nothing(lambda: decide(claimed, officer, **said), least=least)


@pytest.mark.parametrize("outcome", ["confirm", "ask"])
def test_undoing(in_hand: Callable[..., Claimed], officer: User, outcome: str) -> None:
    decision = decide(in_hand(second_share=1), officer, outcome, note="why")

    assert_all_or_nothing(lambda: deciding.undo(decision_id=decision.pk, by=officer), least=5)


def test_asking_for_a_review(submitted: Callable[..., Component], technician: User) -> None:
    component = submitted(uncertain_from=0, uncertain_to=0)

    assert_all_or_nothing(
        lambda: routing.ask_for_review(component_id=component.pk, note="Is that so?", by=technician), least=3
    )


def test_answering(in_hand: Callable[..., Claimed], officer: User, technician: User) -> None:
    question = decide(in_hand(), officer, "ask", note="Which year?")

    assert_all_or_nothing(lambda: questions.answer(decision_id=question.pk, text="2012", by=technician), least=3)


def test_editing(in_hand: Callable[..., Claimed], technician: User) -> None:
    claimed = in_hand()

    assert_all_or_nothing(
        lambda: editing.edit_description(
            component_id=claimed.review.component_id, number=1, description="rusty, made in 1970", by=technician
        ),
        least=9,
    )


def test_setting_a_policy(admin: User) -> None:
    shares = {"uncertain_from": 0, "uncertain_to": 1, "audit_share": 0, "blind_share": 0, "second_share": 0}

    assert_all_or_nothing(lambda: policies.set_policy(**shares, reason="a test", by=admin), least=2)


def test_stopping_and_resuming(admin: User) -> None:
    assert_all_or_nothing(lambda: stopping.stop_labelling(reason="a test", by=admin), least=2)
    assert_all_or_nothing(lambda: stopping.resume_labelling(reason="a test", by=admin), least=2)


def test_labelling_what_waits(
    submitted: Callable[..., Component], technician: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    submitted()
    with monkeypatch.context() as no_model:
        no_model.setattr(submission, "classify_or_none", lambda text: None)
        services.submit_component(description=TEXT, by=technician)

    assert_all_or_nothing(services.label_pending, least=6)
