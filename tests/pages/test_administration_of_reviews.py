"""Policies are added, reason codes retired, people deactivated: each with an event, and nothing deleted."""

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from knox.models import AuthToken

from audit.models import Event
from components import services
from components.models import ReasonCode, Regulation, Review, ReviewPolicy, User
from components.services import reviewing
from mlops.models import ModelVersion
from tests import told
from tests.pages.conftest import client_of

POLICY = {"uncertain_from": "0.2", "uncertain_to": "0.7", "audit_share": "0.1", "blind_share": "1", "second_share": "0"}


def last(action: str) -> Event:
    return Event.objects.filter(action=action).last_first()[0]


def choose(desk: Client, action: str, code: ReasonCode):
    chosen = {"action": action, "_selected_action": [code.pk]}
    return desk.post("/admin/components/reasoncode/", chosen, follow=True)


def test_a_policy_is_added_with_its_reason_and_counts_at_once(desk: Client) -> None:
    before = ReviewPolicy.objects.in_force()
    answer = desk.post("/admin/components/reviewpolicy/add/", {**POLICY, "reason": "Fewer"}, follow=True)
    assert answer.status_code == 200
    now = ReviewPolicy.objects.in_force()
    assert (now.pk > before.pk, now.uncertain_to, now.blind_share) == (True, 0.7, 1.0)
    assert (now.reason, now.set_by.username) == ("Fewer", "admin")
    assert (last("policy_set").actor_name, last("policy_set").origin) == ("admin", "admin")


def test_the_form_of_a_policy_begins_with_the_one_that_counts(desk: Client, admin: User) -> None:
    told.look_at_everything(by=admin, audit_share=0.25)
    assert 'value="0.25"' in desk.get("/admin/components/reviewpolicy/add/").content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"audit_share": "1.5"},
        {"blind_share": "-0.1"},
        {"uncertain_from": "0.8"},
        {"uncertain_to": "nan"},
        {"second_share": ""},
        {"reason": "  "},
        {"reason": "x" * 501},
    ],
)
def test_a_policy_that_cannot_be_is_refused(desk: Client, wrong: dict[str, str]) -> None:
    answer = desk.post("/admin/components/reviewpolicy/add/", {**POLICY, "reason": "Fewer", **wrong})
    assert answer.status_code == 200
    assert "errorlist" in answer.content.decode()
    assert ReviewPolicy.objects.count() == 1


def test_a_policy_is_never_changed(desk: Client) -> None:
    policy = ReviewPolicy.objects.get()
    assert desk.post(f"/admin/components/reviewpolicy/{policy.pk}/change/", POLICY).status_code == 403


def test_a_reason_code_is_added_retired_and_offered_again(desk: Client) -> None:
    desk.post("/admin/components/reasoncode/add/", {"code": "recall", "title": "Under recall"})
    code = ReasonCode.objects.on_offer().get(code="recall")
    choose(desk, "retire", code)
    assert not ReasonCode.objects.on_offer().filter(code="recall").exists()
    assert last("reason_code_changed").subject_id == str(code.pk)
    choose(desk, "offer_again", code)
    assert ReasonCode.objects.on_offer().filter(code="recall").exists()
    assert last("reason_code_added").actor_name == "admin"


def test_a_reason_code_keeps_its_name(desk: Client) -> None:
    code = ReasonCode.objects.first()
    answer = desk.post(f"/admin/components/reasoncode/{code.pk}/change/", {"code": "x", "title": "Another"})
    assert answer.status_code == 403


def test_a_regulation_leaves_an_event_with_before_and_after(desk: Client) -> None:
    regulation = Regulation.objects.get()
    fields = {"code": regulation.code, "title": "New title", "text": regulation.text, "effective_on": "2019-01-01"}
    desk.post(
        f"/admin/components/regulation/{regulation.pk}/change/",
        fields,
    )
    event = last("regulation_changed")
    assert (event.before["title"], event.after["title"]) == (regulation.title, "New title")


def test_a_role_given_in_the_administration_leaves_an_event(desk: Client, technician: User) -> None:
    officers = Group.objects.get(name="officer")
    fields = {"username": "technician", "is_active": "on", "groups": [officers.pk]}
    dates = {"date_joined_0": "2026-01-01", "date_joined_1": "00:00:00"}
    desk.post(f"/admin/components/user/{technician.pk}/change/", fields | dates)
    (given,) = Event.objects.filter(action="user_groups_changed", actor__username="admin")
    assert (given.before, given.after) == ({"groups": ["technician"]}, {"groups": ["officer"]})
    assert (given.subject_id, given.origin) == (str(technician.pk), "admin")


def test_a_token_leaves_events_that_do_not_tell_it(desk: Client, technician: User) -> None:
    token, whole = AuthToken.objects.create(technician)
    desk.post(f"/admin/knox/authtoken/{token.pk}/delete/", {"post": "yes"})
    told_of_it = [last("auth_token_added"), last("auth_token_deleted")]
    text = "".join(f"{event.subject_id}{event.before}{event.after}" for event in told_of_it)
    for secret in (token.digest, token.token_key, whole):
        assert secret not in text


def deactivate(desk: Client, user: User) -> None:
    dates = {"date_joined_0": "2026-01-01", "date_joined_1": "00:00:00"}
    answer = desk.post(f"/admin/components/user/{user.pk}/change/", {"username": user.username} | dates)
    assert answer.status_code == 302


def test_who_is_deactivated_gives_back_reviews_and_is_out_at_once(
    desk: Client, officer: User, technician: User, admin: User, champion: ModelVersion, api_client
) -> None:
    told.look_at_everything(by=admin)
    entered = services.submit_component(description=told.FIRST, by=technician)
    reviewing.claim(review_id=entered.reviews.get().pk, by=officer)
    eyes, program = client_of(officer), api_client(officer)
    assert eyes.get("/home/").status_code == program.get("/api/v1/status/").status_code == 200

    deactivate(desk, officer)

    assert Review.objects.get().holder is None
    assert last("reviews_released").before == {"reviews": [entered.reviews.get().pk]}
    assert eyes.get("/home/")["Location"].startswith("/login/")
    assert program.get("/api/v1/status/").status_code == 401


def test_nobody_is_deleted(desk: Client, technician: User) -> None:
    assert desk.post(f"/admin/components/user/{technician.pk}/delete/", {"post": "yes"}).status_code == 403
    page = desk.get("/admin/components/user/").content.decode()
    assert "delete_selected" not in page
