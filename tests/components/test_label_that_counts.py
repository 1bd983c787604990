"""Whatever people do, in whatever order, the label that counts is the newest standing decision's, or the model's."""

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from audit.models import Event
from components import services
from components.exceptions import DomainError
from components.models import Claim, Component, Decision, Review, ReviewPolicy, User
from components.services import deciding, editing, holding, memory, questions, reviewing, routing, stopping
from mlops.models import Feedback
from tests.components.conftest import assert_clean

TEXTS = ("steel bracket, made in 2005", "rusty, made in 1970", "as good as new, 2020", "a copper pipe")


class Work(RuleBasedStateMachine):
    """Two officers, a technician and an admin. A refusal is no failure: what is left behind is what counts."""

    people: dict[str, User]
    chance = random.Random()

    def __init__(self) -> None:
        super().__init__()
        self.undo_all = transaction.atomic()
        self.undo_all.__enter__()
        memory.forget_all()
        self.chance.seed(1)
        self.time = time_machine.travel(timezone.now(), tick=False)
        self.clock = self.time.start()
        self.components = [services.submit_component(description=TEXTS[0], by=self.people["technician"])]

    def teardown(self) -> None:
        assert_clean()
        self.time.stop()
        transaction.set_rollback(True)
        self.undo_all.__exit__(None, None, None)
        memory.forget_all()

    @rule(text=st.sampled_from(TEXTS), question=st.sampled_from(["", "Is that so?"]))
    def submit(self, text: str, question: str) -> None:
        if len(self.components) < 3:
            self.components.append(
                services.submit_component(description=text, question=question, by=self.people["technician"])
            )

    @rule(which=st.integers(0, 2), text=st.sampled_from(TEXTS))
    def edit(self, which: int, text: str) -> None:
        component = self.component(which)
        editing.edit_description(
            component_id=component.pk,
            number=component.description_number,
            description=text,
            by=self.people["technician"],
        )

    @rule(which=st.integers(0, 2))
    def ask_for_review(self, which: int) -> None:
        routing.ask_for_review(component_id=self.component(which).pk, note="Is that so?", by=self.people["technician"])

    @rule(who=st.sampled_from(["officer", "colleague"]), fetch=st.booleans())
    def claim(self, who: str, fetch: bool) -> None:
        self.take(who, fetch=fetch)

    @rule(
        who=st.sampled_from(["officer", "colleague"]),
        outcome=st.sampled_from(["confirm", "override", "escalate", "ask", "confirm", "override"]),
        label=st.sampled_from(["compliant", "non-compliant"]),
    )
    def decide(self, who: str, outcome: str, label: str) -> None:
        if not Review.objects.in_hand_of(self.people[who]).exists():
            self.take(who, fetch=False)
        review = Review.objects.in_hand_of(self.people[who]).first()
        if review is None or review.lease is None:
            return
        said: dict[str, Any] = {"outcome": outcome, "note": "why", "reason_code": "wording"}
        if outcome in ("confirm", "override") and (review.blind or review.component.label is None):
            said = {"outcome": "label", "label": label}
        deciding.decide(
            review_id=review.pk,
            lease=review.lease,
            number=review.component.description_number,
            seconds=1.0,
            by=self.people[who],
            **said,
        )

    @rule(who=st.sampled_from(["officer", "colleague"]), back=st.sampled_from([0, 0, 1]))
    def undo(self, who: str, back: int) -> None:
        numbers = list(Decision.objects.filter(officer=self.people[who]).values_list("pk", flat=True))
        if back < len(numbers):
            self.tried(lambda: deciding.undo(decision_id=numbers[back], by=self.people[who]))

    @rule()
    def answer(self) -> None:
        question = Decision.objects.filter(outcome="ask").first()
        if question is not None:
            self.tried(lambda: questions.answer(decision_id=question.pk, text="2012", by=self.people["technician"]))

    @rule(who=st.sampled_from(["officer", "colleague"]))
    def give_up(self, who: str) -> None:
        review = Review.objects.in_hand_of(self.people[who]).first()
        if review is not None and review.lease is not None:
            reviewing.release(review_id=review.pk, lease=review.lease, by=self.people[who])

    @rule()
    def flip_the_switch(self) -> None:
        flip = stopping.resume_labelling if stopping.is_stopped() else stopping.stop_labelling
        flip(reason="a test", by=self.people["admin"])

    @rule()
    def label_what_waits(self) -> None:
        services.label_pending()

    @rule(seconds=st.sampled_from([5, 5, 61, 130]))
    def time_passes(self, seconds: int) -> None:
        self.clock.shift(timedelta(seconds=seconds))

    def take(self, who: str, *, fetch: bool) -> None:
        held = list(Review.objects.in_hand_of(self.people[who]).values_list("pk", flat=True)) if fetch else []
        self.tried(lambda: reviewing.claim_next(by=self.people[who], besides=held))

    def component(self, which: int) -> Component:
        return Component.objects.get(pk=self.components[which % len(self.components)].pk)

    def tried(self, act: Callable[[], object]) -> None:
        events = Event.objects.count()
        try:
            act()
        except DomainError:
            assert Event.objects.count() == events

    @invariant()
    def the_label_that_counts(self) -> None:
        for component in Component.objects.select_related("label"):
            texts = component.labels.filter(description__number=component.description_number)
            by_model = texts.filter(decision=None).order_by("-pk").values_list("value", flat=True).first()
            decided = Decision.objects.standing().filter(
                component=component, description__number=component.description_number
            )
            newest = decided.order_by("-pk").values_list("value", flat=True).first()
            assert (component.label.value if component.label else None) == (newest or by_model)
            if component.label:
                assert component.label.source == ("officer" if newest else "model")
                assert component.label.description.number == component.description_number

    @invariant()
    def the_truth_of_each_prediction(self) -> None:
        standing = Decision.objects.standing().filter(feedback__isnull=False).values_list("feedback_id", flat=True)
        assert sorted(Feedback.objects.truths().values_list("pk", flat=True)) == sorted(standing)

    @invariant()
    def reviews_are_whole(self) -> None:
        unfinished = list(Review.objects.unfinished().values_list("component", flat=True))
        assert len(set(unfinished)) == len(unfinished)
        assert not Review.objects.exclude(state="open").filter(lease__isnull=False).exists()
        for review in Review.objects.unfinished().select_related("component", "description"):
            assert review.description.number == review.component.description_number
        for who in ("officer", "colleague"):
            assert Review.objects.in_hand_of(self.people[who]).count() <= holding.MOST_HELD
        leases = Review.objects.exclude(lease=None).values_list("lease", flat=True)
        assert Claim.objects.filter(lease__in=list(leases)).count() == len(leases)

    @invariant()
    def nothing_is_forgotten(self) -> None:
        # What has no label waits for the model or for a person.
        unlabelled = set(Component.objects.filter(label=None).values_list("pk", flat=True))
        waiting = set(Component.objects.awaiting_label().values_list("pk", flat=True))
        assert unlabelled == waiting | {
            review.component_id for review in Review.objects.unfinished() if review.component_id in unlabelled
        }


@pytest.mark.django_db
@pytest.mark.usefixtures("champion")
def test_the_label_that_counts(
    technician: User,
    officer: User,
    colleague: User,
    admin: User,
    policy: Callable[..., ReviewPolicy],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    policy(blind_share=0.4, second_share=0.4)
    monkeypatch.setattr(routing, "draw", Work.chance.random)
    Work.people = {"technician": technician, "officer": officer, "colleague": colleague, "admin": admin}
    run_state_machine_as_test(
        Work,
        settings=settings(
            max_examples=10,
            stateful_step_count=30,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
