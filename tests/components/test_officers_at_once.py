"""Many officers work at the same moment, and no review is lost, decided twice or in two hands."""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from uuid import UUID

import pytest
from django.db import connection, transaction

from audit.models import Event
from audit.services import record
from components import services
from components.exceptions import DomainError, NothingToReview, TextChanged, UndoTooLate
from components.models import Claim, Component, Decision, Description, Review, ReviewPolicy, User
from components.services import deciding, editing, holding, questions, reviewing
from components.services.holding import Claimed
from mlops.models import Feedback
from tests.at_once import at_once
from tests.components.conftest import TEXT, assert_clean, person
from tests.shown import keep

pytestmark = pytest.mark.django_db(transaction=True)

together = partial(at_once, refusals=(DomainError,))


@pytest.fixture
def many(champion: object, policy: Callable[..., ReviewPolicy], technician: User) -> int:
    """Labelled components that people are to look at: 1,000 on PostgreSQL, fewer where one writes at a time."""
    count = 1000 if connection.vendor == "postgresql" else 150
    policy(blind_share=0.3, second_share=0.02)
    with transaction.atomic():
        kept = keep([f"steel bracket {number}, made in 2005" for number in range(count)], by=technician)
        record("components_imported", by=technician, rows=Description.objects.filter(component__in=kept))
    assert services.label_pending() == count
    return count


@pytest.mark.timeout(600)
def test_every_review_is_decided_once_by_the_officer_who_had_it_alone(many: int) -> None:
    officers = [person(f"officer-{number}", "officer") for number in range(20 if many == 1000 else 6)]
    leases: list[tuple[int, UUID]] = []
    first_round = set(Review.objects.open().values_list("pk", flat=True))

    results = together(*(lambda officer=officer: leases.extend(_work(officer)) for officer in officers))

    assert results == [None] * len(officers)
    decided = Counter(Decision.objects.standing().values_list("review_id", flat=True))
    assert set(first_round) <= set(decided)
    assert set(decided.values()) == {1}
    assert Counter(leases) == Counter(Claim.objects.values_list("review_id", "lease"))
    assert set(Claim.objects.values_list("review_id", "officer_id")) == set(
        Decision.objects.values_list("review_id", "officer_id")
    )
    assert Feedback.objects.count() == len(decided)
    assert Event.objects.filter(action="review_decided").count() == len(decided)
    assert not Review.objects.open().exclude(routes__reason="second").exists()
    assert_clean()


def _work(officer: User) -> list[tuple[int, UUID]]:
    """Decide until nothing waits, with the next review in hand before it is asked for; the leases that were had."""
    chance = random.Random(officer.pk)
    had: list[tuple[int, UUID]] = []
    following = _next(officer)
    while (current := following) is not None:
        had.append((current.review.pk, current.lease))
        following = _next(officer, current.review.pk)
        standing = current.review.component.label
        assert standing is not None
        said: dict[str, str] = {"outcome": "label", "label": "compliant"}
        if not current.review.blind:
            said = {"outcome": "confirm"} if chance.random() < 0.8 else {"outcome": "override", "reason_code": "other"}
        deciding.decide(
            review_id=current.review.pk, lease=current.lease, number=1, seconds=chance.random(), by=officer, **said
        )
        following = following or _next(officer)
    return had


def _next(officer: User, *besides: int) -> Claimed | None:
    try:
        return reviewing.claim_next(by=officer, besides=besides)
    except NothingToReview:
        return None


@pytest.fixture
def claimed(submitted: Callable[..., Component], officer: User) -> Claimed:
    return reviewing.claim(review_id=submitted().reviews.get().pk, by=officer)


def _confirm(claimed: Claimed, by: User) -> Decision:
    return deciding.decide(
        review_id=claimed.review.pk,
        lease=claimed.lease,
        outcome="confirm",
        number=1,
        seconds=1.0,
        by=by,
    )


@pytest.mark.parametrize("round_", range(5))
def test_a_decision_and_an_edit_at_once_leave_one_story(
    claimed: Claimed, officer: User, technician: User, round_: int
) -> None:
    component_id = claimed.review.component_id

    decided, edited = together(
        lambda: _confirm(claimed, officer),
        lambda: editing.edit_description(
            component_id=component_id, number=1, description="rusty, made in 1970", by=technician
        ),
    )

    component = Component.objects.get(pk=component_id)
    assert isinstance(edited, Component)
    assert isinstance(decided, Decision | TextChanged)
    assert component.label is not None
    assert (component.description_number, component.label.description.number, component.label.source) == (2, 2, "model")
    old = Review.objects.get(pk=claimed.review.pk)
    assert old.state == ("decided" if isinstance(decided, Decision) else "withdrawn")
    assert_clean()


