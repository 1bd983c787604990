"""Links and forms alone do the whole job."""

import re

import pytest
from playwright.sync_api import Page, expect

from components.models import User
from tests.bundles import NON_COMPLIANT_TEXT
from tests.shown import keep


@pytest.fixture
def plain(open_browser, technician: User) -> Page:
    return open_browser(technician, java_script_enabled=False)


def test_the_list_is_searched_narrowed_and_paged(plain: Page, component, technician: User) -> None:
    keep((f"part {n}" for n in range(60)), by=technician)
    component("a tray of iron", score=0.9)
    plain.goto("/")
    plain.get_by_role("link", name="Next").click()
    expect(plain.locator(".rows tbody tr")).to_have_count(11)
    plain.get_by_label("Search").fill("tray")
    plain.get_by_label("Search").press("Enter")
    expect(plain.locator(".rows tbody tr")).to_have_count(1)
    plain.get_by_label("Unlabelled").check()
    plain.get_by_role("button", name="Apply").click()
    expect(plain.get_by_text("Nothing matches")).to_be_visible()
    expect(plain).to_have_url(re.compile("search=tray&label=unlabelled"))


def test_a_component_is_entered_and_its_label_read(plain: Page) -> None:
    plain.goto("/components/new/")
    plain.get_by_label("Description").fill(NON_COMPLIANT_TEXT)
    plain.get_by_role("button", name="Submit").first.click()
    expect(plain.get_by_role("region", name="Label", exact=True)).to_contain_text("Non-compliant")


def test_one_logs_out(plain: Page) -> None:
    plain.goto("/")
    plain.locator(".menu summary").click()
    plain.get_by_role("button", name="Sign out").click()
    expect(plain.get_by_role("heading", name="Sign in")).to_be_visible()
