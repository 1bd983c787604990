"""Making a token with a browser."""

from playwright.sync_api import Page, expect


def test_a_new_token_is_copied_and_then_gone(tess: Page) -> None:
    tess.context.grant_permissions(["clipboard-read", "clipboard-write"])
    tess.goto("/account/tokens/")
    tess.get_by_label("Expires after").select_option("1 year")
    tess.get_by_role("button", name="Create token").click()
    tess.get_by_role("button", name="Copy").click()
    expect(tess.get_by_role("button", name="Copied")).to_be_visible()
    copied = tess.evaluate("navigator.clipboard.readText()")
    assert copied == tess.get_by_role("textbox", name="New token").input_value()
    assert copied.startswith("trey_")
    tess.get_by_role("button", name="Revoke").click()
    expect(tess.locator("#messages")).to_contain_text("is revoked")
    expect(tess.get_by_text("None yet.")).to_be_visible()
