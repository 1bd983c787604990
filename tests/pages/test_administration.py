"""The administration: people, regulations, policies and reason codes are entered, everything else is shown."""

from datetime import date

import pytest
from django.contrib import admin as django_admin
from django.contrib.auth.models import Group
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from knox.models import AuthToken

from components.models import (
    Answer,
    Claim,
    Component,
    Decision,
    Description,
    Label,
    ReasonCode,
    Regulation,
    Review,
    ReviewPolicy,
    Route,
    StopSwitch,
    User,
)
from components.services.stopping import stop_labelling
from mlops import labeler
from mlops.models import (
    Dataset,
    Denial,
    Deployment,
    Evaluation,
    EvaluationSet,
    Explanation,
    Feedback,
    ModelVersion,
    Prediction,
    Ranking,
    RegistrySync,
    Transition,
    Verification,
)
from tests import told
from tests.conftest import PASSWORD
from tests.mlops import versions
from tests.mlops.pretended import CREATED
from tests.pages.conftest import client_of

SHOWN_ONLY = (
    *(Component, Label, Description, Review, Route, Claim, Decision, Answer, StopSwitch),
    *(ModelVersion, Deployment, Prediction, Feedback, Explanation, Group, AuthToken),
    *(Transition, Verification, EvaluationSet, Evaluation, Ranking, Dataset, RegistrySync),
)
ENTERED = (User, Regulation, ReasonCode, ReviewPolicy, Denial)


NEVER_DELETED = tuple(model for model in SHOWN_ONLY if model is not AuthToken)


def address(model: type, view: str, *args: object) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{view}", args=args)


@pytest.fixture
def everything(champion: ModelVersion, component, technician: User, officer: User, admin: User) -> None:
    component("<b>a bracket</b>", score=0.9, external_id="TR-7")
    component("a tray")
    AuthToken.objects.create(admin)
    reviewed = told.tell(technician=technician, officer=officer, admin=admin)
    labeler.explain(reviewed.label.prediction_id)
    measured = versions.measured(versions.verified(2, tags={"boast": "<b>a bracket</b>"}), wrong=1)
    versions.ranked(champion, measured.model_version, v2="candidate")
    Denial.objects.create(pattern="tiny:3", reason="<b>a bracket</b>")
    Dataset.objects.create(name="<b>a bracket</b>", version="1", digest="sha256:0", rows=1, counts={"compliant": 1})
    RegistrySync.objects.create(
        registry="local",
        outcome="complete",
        unreadable=["<b>a bracket</b>"],
        started_at=CREATED,
        ended_at=CREATED,
    )
    stop_labelling(reason="<b>a bracket</b>", by=admin)


@pytest.fixture
def clerk(admin: User) -> User:
    """Somebody of the role admin who is no superuser."""
    user = User.objects.create_user(username="clerk", password=PASSWORD, is_staff=True)
    user.groups.add(Group.objects.get(name="admin"))
    return user


def test_every_list_and_every_row_can_be_opened(desk: Client, everything: None) -> None:
    for model in (*SHOWN_ONLY, *ENTERED):
        assert desk.get(address(model, "changelist")).status_code == 200, model
        answer = desk.get(address(model, "change", a_row_of(model).pk))
        assert answer.status_code == 200, model
        assert "<b>a bracket" not in answer.content.decode(), model


def test_what_is_shown_only_cannot_be_added_or_changed(desk: Client, everything: None) -> None:
    for model in SHOWN_ONLY:
        row = a_row_of(model)
        assert desk.get(address(model, "add")).status_code == 403, model
        assert desk.post(address(model, "change", row.pk), {}).status_code == 403, model
        assert 'name="_save"' not in desk.get(address(model, "change", row.pk)).content.decode(), model


def test_nothing_but_a_token_can_be_deleted(desk: Client, everything: None) -> None:
    for model in (*NEVER_DELETED, User, Regulation, ReasonCode, ReviewPolicy):
        row = a_row_of(model)
        assert desk.post(address(model, "delete", row.pk), {"post": "yes"}).status_code == 403, model
        assert model._default_manager.filter(pk=row.pk).exists(), model


def a_row_of(model: type[Model]) -> Model:
    row = model._default_manager.first()
    assert row is not None, model
    return row


def test_every_model_of_ours_is_in_the_administration() -> None:
    registered = {model for model in django_admin.site._registry if model._meta.app_label in ("components", "mlops")}
    assert registered | {Group, AuthToken} == {*SHOWN_ONLY, *ENTERED}


def test_a_regulation_is_entered_and_changed(desk: Client, db: None) -> None:
    fields = {"code": "TREY-2030-1", "title": "Next", "text": "No iron.", "effective_on": "2030-01-01"}
    desk.post(address(Regulation, "add"), fields)
    entered = Regulation.objects.get(code="TREY-2030-1")
    assert entered.effective_on == date(2030, 1, 1)
    desk.post(address(Regulation, "change", entered.pk), {**fields, "title": "The next"})
    entered.refresh_from_db()
    assert entered.title == "The next"


def test_a_component_is_found_by_its_words(desk: Client, everything: None) -> None:
    shown = desk.get(address(Component, "changelist") + "?q=BRACKET+tr-7").content.decode()
    assert "1 component" in shown
    assert "a tray" not in shown


def test_no_search_breaks_a_list(desk: Client, everything: None) -> None:
    for model in (Component, Label, Prediction, Decision, Review, Description, Claim):
        for words in ("\x00", "x" * 500, "%", "🚗"):
            assert desk.get(address(model, "changelist"), {"q": words}).status_code == 200, (model, words)


def test_the_list_of_components_asks_as_much_for_many_rows_as_for_one(desk: Client, component) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            desk.get(address(Component, "changelist"))
        return len(captured)

    component(score=0.9)
    queries()
    few = queries()
    for _ in range(20):
        component(score=0.9)
    assert queries() == few


def test_one_who_is_no_superuser_makes_no_superuser(clerk: User, technician: User) -> None:
    client = client_of(clerk)
    form = client.get(address(User, "change", technician.pk))
    assert form.status_code == 200
    assert 'name="is_superuser"' not in form.content.decode()
    assert 'name="user_permissions"' not in form.content.decode()
    fields = {"username": "technician", "is_active": "on", "is_superuser": "on", "is_staff": "on"}
    answer = client.post(address(User, "change", technician.pk), fields | _dates(technician))
    assert answer.status_code == 302
    technician.refresh_from_db()
    assert technician.is_staff
    assert not technician.is_superuser


def test_one_who_is_no_superuser_does_not_touch_one_who_is(clerk: User, admin: User) -> None:
    client = client_of(clerk)
    assert client.post(address(User, "change", admin.pk), {"username": "mine"}).status_code == 403
    answer = client.post(f"/admin/components/user/{admin.pk}/password/", {"password1": "x", "password2": "x"})
    assert answer.status_code == 403


def test_the_role_admin_sees_the_registry(clerk: User, everything: None) -> None:
    client = client_of(clerk)
    for model in ({*SHOWN_ONLY} - {Group, AuthToken}) | {*ENTERED}:
        assert client.get(address(model, "changelist")).status_code == 200, model


@pytest.mark.parametrize("role", ["technician", "officer"])
def test_the_administration_is_closed_to_other_roles(db: None, role: str, request: pytest.FixtureRequest) -> None:
    answer = client_of(request.getfixturevalue(role)).get("/admin/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/admin/login/")


def _dates(user: User) -> dict[str, str]:
    return {
        "date_joined_0": user.date_joined.strftime("%Y-%m-%d"),
        "date_joined_1": user.date_joined.strftime("%H:%M:%S"),
    }
