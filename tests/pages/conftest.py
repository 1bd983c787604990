"""Clients who have logged in, and components with the labels that a page test needs."""

from collections.abc import Callable

import pytest
from django.test import Client

from components.models import Component, Label, Regulation, User
from mlops import contracts
from mlops.models import ModelVersion, Prediction
from tests.conftest import PASSWORD

MODEL_BACKEND = "django.contrib.auth.backends.ModelBackend"


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user, backend=MODEL_BACKEND)
    return client


@pytest.fixture
def web(technician: User, champion: ModelVersion) -> Client:
    """The browser of a technician, while a champion serves."""
    return client_of(technician)


@pytest.fixture
def stranger(db: None) -> User:
    """Someone with an account and no role."""
    return User.objects.create_user(username="stranger", password=PASSWORD)


@pytest.fixture
def component(technician: User) -> Callable[..., Component]:
    """`component(text, score=0.9)` is a component labelled by a model of that score; without a score, unlabelled."""

    def enter(
        description: str = "a bracket",
        *,
        score: float | None = None,
        external_id: str = "",
        by: User = technician,
        officer_says: contracts.Label | None = None,
        text_seen: str = "",
        truncated: bool = False,
    ) -> Component:
        entered = Component.objects.create(description=description, external_id=external_id, entered_by=by)
        if score is not None:
            prediction = _prediction(description, score, text_seen or description.lower(), truncated)
            _label(entered, contracts.Label(prediction.label), Label.Source.MODEL, prediction)
        if officer_says is not None:
            _label(entered, officer_says, Label.Source.OFFICER, None)
        return entered

    return enter


def _prediction(text: str, score: float, text_seen: str, truncated: bool) -> Prediction:
    version, _ = ModelVersion.objects.get_or_create(
        name="shown", version="7", defaults={"digest": "sha256:" + "0" * 64, "manifest": {"threshold": 0.5}}
    )
    return Prediction.objects.create(
        text=text,
        text_seen=text_seen,
        truncated=truncated,
        label=contracts.Label.of_score(score, 0.5).value,
        score=score,
        threshold=0.5,
        model_version=version,
        latency_ms=1.0,
    )


def _label(entered: Component, value: contracts.Label, source: Label.Source, prediction: Prediction | None) -> None:
    entered.label = Label.objects.create(
        component=entered,
        value=value.value,
        source=source,
        prediction=prediction,
        regulation=Regulation.objects.get(),
    )
    entered.save(update_fields=["label"])
