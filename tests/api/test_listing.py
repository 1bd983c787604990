"""The list of components pages, filters and orders by what is asked, and refuses what it does not know."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from components import services
from components.models import Component, User
from mlops.services import deployment, installing, serving
from tests.api.conftest import problem_of
from tests.shown import keep

COMPONENTS = "/api/v1/components/"

pytestmark = pytest.mark.django_db


@pytest.fixture
def seven(technician: User, officer: User, no_champion: None) -> list[Component]:
    return [
        services.submit_component(
            description=f"{material} part number {number}",
            external_id=f"P-{number}",
            by=officer if number == 3 else technician,
        )
        for number, material in enumerate(("steel", "iron", "plastic", "steel", "iron", "plastic", "Steel"))
    ]


def ids(answer: dict[str, Any]) -> list[int]:
    return [component["id"] for component in answer["results"]]


def test_the_newest_come_first(api: APIClient, seven: list[Component]) -> None:
    answer = api.get(COMPONENTS).json()

    assert ids(answer) == [component.pk for component in reversed(seven)]
    assert (answer["count"], answer["next"], answer["previous"]) == (7, None, None)


def test_following_next_and_previous_shows_each_component_once(api: APIClient, seven: list[Component]) -> None:
    forward = [api.get(f"{COMPONENTS}?page_size=3&search=part&ordering=entered_at").json()]
    while link := forward[-1]["next"]:
        forward.append(api.get(link).json())
    back = [forward[-1]]
    while link := back[-1]["previous"]:
        back.append(api.get(link).json())

    assert [len(page["results"]) for page in forward] == [3, 3, 1]
    assert [one for page in forward for one in ids(page)] == [component.pk for component in seven]
    assert [page["results"] for page in reversed(back)] == [page["results"] for page in forward]
    assert {page["count"] for page in forward} == {7}


def test_an_empty_inventory_has_one_empty_page(api: APIClient) -> None:
    assert api.get(COMPONENTS).json() == {"count": 0, "next": None, "previous": None, "results": []}


def test_a_page_holds_fifty_unless_told(api: APIClient, technician: User) -> None:
    keep(["x"] * 201, by=technician)

    sizes = [len(api.get(f"{COMPONENTS}{query}").json()["results"]) for query in ("", "?page_size=200")]

    assert sizes == [50, 200]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("search=STEEL", [6, 3, 0]),
        ("search=number+iron", [4, 1]),
        ("search=P-2", [2]),
        ("search=copper", []),
        ("search=", [6, 5, 4, 3, 2, 1, 0]),
        ("mine=true", [6, 5, 4, 2, 1, 0]),
        ("entered_by=officer", [3]),
        ("label=unlabelled&search=plastic", [5, 2]),
        ("label=compliant", []),
        ("source=model", []),
        ("ordering=external_id&search=steel", [0, 3, 6]),
        ("ordering=-score,external_id&page_size=2", [0, 1]),
    ],
)
def test_only_what_is_asked_for_is_listed(api: APIClient, seven: list[Component], query: str, found: list[int]) -> None:
    assert ids(api.get(f"{COMPONENTS}?{query}").json()) == [seven[number].pk for number in found]


@pytest.mark.usefixtures("champion")
def test_labelled_components_are_found_by_label_source_and_score(api: APIClient, technician: User) -> None:
    for number in range(6):
        services.submit_component(description=f"plastic steel {number} " * (number + 1), by=technician)

    by_label = [api.get(f"{COMPONENTS}?label={label}").json() for label in ("compliant", "non-compliant")]
    scores = [one["label"]["score"] for one in api.get(f"{COMPONENTS}?ordering=-score").json()["results"]]

    for label, answer in zip(("compliant", "non-compliant"), by_label, strict=True):
        assert {one["label"]["value"] for one in answer["results"]} <= {label}
    assert sum(answer["count"] for answer in by_label) == 6
    assert api.get(f"{COMPONENTS}?source=model").json()["count"] == 6
    assert api.get(f"{COMPONENTS}?source=officer").json()["count"] == 0
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize(
    ("query", "parameter", "said"),
    [
        ("label=good", "label", "compliant, non-compliant, unlabelled"),
        ("source=robot", "source", "model, officer"),
        ("ordering=size", "ordering", "-entered_at, entered_at, -score, score, external_id, -external_id"),
        ("ordering=score,-size", "ordering", "-entered_at, entered_at"),
        ("mine=yes", "mine", "true, false"),
        ("search=%00", "search", "Null"),
        ("search=" + "a+" * 101, "search", "200"),
        ("lable=compliant", "lable", "label"),
        ("format=xml", "format", "page_size"),
        ("page_size=0", "page_size", "from 1 to 200"),
        ("page_size=201", "page_size", "from 1 to 200"),
        ("page_size=", "page_size", "from 1 to 200"),
        ("page=0", "page", "from 1"),
        ("page=-1", "page", "from 1"),
        ("page=last", "page", "from 1"),
        ("page=1e3", "page", "from 1"),
        ("page=" + "9" * 5000, "page", "from 1"),
        ("page=%D9%A1", "page", "from 1"),
    ],
)
def test_a_parameter_that_is_unknown_or_not_valid_is_refused_with_what_is_allowed(
    api: APIClient, query: str, parameter: str, said: str
) -> None:
    problem = problem_of(api.get(f"{COMPONENTS}?{query}"), 400, "invalid")

    assert [error["parameter"] for error in problem["errors"]] == [parameter]
    assert said in problem["errors"][0]["detail"]


@pytest.mark.parametrize("number", [2, 10**6, 10**11])
def test_a_page_beyond_the_last_is_not_found(api: APIClient, number: int) -> None:
    problem_of(api.get(f"{COMPONENTS}?page={number}"), 404, "not-found")


@pytest.mark.parametrize("charset", ["utf-7", "unicode_escape", "raw_unicode_escape"])
def test_no_charset_smuggles_half_characters_into_a_search(api: APIClient, charset: str) -> None:
    path = f"{COMPONENTS}?search=%2B2AA-%5Cud800"

    response = api.generic("GET", path, b"", f"text/plain; charset={charset}")

    problem_of(response, 400, "invalid")


def test_a_relabelled_component_is_listed_by_the_label_that_counts(
    api: APIClient, technician: User, no_champion: None, tmp_path: Any, seven: list[Component]
) -> None:
    from tests import bundles

    deployment.deploy_champion(installing.install(bundles.write_tiny_bundle(tmp_path / "bundle")), by=None)
    serving.reconcile()
    services.label_pending()

    assert api.get(f"{COMPONENTS}?label=unlabelled").json()["count"] == 0
    assert api.get(f"{COMPONENTS}?source=model").json()["count"] == 7


def test_a_head_request_answers_as_get_without_a_body(api: APIClient, seven: list[Component]) -> None:
    response = api.head(COMPONENTS)

    assert (response.status_code, response.content) == (200, b"")


def test_everyone_sees_the_whole_inventory(
    officer: User, seven: list[Component], api_client: Callable[[User], APIClient]
) -> None:
    assert api_client(officer).get(COMPONENTS).json()["count"] == 7
