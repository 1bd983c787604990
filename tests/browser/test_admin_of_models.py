"""The pages of model versions in the administration: no barrier, nothing refused, nothing wider than a phone."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from components.models import User
from mlops.exceptions import RegistryUnavailable
from mlops.models import Denial, ModelVersion, RegistrySync, Transition
from mlops.services import registry
from mlops.services.syncing import sync
from tests.browser.conftest import PHONE
from tests.browser.test_every_page import SCHEMES, barriers, overflow
from tests.mlops import versions
from tests.mlops.pretended import Pretended, entry

LIST = "/admin/mlops/modelversion/"


@pytest.fixture
def pages(champion: ModelVersion, admin: User, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The address of every page of model versions, with everything on it that can be."""
    shelf = Pretended(entry(6))
    monkeypatch.setattr(registry, "current", lambda: shelf)
    shelf.sentences = ["Version 9 has no digest: it was registered by other means. " + "x" * 200]
    sync()
    shelf.failure = RegistryUnavailable("The workspace does not answer: it is tried again by itself.")
    sync()
    versions.measured(champion, wrong=20)
    good = versions.verified(2, tags={"boast": "best ever", "very-long-name-of-a-tag" * 4: "y" * 200})
    versions.measured(good, wrong=4)
    bad, fetched, known = versions.failed(3), versions.fetched(4), versions.registered(5)
    ranking = versions.ranked(champion, good, v2="candidate", v1="champion", v3="out")
    Denial.objects.create(pattern="tiny:5", reason="It leaks the names of customers.")
    shown = [good, bad, fetched, known, champion]
    return [
        LIST,
        *(reverse("admin:mlops_modelversion_change", args=(version.pk,)) for version in shown),
        reverse("admin:mlops_modelversion_sync"),
        reverse("admin:mlops_modelversion_fetch", args=(good.pk,)),
        reverse("admin:mlops_modelversion_verify", args=(fetched.pk,)),
        reverse("admin:mlops_modelversion_evaluate", args=(good.pk,)),
        reverse("admin:mlops_modelversion_reject", args=(good.pk,)),
        reverse("admin:mlops_modelversion_archive", args=(good.pk,)),
        reverse("admin:mlops_ranking_change", args=(ranking.pk,)),
        reverse("admin:mlops_registrysync_change", args=(RegistrySync.objects.first().pk,)),
        *(f"/admin/mlops/{name}/" for name in ("ranking", "registrysync", "transition", "verification", "evaluation")),
        "/admin/mlops/denial/",
        "/admin/mlops/denial/add/",
    ]


@pytest.fixture(params=SCHEMES.values(), ids=SCHEMES.keys())
def scheme(request: pytest.FixtureRequest) -> dict[str, object]:
    return request.param


def test_no_page_of_them_has_a_barrier_or_is_wider_than_its_window(
    pages: list[str], scheme: dict, open_browser, admin: User
) -> None:
    page: Page = open_browser(admin, **scheme)
    found: list[object] = []
    for address in pages:
        page.goto(address)
        page.evaluate("for (const one of document.querySelectorAll('#content details')) one.open = true")
        found += barriers(page, preload=False)
        if overflow(page):
            found.append(f"{address} scrolls sideways")
    assert found == []


def test_a_version_is_rejected_by_keyboard_alone_with_its_reason(
    pages: list[str], open_browser, admin: User, champion: ModelVersion
) -> None:
    page: Page = open_browser(admin)
    page.goto(pages[1])
    page.get_by_role("link", name="Reject", exact=True).focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/reject/")
    page.get_by_label("Reason").focus()
    page.keyboard.type("It was trained on our own answers.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page.get_by_text("tiny:2 is rejected.")).to_be_visible()
    expect(page.locator(".alarm").first).to_contain_text("It was trained on our own answers.")
    assert Transition.objects.first().by == admin


def test_on_a_phone_the_list_can_be_read_and_a_version_opened(pages: list[str], open_browser, admin: User) -> None:
    page: Page = open_browser(admin, **PHONE)
    page.goto(LIST)
    expect(page.get_by_text("The registry (local) cannot be read")).to_be_visible()
    page.get_by_role("link", name="tiny:3", exact=True).click()
    expect(page.get_by_text("golden samples: 3 of 7 are wrong.").first).to_be_visible()
