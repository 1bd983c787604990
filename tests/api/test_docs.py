"""What docs/api.md says is so: its commands are run, and its answers compared."""

import json
import re
import shlex
import urllib.request
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

import pytest
from knox.models import AuthToken

from components import filters
from components.api.listing import Pages
from components.api.problems import KINDS
from components.models import Component, User
from components.services import routing
from tests.api.test_access import OPERATIONS, SCHEMA

DOCUMENT = (Path(__file__).resolve().parents[2] / "docs" / "api.md").read_text("utf-8")
EXAMPLES = re.findall(r"```sh\n(curl .*?)```\n\n```json\n(.*?)```", DOCUMENT, re.DOTALL)
ADDRESS = "http://localhost:8000"


def run(command: str, variables: dict[str, str]) -> Any:
    """What curl would print as the body, for the few options that the document uses."""
    for variable, value in variables.items():
        command = command.replace(variable, value)
    words = shlex.split(command.replace("\\\n", " "))[1:]
    headers, data, url, method = {}, None, "", None
    while words:
        match words.pop(0):
            case "-H":
                name, _, value = words.pop(0).partition(": ")
                headers[name] = value
            case "-d":
                data = words.pop(0).encode()
            case "-i":
                pass
            case "-X":
                method = words.pop(0)
            case word:
                url = word
    try:
        with urllib.request.urlopen(urllib.request.Request(url, data, headers, method=method)) as response:
            return json.load(response)
    except HTTPError as error:
        return json.load(error)


def shape(value: Any) -> Any:
    """Names and kinds of values; a list is as its members are."""
    if isinstance(value, dict):
        return {name: shape(member) for name, member in value.items()}
    if isinstance(value, list):
        return [shape(member) for member in value]
    return type(value).__name__


def test_the_document_has_its_examples() -> None:
    assert len(EXAMPLES) == DOCUMENT.count("curl ") == 7


@pytest.mark.usefixtures("champion")
def test_every_example_answers_as_the_document_says(
    live_server: Any, technician: User, officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routing, "draw", lambda: 0.99)
    variables = {
        ADDRESS: live_server.url,
        "$TOKEN": AuthToken.objects.create(technician)[1],
        "$OFFICER": AuthToken.objects.create(officer)[1],
    }

    for command, said in EXAMPLES:
        if "/next/" in command:
            entered = Component.objects.latest("pk")
            routing.ask_for_review(component_id=entered.pk, note="The plate is hard to read.", by=technician)
        answer, expected = run(command, variables), json.loads(said)
        if results := expected.get("results"):
            assert [component["external_id"] for component in answer["results"]] == ["BRK-0042"]
            assert results[0].keys() - {"…"} <= answer["results"][0].keys()
            answer["results"] = expected["results"]
        if "lease" in answer:
            variables |= {"$LEASE": answer["lease"], "$REVIEW": str(answer["review"]["id"])}
        assert shape(answer) == shape(expected)


def test_the_document_lists_every_operation_with_what_it_needs() -> None:
    rows = re.findall(r"^\| `([A-Z]+) (/api/v1/\S+)` \| .+? \| (.+?) \|$", DOCUMENT, re.MULTILINE)
    told = {(method.lower(), path.replace("{id}", "1")): needed.strip("`") for method, path, needed in rows}

    assert told == {
        operation: needed or "a log-in" for operation, needed in OPERATIONS.items() if operation[1] != SCHEMA
    }


def test_the_document_lists_every_kind_of_problem() -> None:
    rows = re.findall(r"^\| `([a-z-]+)` \| (\d{3}) \| (.+?) \|$", DOCUMENT, re.MULTILINE)

    assert rows == [(kind.slug, str(kind.status), kind.title) for kind in KINDS.values()]


def test_the_document_lists_every_parameter_with_what_it_may_be() -> None:
    table = DOCUMENT.partition("| parameter | may be |\n")[2].partition("\n\n")[0]
    rows = dict(re.findall(r"^\| `([a-z_]+)` \| (.+?) \|$", table, re.MULTILINE))
    parameters = filters.ComponentFilter.base_filters

    assert set(rows) == {*parameters, Pages.page_query_param, Pages.page_size_query_param}
    for name, parameter in parameters.items():
        for value, _ in parameter.extra.get("choices", ()):
            assert f"`{value}`" in rows[name]
