"""Entering a component, and what happens to what cannot be entered."""

from datetime import date

import pytest
from django.test import Client

from components.models import Component, Label, Regulation, User
from components.services import label_pending
from mlops import contracts
from mlops.models import ModelVersion, Prediction
from tests.bundles import COMPLIANT_TEXT, NON_COMPLIANT_TEXT
from tests.pages.conftest import client_of
from tests.shown import label_by_officer


def submit(client: Client, description: str, **fields: str):
    return client.post("/components/new/", {"description": description, **fields})


@pytest.mark.parametrize(("text", "label"), [(COMPLIANT_TEXT, "compliant"), (NON_COMPLIANT_TEXT, "non-compliant")])
def test_a_description_is_labelled_at_once(web: Client, text: str, label: str) -> None:
    answer = web.post("/components/new/", {"description": text}, follow=True)
    component = Component.objects.get()
    assert answer.redirect_chain == [(f"/components/{component.pk}/", 302)]
    assert f"Submitted and labelled {label}." in answer.content.decode()
    assert component.label.value == label


def test_who_enters_another_comes_back_to_the_form_with_the_last_label_on_it(web: Client) -> None:
    answer = web.post("/components/new/", {"description": NON_COMPLIANT_TEXT, "another": "1"}, follow=True)
    component = Component.objects.get()
    assert answer.redirect_chain == [(f"/components/new/?after={component.pk}", 302)]
    shown = answer.content.decode()
    assert "Non-compliant" in shown
    assert f'href="/components/{component.pk}/"' in shown
    assert f"{NON_COMPLIANT_TEXT}</textarea>" not in shown


@pytest.mark.parametrize("after", ["abc", "-1", "0", "9" * 50, "%00", "²"])
def test_a_last_component_that_is_none_is_left_out(web: Client, after: str) -> None:
    assert web.get(f"/components/new/?after={after}").status_code == 200


def test_the_last_component_of_somebody_else_is_left_out(web: Client, component, officer: User) -> None:
    other = component("a secret bracket", score=0.9, by=officer)
    assert "a secret bracket" not in web.get(f"/components/new/?after={other.pk}").content.decode()


def test_a_text_is_kept_just_as_it_was_typed(web: Client) -> None:
    submit(web, "  bracket,\r\n\tsteel \U0001f697 שלום <b>&amp;</b>  ", external_id=" TR-1 ")
    component = Component.objects.get()
    assert component.description == "  bracket,\n\tsteel \U0001f697 שלום <b>&amp;</b>  "
    assert component.external_id == "TR-1"


REFUSED = {
    "empty": ("", "Describe the component."),
    "white space": (" \r\n\t\u00a0\u2003 ", "this text is blank"),
    "nothing that prints": ("\u200b\u2060\ufeff", "this text is blank"),
    "NUL": ("a bracket\x00 of steel", "The text holds a NUL character"),
    "one character too many": ("x" * 10_001, "The text has more than 10,000 characters: shorten it."),
    "a megabyte": ("steel " * 170_000, "more than 10,000 characters"),
}


@pytest.mark.parametrize(("text", "told"), REFUSED.values(), ids=REFUSED.keys())
def test_a_text_that_cannot_be_kept_is_refused_with_the_reason_and_nothing_stored(
    web: Client, text: str, told: str
) -> None:
    answer = submit(web, text, external_id="TR-1")
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert told in shown
    assert shown.count("<li>") - shown.count("<li><a") == 1
    assert 'aria-invalid="true"' in shown
    assert 'value="TR-1"' in shown
    assert text.strip("\r\n") in shown.replace("&lt;", "<")
    assert not Component.objects.exists()
    assert not Prediction.objects.exists()


ACCEPTED = {
    "emoji": "\U0001f697\U0001f527 made of plastic",
    "right to left": "\u05de\u05d9\u05db\u05dc made of plastic \u202e reversed",
    "HTML": "<script>alert(1)</script><img src=x onerror=alert(1)> made of plastic",
    "ten thousand characters": "é" * 9_983 + " made of plastic",
    "template code": "{{ settings.SECRET_KEY }} {% debug %} made of plastic",
}


@pytest.mark.parametrize("text", ACCEPTED.values(), ids=ACCEPTED.keys())
def test_a_strange_text_is_kept_and_shown_as_text(web: Client, text: str) -> None:
    answer = web.post("/components/new/", {"description": text}, follow=True)
    shown = answer.content.decode()
    assert answer.status_code == 200
    assert Component.objects.get().description == text
    assert "<script>alert" not in shown
    assert "<img src=x" not in shown
    assert Component.objects.get().label is not None


