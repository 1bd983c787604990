"""An auditor's check: find a component's decision, read its story, replay it, take a pack and verify it."""

import hashlib
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from audit import anchors
from components.models import Component, User
from components.services import submit_component
from mlops.models import ModelVersion
from tests.browser.test_every_page import SCHEMES, barriers, overflow
from tests.bundles import NON_COMPLIANT_TEXT
from tests.conftest import PASSWORD
from tests.packs.conftest import decided, verify
from tests.told import draw_everything


@pytest.fixture
def overridden(
    champion: ModelVersion, admin: User, technician: User, officer: User, settings, tmp_path: Path
) -> Component:
    """A component whose label an officer has overridden."""
    settings.AUDIT_ANCHORS = tmp_path / "anchors.jsonl"
    draw_everything(by=admin)
    component = submit_component(description=NON_COMPLIANT_TEXT, external_id="TR-1", by=technician)
    decided(
        component, by=officer, outcome="override", label="compliant", reason_code="other-thing", note="The other one."
    )
    anchors.take(settings.AUDIT_ANCHORS)
    return component


def test_an_auditor_finds_a_decision_replays_it_and_verifies_a_pack(
    open_browser: Callable[..., Page], overridden: Component, auditor: User, tmp_path: Path
) -> None:
    page = open_browser()
    page.goto("/audit/")
    page.get_by_label("Username").fill("auditor")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Check the last links now").click()
    expect(page.get_by_text("stood as they were written")).to_be_visible()

    page.get_by_label("Subject").fill("TR-1")
    page.get_by_label("Action").select_option("review_decided")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Review decided").click()
    expect(page.get_by_text("are as they were written")).to_be_visible()
    expect(page.get_by_role("row", name="note")).to_contain_text("The other one.")

    page.get_by_role("link", name=f"component {overridden.pk}").click()
    expect(page.get_by_role("heading", name="TR-1")).to_be_visible()
    expect(page.get_by_text("The other one.")).to_be_visible()

    page.go_back()
    page.get_by_role("button", name="Replay").click()
    expect(page.get_by_role("heading", name="Equal")).to_be_visible()

    page.goto("/audit/packs/")
    page.get_by_label("One component").check()
    page.get_by_label("Component", exact=False).last.fill("TR-1")
    with page.expect_download() as download:
        page.get_by_role("button", name="Make and download the pack").click()
    got = tmp_path / "got.zip"
    download.value.save_as(got)
    page.reload()
    expect(page.get_by_role("table", name="Made last")).to_contain_text(hashlib.sha256(got.read_bytes()).hexdigest())
    zipfile.ZipFile(got).extractall(tmp_path / "unpacked")
    code, words = verify(tmp_path / "unpacked")
    assert (code, "1 lines of decisions.jsonl" in words) == (0, True), words


@pytest.mark.parametrize("scheme", SCHEMES.values(), ids=SCHEMES.keys())
def test_no_page_of_an_auditor_has_a_barrier_or_scrolls_sideways(
    open_browser: Callable[..., Page], overridden: Component, auditor: User, scheme: dict[str, object]
) -> None:
    page = open_browser(auditor, **scheme)
    decision = overridden.decisions.get()
    found = []
    for address in ("/audit/", "/audit/?check=1&who=officer", "/audit/?who=nobody&since=soon", "/audit/packs/"):
        page.goto(address)
        found += barriers(page)
        assert overflow(page) == 0, address
    page.goto("/audit/?subject=TR-1&action=review_decided")
    page.get_by_role("link", name="Review decided").click()
    page.get_by_role("heading", name="Before and after").wait_for()
    found += barriers(page)
    assert overflow(page) == 0, page.url
    page.get_by_role("button", name=re.compile(f"Replay decision {decision.pk}")).click()
    page.get_by_role("heading", name="Equal").wait_for()
    found += barriers(page)
    assert overflow(page) == 0, page.url
    assert found == []


def test_a_pack_of_nothing_is_refused_where_it_was_asked_for(
    open_browser: Callable[..., Page], overridden: Component, auditor: User, complaints: list[str]
) -> None:
    page = open_browser(auditor)
    page.goto("/audit/packs/")
    page.get_by_label("Component", exact=False).last.fill("TR-2")
    page.get_by_role("button", name="Make and download the pack").click()
    expect(page.get_by_text("There is no such component.")).to_be_visible()
    assert barriers(page) == []
    # The browser complains of the status 422 itself.
    complaints.clear()


def test_the_keyboard_walks_events(open_browser: Callable[..., Page], overridden: Component, auditor: User) -> None:
    page = open_browser(auditor)
    page.goto("/audit/")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/audit/\d+/$"))
    page.keyboard.press("[")
    expect(page.get_by_text("are as they were written").or_(page.get_by_text("is as it was"))).to_be_visible()
    page.keyboard.press("u")
    page.wait_for_url("**/audit/")
