"""Every page and every action of the administration is open to those who hold its permission, and to no other."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import pytest
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib import admin
from django.db.models import Model
from django.test import RequestFactory
from django.utils import timezone

from components.models import User
from components.services import questions, stopping
from mlops.models import Dataset, Denial, Explanation, ModelVersion, Prediction, RegistrySync
from tests.mlops import versions
from tests.mlops.pretended import CREATED
from tests.permissions import world
from tests.permissions.addresses import Address, every_address
from tests.permissions.conftest import Asked, Unchanged, undone_afterwards
from tests.permissions.expectations import ADMIN, ADMIN_ACTIONS, ADMIN_MODELS, NEVER, PUBLIC, STAFF
from tests.permissions.people import KINDS, NOBODY, Kind, browser_of
from tests.permissions.test_matrix import ask
from tests.permissions.world import Others

pytestmark = pytest.mark.django_db

MODELS: dict[str, tuple[type[Model], Any]] = {
    model._meta.label_lower: (model, shown) for model, shown in admin.site._registry.items()
}
ADDRESSES = {address.name: address for address in every_address() if address.route.startswith("admin/")}
VERBS = ("changelist", "add", "change", "delete", "history")


@pytest.fixture
def rows(champion: ModelVersion, others: Others) -> None:
    """At least one row of every table."""
    world.token(others.technician, others)
    world.decision(others.officer, others)
    asked = world.question(others.technician, others)
    questions.answer(decision_id=int(str(asked.key)), text="It is.", by=others.technician)
    stopping.resume_labelling(reason="A drill.", by=others.officer)
    Explanation.objects.create(prediction=Prediction.objects.earliest("pk"), score=0.5, read_to=1, words=[])
    Dataset.objects.create(name="workshop", version="1", digest="sha256:0", rows=1, counts={"compliant": 1})
    measured = versions.measured(versions.verified(2), wrong=1)
    versions.ranked(champion, measured.model_version, v2="candidate")
    Denial.objects.create(pattern="tiny:3", reason="It leaks.")
    RegistrySync.objects.create(registry="local", outcome="complete", started_at=CREATED, ended_at=CREATED)
    came: dict[str, Any] = {"username": "tina", "ip_address": "127.0.0.1", "attempt_time": timezone.now()}
    AccessAttempt.objects.create(**came, failures_since_start=1)
    AccessFailureLog.objects.create(**came)
    AccessLog.objects.create(**came)


def test_every_table_and_page_of_the_administration_is_in_the_table() -> None:
    of_tables = {name_of(label, verb) for label in ADMIN_MODELS for verb in VERBS}
    redirects = {f"/admin/{label.replace('.', '/')}/<path:object_id>/" for label in ADMIN_MODELS}

    assert MODELS.keys() == ADMIN_MODELS.keys()
    assert ADDRESSES.keys() == of_tables | redirects | ADMIN.keys()


@pytest.mark.parametrize("label", MODELS)
def test_a_table_is_shown_to_and_changed_by_those_who_may(rows: None, label: str) -> None:
    model, _ = MODELS[label]
    wrong, met = [], set()
    for kind in (*KINDS, NOBODY):
        with visits_of(kind) as visit:
            for verb, method, path, body in pages_of(model):
                may = in_administration(kind) and any(kind.may(needed) for needed in needs(label, verb, method))
                asked, unchanged = visit(method, path, body)
                if may and asked.response.status_code < 400:
                    met.add((verb, method))
                if asked.failed or asked.refused() == may or not (may or unchanged):
                    wrong.append((kind.name, verb, method, asked.response, unchanged))

    assert wrong == []
    every = {(verb, method) for verb, method, *_ in pages_of(model)}
    assert met == {(verb, method) for verb, method in every if needs(label, verb, method)}


@pytest.mark.parametrize("name", ADMIN)
def test_every_other_page_of_the_administration_is_for_those_who_may(rows: None, name: str, others: Others) -> None:
    expected, address = ADMIN[name], ADDRESSES[name]
    values: dict[str, object] = {"app_label": "components", "url": "nothing/", "id": others.technician.pk}
    version = ModelVersion.objects.get(version="2")
    path = address.path(**{"content_type_id": 1, "object_id": 1, "pk": version.pk, **values})
    wrong = []
    for kind in (*KINDS, NOBODY):
        with visits_of(kind) as visit:
            for method in expected.needs or ("get", "post"):
                needed = expected.needs.get(method, NEVER)
                may = kind.may(needed) and (in_administration(kind) or needed == PUBLIC)
                asked, unchanged = visit(method, path, dict(expected.body))
                if asked.failed or asked.refused() == may or not (may or unchanged):
                    wrong.append((kind.name, method, asked.response, unchanged))

    assert wrong == []


@pytest.mark.parametrize("label", MODELS)
def test_actions_are_offered_to_and_done_by_those_who_may(rows: None, label: str) -> None:
    model, shown = MODELS[label]
    known = {action: needed for (of, action), needed in ADMIN_ACTIONS.items() if of == label}
    row = model._default_manager.earliest("pk")
    wrong = []
    for kind in KINDS:
        may = {action for action, needed in known.items() if in_administration(kind) and kind.may(needed)}
        with visits_of(kind) as visit:
            request = RequestFactory().get("/admin/")
            request.user = User.objects.latest("pk")
            if in_administration(kind) and set(shown.get_actions(request)) != may:
                wrong.append((kind.name, "is offered", set(shown.get_actions(request)), may))
            # As somebody would who has seen the name of an action elsewhere.
            for action in {*known, "delete_selected"}:
                body = {"action": action, "_selected_action": row.pk, "post": "yes"}
                asked, unchanged = visit("post", ADDRESSES[name_of(label, "changelist")].path(), body)
                if asked.failed or not (action in may or unchanged):
                    wrong.append((kind.name, action, asked.response, unchanged))

    assert wrong == []


def name_of(label: str, verb: str) -> str:
    return f"admin:{label.replace('.', '_')}_{verb}"


def needs(label: str, verb: str, method: str) -> list[str]:
    """The permissions of which one is enough; none, where nobody may."""
    app_label, _, name = label.partition(".")
    done = ADMIN_MODELS[label].split()
    wanted = {"add": ["add"], "delete": ["delete"], "change": ["view", "change"]}.get(verb, ["view", "change"])
    if (verb, method) == ("change", "post"):
        wanted = ["change"]
    if verb == "redirect":
        return [STAFF]
    return [f"{app_label}.{one}_{name}" for one in wanted if one in done]


def in_administration(kind: Kind) -> bool:
    return kind.known and kind.staff


def pages_of(model: type[Model]) -> Iterator[tuple[str, str, str, dict[str, object]]]:
    label = model._meta.label_lower
    key = model._default_manager.earliest("pk").pk
    redirect = ADDRESSES[f"/admin/{label.replace('.', '/')}/<path:object_id>/"]
    named: list[tuple[str, Address]] = [(verb, ADDRESSES[name_of(label, verb)]) for verb in VERBS]
    for verb, address in (*named, ("redirect", redirect)):
        for method in ("get", "post"):
            body: dict[str, object] = {"post": "yes"} if verb == "delete" else {}
            yield verb, method, address.path(object_id=key), body


Visit = Callable[[str, str, dict[str, object]], tuple[Asked, bool]]


@contextmanager
def visits_of(kind: Kind) -> Iterator[Visit]:
    """`visit(method, path, body)`: what this kind of visitor gets, and whether all stayed as it was. It is undone."""
    with undone_afterwards():
        user = None if kind is NOBODY else kind.person()
        client = browser_of(user)
        if user is not None and not kind.known:
            user.is_active = False
            user.save()
        unchanged = Unchanged()

        def visit(method: str, path: str, body: dict[str, object]) -> tuple[Asked, bool]:
            return unchanged.by(partial(ask, client, method, path, body, as_json=False))

        yield visit