def test_ten_thousand_characters_over_many_lines_are_within_the_limit(web: Client) -> None:
    submit(web, "steel\r\n" * 1_666)
    assert len(Component.objects.get().description) == 9_996


@pytest.mark.parametrize("broken", ["%ED%A0%80", "%ff", "%C3", "abc%ED%B0%80"])
def test_a_form_with_broken_characters_is_refused(web: Client, broken: str) -> None:
    answer = web.post(
        "/components/new/", f"description=steel{broken}", content_type="application/x-www-form-urlencoded"
    )
    assert answer.status_code == 400
    assert not Component.objects.exists()


def test_a_form_of_another_kind_is_told_what_is_missing(web: Client) -> None:
    answer = web.post("/components/new/", '{"description": [["steel"]]}', content_type="application/json")
    assert answer.status_code == 422
    assert "Describe the component." in answer.content.decode()


def test_more_than_the_server_takes_in_is_refused_as_too_large(web: Client) -> None:
    answer = submit(web, "x" * 3_000_000)
    assert answer.status_code == 413
    assert "Nothing was kept" in answer.content.decode()
    assert not Component.objects.exists()


def test_an_external_id_that_is_taken_is_refused_beside_its_field(web: Client, component) -> None:
    component("the first", external_id="TR-1")
    answer = submit(web, "the second", external_id="TR-1")
    shown = answer.content.decode()
    assert answer.status_code == 409
    assert 'id="id_external_id_error"' in shown
    assert "Another component already has the external id TR-1." in shown
    assert "the second</textarea>" in shown
    assert not Prediction.objects.exists()


@pytest.mark.parametrize("external_id", ["x" * 101, "a\x00b"])
def test_an_external_id_that_cannot_be_kept_is_refused(web: Client, external_id: str) -> None:
    answer = submit(web, COMPLIANT_TEXT, external_id=external_id)
    assert answer.status_code == 422
    assert 'id="id_external_id_error"' in answer.content.decode()


def test_without_a_champion_the_component_is_kept_and_the_page_says_so(technician: User, no_champion: None) -> None:
    answer = client_of(technician).post("/components/new/", {"description": NON_COMPLIANT_TEXT}, follow=True)
    shown = answer.content.decode()
    assert "Kept without a label" in shown
    assert "Waiting for its label" in shown
    assert Component.objects.get().label is None


def test_a_question_on_a_component_that_no_model_could_label_goes_to_an_officer(
    technician: User, no_champion: None
) -> None:
    fields = {"description": NON_COMPLIANT_TEXT, "question": "Is this the right year?"}
    shown = client_of(technician).post("/components/new/", fields, follow=True).content.decode()
    assert "Submitted without a label: an officer decides on it." in shown
    assert "is stopped" not in shown


def test_a_last_component_that_an_officer_has_labelled_since_is_shown_with_that_label(
    web: Client, component, officer: User
) -> None:
    decided = component("a bracket", score=0.9)
    label_by_officer(decided, contracts.Label.COMPLIANT, by=officer)
    shown = web.get(f"/components/new/?after={decided.pk}").content.decode()
    assert "decided by an officer" in shown
    assert "Compliant" in shown


def test_a_component_kept_without_a_label_has_it_once_a_champion_serves(
    technician: User, no_champion: None, request: pytest.FixtureRequest
) -> None:
    client = client_of(technician)
    submit(client, NON_COMPLIANT_TEXT)
    version: ModelVersion = request.getfixturevalue("champion")
    from mlops.services import serving

    serving.reconcile()
    label_pending()
    shown = client.get(f"/components/{Component.objects.get().pk}/").content.decode()
    assert "Non-compliant" in shown
    assert str(version) in shown


def test_without_a_regulation_in_force_nothing_is_stored_and_the_form_says_so(web: Client) -> None:
    Regulation.objects.update(effective_on=date(2999, 1, 1))
    answer = submit(web, COMPLIANT_TEXT)
    shown = answer.content.decode()
    assert answer.status_code == 503
    assert "an admin must enter one" in shown
    assert f"{COMPLIANT_TEXT}</textarea>" in shown
    assert not Component.objects.exists()
    assert not Label.objects.exists()


def test_the_regulation_in_force_stands_beside_the_form(web: Client) -> None:
    assert Regulation.objects.get().text in web.get("/components/new/").content.decode()
