"""More people, and policies under which it is known who looks at what."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.utils import timezone

from audit.verification import verify
from components import services
from components.models import Component, Review, ReviewPolicy, User
from components.services import reviewing
from components.services.holding import Claimed
from tests import told

TEXT = "good condition steel component manufactured in 2012"


def person(name: str, role: str) -> User:
    user = User.objects.create_user(username=name, password=None)
    user.groups.add(Group.objects.get(name=role))
    return user


@pytest.fixture
def colleague(db: None) -> User:
    """Another officer."""
    return person("colleague", "officer")


@pytest.fixture
def stranger(db: None) -> User:
    """Another technician."""
    return person("stranger", "technician")


@pytest.fixture
def policy(admin: User) -> Callable[..., ReviewPolicy]:
    """`policy(blind_share=1)` sets a policy under which, but for what is named, a person looks at everything shown."""

    return lambda **shares: told.look_at_everything(by=admin, **shares)


@pytest.fixture
def submitted(champion: object, policy: Callable[..., ReviewPolicy], technician: User) -> Callable[..., Component]:
    """`submitted()` is a labelled component that a person is to look at; `submitted(blind_share=1)` a hidden one."""

    def submit(description: str = TEXT, question: str = "", **shares: float) -> Component:
        policy(**shares)
        return services.submit_component(description=description, question=question, by=technician)

    return submit


@pytest.fixture
def in_hand(submitted: Callable[..., Component], officer: User) -> Callable[..., Claimed]:
    """`in_hand()` is a review that the officer has claimed."""

    def claim(**wishes: object) -> Claimed:
        component = submitted(**wishes)
        return reviewing.claim(review_id=component.reviews.get().pk, by=officer)

    return claim


@pytest.fixture
def later() -> Callable[[float], AbstractContextManager[None]]:
    """`with later(seconds):` lets time pass, and stand still."""

    @contextmanager
    def travel(seconds: float) -> Iterator[None]:
        with time_machine.travel(timezone.now().timestamp() + seconds, tick=False):
            yield

    return travel


@pytest.fixture
def clean(db: None) -> Iterator[None]:
    """After the test every row of a ledger is accounted for by one event."""
    yield
    assert_clean()


def assert_clean() -> None:
    report = verify(Path("no-anchors.jsonl"))
    assert report.findings == []
    assert report.events


def fresh(review: Review) -> Review:
    return Review.objects.with_all().get(pk=review.pk)
