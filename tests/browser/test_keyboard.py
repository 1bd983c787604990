"""Everything by the keyboard, and no shortcut in the way of typing."""

import re

import pytest
from playwright.sync_api import Page, expect

from components.models import User
from tests.shown import keep


@pytest.fixture
def listed(tess: Page, component) -> Page:
    for number in range(3):
        component(f"part {number}", score=0.9, external_id=f"TR-{number}")
    tess.goto("/")
    return tess


def row(page: Page, text: str):
    return page.locator(".rows").get_by_role("link", name=text)


def test_the_slash_searches(listed: Page) -> None:
    listed.keyboard.press("/")
    expect(listed.get_by_label("Search")).to_be_focused()
    expect(listed.get_by_label("Search")).to_have_value("")


def test_rows_are_walked_and_opened(listed: Page) -> None:
    listed.keyboard.press("j")
    expect(row(listed, "part 2")).to_be_focused()
    listed.keyboard.press("j")
    listed.keyboard.press("ArrowDown")
    expect(row(listed, "part 0")).to_be_focused()
    listed.keyboard.press("k")
    expect(row(listed, "part 1")).to_be_focused()
    listed.keyboard.press("Enter")
    expect(listed.get_by_role("heading", name="TR-1")).to_be_visible()
    listed.keyboard.press("u")
    expect(listed.get_by_role("heading", name="Components")).to_be_visible()


def test_from_the_search_the_arrow_leads_into_the_rows(listed: Page) -> None:
    listed.keyboard.press("/")
    listed.keyboard.type("part 1")
    expect(listed.locator(".rows tbody tr")).to_have_count(1)
    listed.keyboard.press("ArrowDown")
    expect(row(listed, "part 1")).to_be_focused()


def test_pages_are_turned(tess: Page, technician: User) -> None:
    keep((f"part {n}" for n in range(60)), by=technician)
    tess.goto("/")
    tess.keyboard.press("]")
    expect(tess).to_have_url(re.compile("page=2"))
    expect(tess.locator("#result-count")).to_have_text("51–60 of 60")
    tess.keyboard.press("[")
    expect(tess).to_have_url(re.compile("page=1"))


def test_n_begins_a_new_component(listed: Page) -> None:
    listed.keyboard.press("n")
    expect(listed.get_by_label("Description")).to_be_focused()


def test_keys_are_letters_while_one_types(tess: Page) -> None:
    tess.goto("/components/new/")
    tess.keyboard.type("n/j?ku")
    expect(tess.get_by_label("Description")).to_have_value("n/j?ku")
    expect(tess.get_by_role("dialog")).to_be_hidden()
    expect(tess).to_have_url(re.compile("/components/new/$"))


@pytest.mark.parametrize("held", ["Control", "Alt", "Meta"])
def test_keys_held_with_another_are_left_to_the_browser(listed: Page, held: str) -> None:
    listed.keyboard.press(f"{held}+j")
    expect(row(listed, "part 2")).not_to_be_focused()


def test_the_help_opens_and_closes(listed: Page) -> None:
    listed.keyboard.press("?")
    help_dialog = listed.get_by_role("dialog", name="Keyboard shortcuts")
    expect(help_dialog).to_be_visible()
    listed.keyboard.press("j")
    listed.keyboard.press("Escape")
    expect(help_dialog).to_be_hidden()
    expect(row(listed, "part 2")).not_to_be_focused()


def test_single_keys_can_be_switched_off_for_good(listed: Page) -> None:
    listed.get_by_role("button", name="Keyboard shortcuts").click()
    listed.get_by_label("Single-key shortcuts are on").uncheck()
    listed.keyboard.press("Escape")
    listed.reload()
    listed.keyboard.press("j")
    expect(row(listed, "part 2")).not_to_be_focused()
    listed.get_by_role("button", name="Keyboard shortcuts").click()
    expect(listed.get_by_label("Single-key shortcuts are on")).not_to_be_checked()


def test_the_first_tab_skips_to_the_content(listed: Page) -> None:
    listed.keyboard.press("Tab")
    expect(listed.get_by_role("link", name="Skip to content")).to_be_focused()
    expect(listed.get_by_role("link", name="Skip to content")).to_be_in_viewport()
    listed.keyboard.press("Enter")
    expect(listed.get_by_role("main")).to_be_focused()


def test_the_menu_opens_and_closes(listed: Page) -> None:
    listed.locator(".menu summary").focus()
    listed.keyboard.press("Enter")
    expect(listed.get_by_role("link", name="API tokens")).to_be_visible()
    listed.keyboard.press("Escape")
    expect(listed.get_by_role("link", name="API tokens")).to_be_hidden()
    expect(listed.locator(".menu summary")).to_be_focused()


def test_one_logs_out_from_the_menu(listed: Page) -> None:
    listed.locator(".menu summary").press("Enter")
    listed.get_by_role("button", name="Sign out").press("Enter")
    expect(listed.get_by_role("heading", name="Sign in")).to_be_visible()
    listed.goto("/")
    expect(listed.get_by_role("heading", name="Sign in")).to_be_visible()


def test_what_has_the_focus_can_be_seen(listed: Page) -> None:
    for _ in range(14):
        listed.keyboard.press("Tab")
        ring = listed.evaluate(
            """() => {
                const at = document.activeElement;
                const seen = at.matches('.segments input') ? at.closest('label') : at;
                return getComputedStyle(seen).outlineStyle + ' ' + getComputedStyle(seen).outlineWidth;
            }"""
        )
        assert ring == "solid 2px", listed.evaluate("document.activeElement.outerHTML")