@pytest.mark.parametrize("round_", range(5))
def test_of_edits_at_once_one_counts_and_the_others_are_told(
    submitted: Callable[..., Component], technician: User, officer: User, round_: int
) -> None:
    component = submitted()
    texts = [f"{TEXT}, read again by {number}" for number in range(4)]

    results = together(
        *(
            lambda text=text: editing.edit_description(
                component_id=component.pk, number=1, description=text, by=technician
            )
            for text in texts
        )
    )

    assert sorted(type(result).__name__ for result in results) == ["Component"] + ["TextChanged"] * 3
    component.refresh_from_db()
    assert component.description in texts
    assert component.description_number == component.descriptions.count() == 2
    assert component.reviews.unfinished().count() == 1
    assert_clean()


def test_of_decisions_sent_at_once_one_is_kept(claimed: Claimed, officer: User) -> None:
    results = together(*[lambda: _confirm(claimed, officer)] * 5)

    assert sorted(type(result).__name__ for result in results) == ["AlreadyDecided"] * 4 + ["Decision"]
    assert Decision.objects.count() == 1
    assert_clean()


def test_of_undos_at_once_one_is_kept(claimed: Claimed, officer: User) -> None:
    decision = _confirm(claimed, officer)

    results = together(*[lambda: deciding.undo(decision_id=decision.pk, by=officer)] * 4)

    assert sorted(type(result).__name__ for result in results) == ["Decision"] + ["UndoTooLate"] * 3
    assert Decision.objects.filter(outcome="undo").count() == 1
    assert_clean()


@pytest.mark.parametrize("round_", range(5))
def test_an_undo_and_an_edit_at_once_leave_the_new_text_labelled(
    claimed: Claimed, officer: User, technician: User, round_: int
) -> None:
    decision = _confirm(claimed, officer)

    undone, _ = together(
        lambda: deciding.undo(decision_id=decision.pk, by=officer),
        lambda: editing.edit_description(
            component_id=claimed.review.component_id, number=1, description="rusty, made in 1970", by=technician
        ),
    )

    assert isinstance(undone, Decision | UndoTooLate)
    component = Component.objects.get(pk=claimed.review.component_id)
    assert component.label is not None
    assert component.label.description.number == 2
    assert component.reviews.unfinished().get().description.number == 2
    assert_clean()


def test_an_undo_of_a_question_and_its_answer_at_once_are_not_both_kept(
    claimed: Claimed, officer: User, technician: User
) -> None:
    question = deciding.decide(
        review_id=claimed.review.pk,
        lease=claimed.lease,
        outcome="ask",
        note="Which year?",
        number=1,
        seconds=1.0,
        by=officer,
    )

    results = together(
        lambda: deciding.undo(decision_id=question.pk, by=officer),
        lambda: questions.answer(decision_id=question.pk, text="2012", by=technician),
    )

    assert sum(isinstance(result, DomainError) for result in results) == 1
    assert Review.objects.get(pk=claimed.review.pk).state == "open"
    assert_clean()


def test_who_is_deactivated_at_work_gives_back_what_is_still_in_hand(
    submitted: Callable[..., Component], officer: User
) -> None:
    first, second = (
        reviewing.claim(review_id=submitted(f"steel bracket {number}").reviews.get().pk, by=officer)
        for number in range(2)
    )
    leaving = User.objects.get(pk=officer.pk)
    leaving.is_active = False
    results: list[object] = []
    thread = threading.Thread(target=lambda: results.extend(together(leaving.save)))

    with transaction.atomic():
        reviewing.keep(review_id=first.review.pk, lease=first.lease, by=officer)
        thread.start()
        _until_it_waits_for_us(thread)
        reviewing.release(review_id=first.review.pk, lease=first.lease, by=officer)
    thread.join()

    assert results == [None]
    assert not User.objects.get(pk=officer.pk).is_active
    assert Event.objects.get(action="reviews_released").before == {"reviews": [second.review.pk]}
    assert not Review.objects.exclude(holder=None).exists()
    assert_clean()


def _until_it_waits_for_us(thread: threading.Thread) -> None:
    """Where rows are locked one by one; elsewhere the other writes nothing before this transaction ends."""
    waits = "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid)))"
    waiting = connection.vendor != "postgresql"
    while thread.is_alive() and not waiting:
        time.sleep(0.01)
        with connection.cursor() as cursor:
            cursor.execute(waits)
            (waiting,) = cursor.fetchone()


def test_one_officer_in_many_windows_holds_two_at_most(submitted: Callable[..., Component], officer: User) -> None:
    for number in range(8):
        submitted(f"steel bracket {number}, made in 2005")
    numbers = list(Review.objects.open().values_list("pk", flat=True))

    together(*(lambda number=number: reviewing.claim(review_id=number, by=officer) for number in numbers))

    assert Review.objects.in_hand_of(officer).count() == holding.MOST_HELD
    assert_clean()
