"""What a text must be is said once: page, API, service and command line refuse the same texts in the same words."""

import io
import json
import sys
from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from rest_framework.test import APIClient

from components import services
from components.forms import SubmitForm
from components.models import User
from mlops.contracts import problem_with

TEXTS = {
    "white space": " \t\u3000",
    "nothing that prints": "\u200b\u2060",
    "a NUL": "steel \x00 bracket",
    "too long": "steel " * 1_667,
    "too long and blank": " " * 10_001,
}


def sentence_of(text: str) -> str:
    problem = problem_with(text)
    assert problem is not None
    return problem.sentence


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_the_page_says_it(text: str) -> None:
    assert SubmitForm({"description": text}).errors["description"] == [sentence_of(text)]


@pytest.mark.django_db
@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_the_service_says_it(technician: User, text: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        services.submit_component(description=text, by=technician)

    assert refusal.value.message_dict == {"description": [sentence_of(text)]}


@pytest.mark.usefixtures("champion")
@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_the_api_says_it(technician: User, api_client: Callable[[User], APIClient], text: str) -> None:
    answer = api_client(technician).post("/api/v1/labels/", {"texts": [text]}, format="json")

    assert answer.json()["errors"][0]["detail"] == sentence_of(text)


@pytest.mark.usefixtures("champion")
@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_the_command_line_says_it(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    output = io.TextIOWrapper(io.BytesIO())
    monkeypatch.setattr(sys, "stdout", output)

    with pytest.raises(CommandError, match="1 of the texts"):
        call_command("label", text)

    assert json.loads(output.buffer.getvalue())["error"] == sentence_of(text)  # type: ignore[attr-defined]


@pytest.mark.parametrize("text", ["steel\ud800", "\udc00\ud800 steel"])
def test_half_a_character_keeps_a_text_from_being_labelled(text: str) -> None:
    assert problem_with(text).code == "surrogate"  # type: ignore[union-attr]


@pytest.mark.parametrize("text", ["x", "\\u0000 steel", "\U0001f697", "x" * 10_000, " steel\n"])
def test_any_other_text_may_be_labelled(text: str) -> None:
    assert problem_with(text) is None
