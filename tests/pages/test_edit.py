"""A description is edited: labelled again, nothing typed is lost, and nobody edits what is another's."""

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from components import services
from components.models import Component, User
from components.services.editing import edit_description
from tests.pages.conftest import client_of
from tests.told import FIRST, SECOND, THIRD


@pytest.fixture
def bracket(web: Client, technician: User) -> Component:
    return services.submit_component(description=FIRST, by=technician)


def send(client: Client, component: Component, text: str, number: int = 1):
    return client.post(f"/components/{component.pk}/edit/", {"description": text, "number": number})


def test_the_form_begins_with_the_text_that_counts(web: Client, bracket: Component) -> None:
    form = web.get(f"/components/{bracket.pk}/edit/").content.decode()
    assert f"\n{FIRST}</textarea>" in form
    assert '<input type="hidden" name="number" value="1"' in form


def test_a_new_text_is_kept_labelled_again_and_told(web: Client, bracket: Component) -> None:
    answer = send(web, bracket, SECOND)
    assert answer["Location"] == f"/components/{bracket.pk}/"
    page = web.get(answer["Location"]).content.decode()
    bracket.refresh_from_db()
    assert bracket.description == SECOND
    assert f"Saved, and labelled again: {bracket.label.value}." in page
    assert "Edited" in page
    assert "Labelled again" in page


def test_the_same_text_changes_nothing(web: Client, bracket: Component) -> None:
    page = web.get(send(web, bracket, FIRST)["Location"]).content.decode()
    assert "Nothing changed" in page
    assert bracket.descriptions.count() == 1


def test_after_another_edit_both_texts_are_shown_and_what_was_typed_can_be_sent_again(
    web: Client, bracket: Component, officer: User
) -> None:
    edit_description(component_id=bracket.pk, number=1, description="<b>theirs</b>", by=officer)
    answer = send(web, bracket, THIRD)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Omar Officer edited it meanwhile" in page
    assert "&lt;b&gt;theirs&lt;/b&gt;" in page
    assert f"\n{THIRD}</textarea>" in page
    assert '<input type="hidden" name="number" value="2"' in page
    assert send(web, bracket, THIRD, number=2).status_code == 302
    bracket.refresh_from_db()
    assert bracket.description == THIRD


@pytest.mark.parametrize("text", ["", "  ", "x" * 10_001, "a\0b"])
def test_a_text_that_may_not_be_is_refused_and_stays_in_the_form(web: Client, bracket: Component, text: str) -> None:
    answer = send(web, bracket, text)
    assert answer.status_code == 422
    bracket.refresh_from_db()
    assert bracket.description == FIRST


@pytest.mark.parametrize("number", ["", "0", "-1", "x", "9" * 30])
def test_a_number_that_is_none_is_refused(web: Client, bracket: Component, number: str) -> None:
    assert send(web, bracket, SECOND, number=number).status_code == 422


def test_a_technician_edits_only_what_they_entered(bracket: Component, stranger: User) -> None:
    stranger.groups.add(Group.objects.get(name="technician"))
    assert client_of(stranger).get(f"/components/{bracket.pk}/edit/").status_code == 403
    assert send(client_of(stranger), bracket, SECOND).status_code == 403
    assert "Edit <kbd>" not in client_of(stranger).get(f"/components/{bracket.pk}/").content.decode()


def test_an_officer_edits_what_others_entered(bracket: Component, officer: User) -> None:
    assert send(client_of(officer), bracket, SECOND).status_code == 302
