"""The list changes in place while one types and chooses; its address keeps up."""

import re

import pytest
from playwright.sync_api import Page, expect

from components.models import User
from tests.shown import keep

ROWS = ".rows tbody tr"


@pytest.fixture
def listed(tess: Page, component) -> Page:
    """The list, with two brackets and a tray, and a mark that a new page would not have."""
    component("brake bracket of steel", score=0.1, external_id="TR-1")
    component("battery tray of iron", score=0.9, external_id="TR-2")
    component("door bracket")
    tess.goto("/")
    tess.evaluate("window.samePage = true")
    return tess


def test_typing_narrows_the_rows_and_the_address_without_a_new_page(listed: Page) -> None:
    listed.get_by_label("Search").press_sequentially("bracket")
    expect(listed.locator(ROWS)).to_have_count(2)
    expect(listed).to_have_url(re.compile(r"/\?search=bracket$"))
    expect(listed.locator("#result-count")).to_have_text("2 in all")
    expect(listed.get_by_label("Search")).to_be_focused()
    assert listed.evaluate("window.samePage") is True


def test_choices_narrow_the_rows_and_combine(listed: Page) -> None:
    listed.get_by_label("Search").fill("bracket")
    expect(listed.locator(ROWS)).to_have_count(2)
    listed.get_by_text("Unlabelled", exact=True).first.click()
    expect(listed.locator(ROWS)).to_have_count(1)
    expect(listed).to_have_url(re.compile(r"/\?search=bracket&label=unlabelled$"))
    listed.get_by_text("All", exact=True).click()
    expect(listed.locator(ROWS)).to_have_count(2)
    listed.get_by_label("Sort").select_option("Highest score first")
    expect(listed).to_have_url(re.compile(r"/\?search=bracket&ordering=-score$"))
    expect(listed.locator(ROWS).first).to_contain_text("brake bracket")
    assert listed.evaluate("window.samePage") is True


def test_going_back_shows_the_list_as_it_was(listed: Page) -> None:
    listed.get_by_label("Search").fill("tray")
    expect(listed.locator(ROWS)).to_have_count(1)
    listed.go_back()
    expect(listed.locator(ROWS)).to_have_count(3)
    expect(listed.get_by_label("Search")).to_have_value("")
    expect(listed.get_by_role("heading", name="Components")).to_be_visible()


def test_coming_back_from_a_component_keeps_the_search(listed: Page) -> None:
    listed.get_by_label("Search").fill("tray")
    expect(listed.locator(ROWS)).to_have_count(1)
    listed.locator(ROWS).get_by_role("link").click()
    expect(listed.get_by_role("heading", name="TR-2")).to_be_visible()
    listed.go_back()
    expect(listed.locator(ROWS)).to_have_count(1)
    expect(listed.get_by_label("Search")).to_have_value("tray")
    expect(listed.get_by_role("heading", name="Components")).to_be_visible()


def test_an_empty_answer_is_cleared_by_its_button(listed: Page) -> None:
    listed.get_by_label("Search").fill("nothing of the kind")
    listed.get_by_role("link", name="Clear search and filters").click()
    expect(listed.locator(ROWS)).to_have_count(3)


def test_a_click_anywhere_in_a_row_opens_it(listed: Page) -> None:
    listed.locator(ROWS).filter(has_text="tray").locator("td").last.click()
    expect(listed.get_by_role("heading", name="TR-2")).to_be_visible()


def test_the_next_page_comes_in_place_with_the_focus_on_its_rows(tess: Page, technician: User) -> None:
    keep((f"part {n}" for n in range(60)), by=technician)
    tess.goto("/")
    tess.evaluate("window.samePage = true")
    tess.get_by_role("link", name="Next").click()
    expect(tess.locator(ROWS)).to_have_count(10)
    expect(tess).to_have_url(re.compile(r"/\?page=2$"))
    expect(tess.get_by_role("region", name="Results")).to_be_focused()
    expect(tess.locator("#result-count")).to_have_text("51–60 of 60")
    assert tess.evaluate("window.samePage") is True


def test_a_search_from_a_later_page_begins_at_the_first(tess: Page, technician: User) -> None:
    keep((f"part {n}" for n in range(60)), by=technician)
    tess.goto("/?page=2&page_size=25")
    tess.get_by_label("Search").fill("part")
    expect(tess).to_have_url(re.compile(r"/\?search=part&page_size=25$"))
    expect(tess.locator("#result-count")).to_have_text("1–25 of 60")


def test_a_server_that_does_not_answer_is_told(listed: Page, complaints: list[str]) -> None:
    listed.route("**/?search=*", lambda route: route.abort())
    listed.get_by_label("Search").fill("tray")
    expect(listed.locator("#messages")).to_contain_text("could not be brought up to date")
    listed.unroute("**/?search=*")
    listed.get_by_label("Search").fill("trays")
    expect(listed.get_by_text("Nothing matches")).to_be_visible()
    expect(listed.locator("#messages")).to_be_empty()
    complaints.clear()


def test_a_session_that_has_ended_leads_to_the_log_in_and_back(listed: Page) -> None:
    listed.context.clear_cookies()
    listed.get_by_label("Search").fill("tray")
    expect(listed.get_by_role("heading", name="Sign in")).to_be_visible()
    assert "next=/" in listed.url
