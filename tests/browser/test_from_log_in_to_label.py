"""The main job: log in, enter a description, read its label."""

from playwright.sync_api import Page, expect

from components.models import Component, User
from tests.browser.conftest import PHONE
from tests.bundles import COMPLIANT_TEXT, NON_COMPLIANT_TEXT
from tests.conftest import PASSWORD


def test_a_technician_logs_in_enters_a_description_and_reads_its_label(open_browser, technician: User) -> None:
    page: Page = open_browser()
    page.goto("/")
    page.get_by_label("Username").fill("technician")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Submit a component").first.click()
    page.get_by_label("Description").fill(NON_COMPLIANT_TEXT)
    page.get_by_label("External id").fill("TR-1")
    page.get_by_role("button", name="Submit", exact=False).first.click()
    expect(page.get_by_role("heading", name="TR-1")).to_be_visible()
    expect(page.get_by_role("region", name="Label", exact=True)).to_contain_text("Non-compliant")
    expect(page.get_by_role("region", name="Label", exact=True)).to_contain_text("with probability 0.9")
    expect(page.locator("#messages")).to_have_text("Submitted and labelled non-compliant.")


def test_the_same_on_a_phone(open_browser, technician: User) -> None:
    page: Page = open_browser(technician, **PHONE)
    page.goto("/")
    page.get_by_role("link", name="Submit").first.tap()
    page.get_by_label("Description").fill(COMPLIANT_TEXT)
    page.get_by_role("button", name="Submit").first.tap()
    expect(page.get_by_role("region", name="Label", exact=True)).to_contain_text("Compliant")


def test_one_after_the_other_is_entered_without_the_mouse(tess: Page) -> None:
    tess.goto("/components/new/")
    for number, text in enumerate((COMPLIANT_TEXT, NON_COMPLIANT_TEXT)):
        tess.keyboard.type(text)
        tess.keyboard.press("Control+Shift+Enter")
        tess.wait_for_url("**/components/new/?after=*")
        expect(tess.get_by_role("status").filter(has_text="with probability")).to_be_visible()
        assert Component.objects.count() == number + 1
        expect(tess.get_by_label("Description")).to_be_focused()
    tess.keyboard.type("a last one of steel")
    tess.keyboard.press("Control+Enter")
    tess.wait_for_url("**/components/*/")
    assert Component.objects.count() == 3


def test_an_impatient_second_click_enters_nothing_twice(tess: Page) -> None:
    tess.goto("/components/new/")
    tess.get_by_label("Description").fill(COMPLIANT_TEXT)
    tess.get_by_role("button", name="Submit and enter another").dblclick()
    tess.wait_for_url("**/components/new/?after=*")
    assert Component.objects.count() == 1


def test_characters_are_counted_as_the_server_counts_them(tess: Page) -> None:
    tess.goto("/components/new/")
    count = tess.locator("#id_description_count")
    expect(count).to_have_text("0 / 10,000")
    tess.get_by_label("Description").fill("\U0001f697 one\ntwo")
    expect(count).to_have_text("9 / 10,000")
    tess.get_by_label("Description").fill("\U0001f697" * 10_001)
    expect(count).to_have_text("10,001 / 10,000")
    expect(count).to_have_class("count muted small number over")


def test_a_mistake_leaves_the_text_and_the_cursor_where_it_is(tess: Page, component, complaints: list[str]) -> None:
    component("the first", external_id="TR-1")
    page = tess
    page.goto("/components/new/")
    page.get_by_label("Description").fill("  the second \n")
    page.get_by_label("External id").fill("TR-1")
    with page.expect_response("**/components/new/") as answer:
        page.keyboard.press("Control+Enter")
    assert answer.value.status == 409
    expect(page.get_by_label("External id")).to_be_focused()
    expect(page.get_by_label("Description")).to_have_value("  the second \n")
    # The browser complains of the status itself.
    complaints.clear()


def test_a_component_that_waits_shows_its_label_by_itself(tess: Page, component, champion) -> None:
    from components.services import label_pending

    waiting = component(NON_COMPLIANT_TEXT)
    tess.goto(f"/components/{waiting.pk}/")
    expect(tess.get_by_text("Waiting for its label")).to_be_visible()
    label_pending()
    expect(tess.get_by_role("region", name="Label", exact=True)).to_contain_text("Non-compliant")
    expect(tess.locator("#messages")).to_have_text("Labelled non-compliant.")
