"""The list: search, filters, order, pages, and what it says when the address asks for nonsense."""

import re
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from components.models import User
from mlops.contracts import Label
from tests.shown import keep


def rows(answer) -> list[str]:
    """The descriptions shown, from top to bottom."""
    return re.findall(r'<td[^>]*class="description"><a [^>]*>(.*?)</a>', answer.content.decode())


@pytest.fixture
def assortment(component, officer: User) -> None:
    component("Brake bracket of steel", score=0.02, external_id="TR-1")
    component("Battery tray of plastic", score=0.98, external_id="tr-2")
    component("Door cover, carbon fibre", score=0.61, external_id="ZZ-3", by=officer)
    component("Wiper linkage of iron")
    component("Rear bezel", score=0.9, officer_says=Label.COMPLIANT)


def test_the_newest_come_first(web: Client, assortment: None) -> None:
    assert rows(web.get("/"))[0] == "Rear bezel"
    assert len(rows(web.get("/"))) == 5


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("search=of", 3),
        ("search=OF+steel", 1),
        ("search=tr-2", 1),
        ("search=tray+TR-2+plastic", 1),
        ("search=nothing-of-the-kind", 0),
        ("search=%25", 0),
        ("search=_", 0),
        ("label=compliant", 2),
        ("label=non-compliant", 2),
        ("label=unlabelled", 1),
        ("source=model", 3),
        ("source=officer", 1),
        ("mine=true", 4),
        ("mine=false", 5),
        ("entered_by=officer", 1),
        ("entered_by=nobody", 0),
        ("search=of&label=non-compliant&source=model&mine=true", 1),
    ],
)
def test_the_address_narrows_the_list(web: Client, assortment: None, query: str, shown: int) -> None:
    assert len(rows(web.get(f"/?{query}"))) == shown


@pytest.mark.parametrize(
    ("ordering", "first", "last"),
    [
        ("", "Rear bezel", "Brake bracket of steel"),
        ("-entered_at", "Rear bezel", "Brake bracket of steel"),
        ("entered_at", "Brake bracket of steel", "Rear bezel"),
        ("-score", "Battery tray of plastic", "Wiper linkage of iron"),
        ("score", "Brake bracket of steel", "Wiper linkage of iron"),
        ("external_id", "Brake bracket of steel", "Wiper linkage of iron"),
    ],
)
def test_the_list_is_sorted_with_what_has_no_value_at_the_end(
    web: Client, component, ordering: str, first: str, last: str
) -> None:
    component("Brake bracket of steel", score=0.02, external_id="TR-1")
    component("Battery tray of plastic", score=0.98, external_id="TR-2")
    component("Wiper linkage of iron")
    component("Rear bezel", score=0.9, external_id="TR-9")
    shown = rows(web.get(f"/?ordering={ordering}"))
    assert (shown[0], shown[-1]) == (first, last)


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("page=abc", "“abc” is not a page number"),
        ("page=0", "“0” is not a page number"),
        ("page=-3", "“-3” is not a page number"),
        ("page=99", "There is no page 99"),
        ("page=" + "9" * 5000, "is not a page number"),
        ("page_size=7", "A page has 25, 50 or 100 rows"),
        ("page_size=abc", "A page has 25, 50 or 100 rows"),
        ("label=foo", "Label “foo” is not possible here"),
        ("source=foo", "Source “foo” is not possible here"),
        ("mine=foo", "Entered by me “foo” is not possible here"),
        ("ordering=foo", "Sort “foo” is not possible here"),
        ("ordering=description", "Sort “description” is not possible here"),
        ("search=" + "a" * 201, "is not possible here"),
        ("search=%00", "is not possible here"),
        ("entered_by=%00", "is not possible here"),
        ("label=" + quote("<script>alert(1)</script>"), "Label “&lt;script&gt;"),
    ],
)
def test_a_wish_that_cannot_be_met_is_told_and_the_rest_shown(
    web: Client, assortment: None, query: str, told: str
) -> None:
    answer = web.get(f"/?{query}")
    assert answer.status_code == 200
    assert told in answer.content.decode()
    assert len(rows(answer)) == 5


@pytest.mark.parametrize("words", ["%ED%A0%80", "🚗", "שלום", "<b>", "'\" OR 1=1 --", "q " * 100, "%25_\\"])
def test_no_search_breaks_the_list(web: Client, assortment: None, words: str) -> None:
    answer = web.get("/", query_params={"search": words}) if "%ED" not in words else web.get(f"/?search={words}")
    assert answer.status_code == 200
    assert "Nothing matches" in answer.content.decode()


def test_pages_hold_fifty_rows_unless_another_size_is_chosen(web: Client, technician: User) -> None:
    keep((f"part {n}" for n in range(120)), by=technician)
    assert len(rows(web.get("/"))) == 50
    assert len(rows(web.get("/?page=3"))) == 20
    assert len(rows(web.get("/?page_size=100"))) == 100
    assert "51–100 of 120" in web.get("/?page=2").content.decode()


def test_the_pager_keeps_the_search(web: Client, technician: User) -> None:
    keep((f"part {n}" for n in range(60)), by=technician)
    assert 'href="?search=part&amp;page=2"' in web.get("/?search=part").content.decode()


def test_an_empty_list_tells_how_to_begin(web: Client) -> None:
    assert "No components yet" in web.get("/").content.decode()


def test_an_empty_answer_tells_how_to_get_out(web: Client, assortment: None) -> None:
    assert "Clear search and filters" in web.get("/?search=zzz").content.decode()


def test_htmx_gets_the_rows_and_the_count_alone(web: Client, assortment: None) -> None:
    answer = web.get("/?search=tray", headers={"HX-Request": "true"})
    fragment = answer.content.decode()
    assert "<html" not in fragment
    assert rows(answer) == ["Battery tray of plastic"]
    assert re.search(r'hx-swap-oob="innerHTML:#result-count">\s*1 in all\s*</p>', fragment)


def test_going_back_gets_the_whole_page(web: Client) -> None:
    headers = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    assert "<html" in web.get("/", headers=headers).content.decode()


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_caches_keep_page_and_fragment_apart(web: Client, headers: dict[str, str]) -> None:
    assert "HX-Request" in web.get("/", headers=headers)["Vary"]


def test_the_number_of_queries_does_not_grow_with_the_rows(web: Client, component, officer: User) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            web.get("/?search=part&label=non-compliant&ordering=-score")
        return len(captured)

    component("part", score=0.9)
    queries()
    few = queries()
    for number in range(30):
        component(f"part {number}", score=0.9, by=officer)
    assert queries() == few <= 7


def test_a_label_is_told_in_words_and_not_by_colour_alone(web: Client, assortment: None) -> None:
    shown = web.get("/").content.decode()
    for words in ("Compliant", "Non-compliant", "Unlabelled"):
        assert re.search(rf"</svg>\s*{words}\s*</span>", shown)


def test_what_was_entered_is_text_and_never_markup(web: Client, component) -> None:
    component('<img src=x onerror=alert(1)> "quoted" & more', external_id="<b>1</b>")
    shown = web.get("/").content.decode()
    assert "&lt;img src=x onerror=alert(1)&gt;" in shown
    assert "&lt;b&gt;1&lt;/b&gt;" in shown
    assert "<img src=x" not in shown
    assert "<b>" not in shown
