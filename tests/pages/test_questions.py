"""Technicians ask officers, and answer what officers ask them."""

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from components import services
from components.models import Answer, Component, Decision, Review, Route, User
from tests import told
from tests.pages.conftest import client_of


@pytest.fixture
def bracket(web: Client, technician: User, admin: User) -> Component:
    told.look_at_everything(by=admin)
    return services.submit_component(description=told.FIRST, by=technician)


@pytest.fixture
def question(bracket: Component, officer: User) -> Decision:
    return told.ask(bracket, by=officer)


def test_a_question_opens_a_review_and_stands_in_the_story(web: Client, bracket: Component) -> None:
    answer = web.post(f"/components/{bracket.pk}/ask/", {"note": told.WONDERED})
    page = web.get(answer["Location"]).content.decode()
    assert "an officer will look at it" in page
    assert "Is the &lt;b&gt;plate&lt;/b&gt; the right year?" in page
    assert Route.objects.get(reason="question").by.username == "technician"


def test_a_question_may_come_with_a_new_component(web: Client, bracket: Component) -> None:
    web.post("/components/new/", {"description": told.SECOND, "question": told.WONDERED})
    asked = Route.objects.get(reason="question")
    assert asked.review.component.description == told.SECOND
    assert asked.note == told.WONDERED


@pytest.mark.parametrize("note", ["", "   ", "x" * 2001, "x" * 1_000_000, "a\0b"])
def test_a_question_that_may_not_be_is_refused(web: Client, bracket: Component, note: str) -> None:
    assert web.post(f"/components/{bracket.pk}/ask/", {"note": note}).status_code == 422
    assert not Route.objects.filter(reason="question").exists()


def test_nobody_asks_about_what_another_technician_entered(bracket: Component, stranger: User) -> None:
    stranger.groups.add(Group.objects.get(name="technician"))
    assert client_of(stranger).post(f"/components/{bracket.pk}/ask/", {"note": "?"}).status_code == 403


def test_the_technician_sees_the_question_at_home_and_beside_the_component(web: Client, question: Decision) -> None:
    for address in ("/home/", f"/components/{question.component_id}/"):
        page = web.get(address).content.decode()
        assert told.ASKED in page
        assert f'href="/questions/{question.pk}/"' in page


def test_an_answer_brings_the_review_back_to_the_officers(web: Client, question: Decision) -> None:
    assert told.ASKED in web.get(f"/questions/{question.pk}/").content.decode()
    answer = web.post(f"/questions/{question.pk}/", {"text": told.ANSWERED})
    page = web.get(answer["Location"]).content.decode()
    assert "with the officers again" in page
    assert told.ANSWERED in page
    assert Review.objects.get().state == Review.State.OPEN
    assert told.ASKED not in web.get("/home/").content.decode()


def test_a_second_answer_is_refused_and_what_was_typed_stays(web: Client, question: Decision) -> None:
    web.post(f"/questions/{question.pk}/", {"text": told.ANSWERED})
    answer = web.post(f"/questions/{question.pk}/", {"text": "another"})
    assert answer.status_code == 409
    assert "another</textarea>" in answer.content.decode()
    assert Answer.objects.count() == 1


@pytest.mark.parametrize("text", ["", " ", "x" * 2001])
def test_an_answer_that_may_not_be_is_refused(web: Client, question: Decision, text: str) -> None:
    assert web.post(f"/questions/{question.pk}/", {"text": text}).status_code == 422


def test_another_technician_finds_no_such_question(question: Decision, stranger: User) -> None:
    stranger.groups.add(Group.objects.get(name="technician"))
    assert client_of(stranger).get(f"/questions/{question.pk}/").status_code == 404
    assert client_of(stranger).post(f"/questions/{question.pk}/", {"text": "mine"}).status_code == 404
    assert not Answer.objects.exists()


def test_the_officer_who_asked_can_answer_too_and_no_other(question: Decision, officer: User, stranger: User) -> None:
    stranger.groups.add(Group.objects.get(name="officer"))
    own = client_of(officer)
    link = f'href="/questions/{question.pk}/"'
    assert link in own.get(f"/components/{question.component_id}/").content.decode()
    assert link not in own.get("/home/").content.decode()
    assert link not in client_of(stranger).get(f"/components/{question.component_id}/").content.decode()
    assert client_of(stranger).get(f"/questions/{question.pk}/").status_code == 404
    assert own.post(f"/questions/{question.pk}/", {"text": told.ANSWERED}).status_code == 302
    assert Answer.objects.get().answered_by == officer
