"""What holds on every page: no barrier that axe finds, nothing refused by the policy, nothing wider than a phone."""

import json

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import Group
from django.urls import resolve
from knox.models import AuthToken
from playwright.sync_api import Page

from components.models import Component, Decision, ReviewPolicy, User
from components.services import submit_component
from components.services.stopping import stop_labelling
from components.urls import urlpatterns
from mlops.contracts import Label
from mlops.models import Deployment, ModelVersion, Prediction
from tests import told
from tests.browser.conftest import DESKTOP, PHONE
from tests.conftest import PASSWORD
from tests.shown import keep

LONG_WORD = "x" * 300
# What has no page of its own, and what files of their own open in every state: tests/browser/test_officers_pages.py,
# tests/browser/test_auditors_check.py.
ELSEWHERE = {"logout", "token-revoke", "review-next", "review-decide", "review-keep", "review-release"} | {
    *("review-words", "review-similar", "decision-undo", "decision-replay", "review-queue", "review"),
    *("audit-search", "audit-event", "audit-pack"),
}
SCHEMES = {
    "desktop, light": DESKTOP,
    "desktop, dark": {**DESKTOP, "color_scheme": "dark"},
    "phone, light": PHONE,
    "phone, dark": {**PHONE, "color_scheme": "dark"},
}


@pytest.fixture
def pages(component, technician: User) -> list[str]:
    """The address of every page in every state."""
    labelled = component("Steel bracket, new. And iron", score=0.1, text_seen="steel bracket, new.", truncated=True)
    overridden = component(LONG_WORD, score=0.9, external_id="X" * 100, officer_says=Label.COMPLIANT)
    waiting = component("a tray of iron", external_id="TR-1")
    keep((f"part {n}" for n in range(60)), by=technician)
    AuthToken.objects.create(technician)
    shown = [labelled.pk, overridden.pk, waiting.pk]
    return [
        "/",
        "/?page=2",
        "/?search=nothing-of-the-kind",
        f"/?label=foo&page=abc&search={LONG_WORD}",
        "/components/new/",
        f"/components/new/?after={labelled.pk}",
        *(f"/components/{pk}/" for pk in shown),
        "/account/tokens/",
        "/account/password/",
        "/account/password/changed/",
    ]


@pytest.fixture
def role_pages(technician: User, officer: User, admin: User, champion: ModelVersion) -> dict[str, list[str]]:
    """For each role the address of every page that is its own, with everything on it that can be."""
    reviewed = told.tell(technician=technician, officer=officer, admin=admin)
    told.ask(reviewed, by=officer)
    asked = submit_component(description=f"a tray {LONG_WORD}", by=technician)
    question = told.ask(asked, by=officer)
    told.look_at_everything(by=admin, blind_share=1)
    blind = submit_component(description="a blind tray", by=technician)
    auditor = User.objects.create_user(username="auditor")
    auditor.groups.add(Group.objects.get(name="auditor"))
    stop_labelling(reason=f"A drill {LONG_WORD}", by=admin)
    return {
        "technician": [
            "/home/",
            f"/components/{reviewed.pk}/",
            f"/components/{reviewed.pk}/edit/",
            f"/components/{reviewed.pk}/ask/",
            f"/questions/{question.pk}/",
            "/components/new/",
        ],
        "officer": ["/home/", "/", f"/components/{blind.pk}/", f"/components/{reviewed.pk}/"],
        "admin": ["/home/", "/stop-switch/", f"/components/{asked.pk}/"],
        "auditor": ["/home/", f"/components/{reviewed.pk}/"],
    }


def test_every_address_of_the_table_is_opened_here_or_elsewhere(
    pages: list[str], role_pages: dict[str, list[str]]
) -> None:
    opened = [*pages, *(address for own in role_pages.values() for address in own), "/login/"]
    names = {resolve(address.partition("?")[0]).url_name for address in opened}
    assert {pattern.name for pattern in urlpatterns} == names | ELSEWHERE


def test_no_page_of_any_role_has_a_barrier_or_is_wider_than_its_window(
    role_pages: dict[str, list[str]], scheme: dict, open_browser
) -> None:
    found: list[object] = []
    for role, addresses in role_pages.items():
        page: Page = open_browser(User.objects.get(username=role), **scheme)
        for address in addresses:
            page.goto(address)
            for details in page.locator("main details").all():
                details.locator("summary").click()
            found += barriers(page)
            if overflow(page):
                found.append(f"{role} {address} scrolls sideways")
    assert found == []


def test_no_page_of_any_role_scrolls_sideways_on_the_smallest_phone(
    role_pages: dict[str, list[str]], open_browser
) -> None:
    for role, addresses in role_pages.items():
        page: Page = open_browser(
            User.objects.get(username=role), **{**PHONE, "viewport": {"width": 320, "height": 640}}
        )
        for address in addresses:
            page.goto(address)
            assert overflow(page) == 0, (role, address)


@pytest.fixture(params=SCHEMES.values(), ids=SCHEMES.keys())
def scheme(request: pytest.FixtureRequest) -> dict[str, object]:
    return request.param


def barriers(page: Page, *, preload: bool = True) -> list[str]:
    """What axe finds. Where a sheet imports another, axe can `preload` it only by a style that the policy refuses."""
    found = Axe().run(page, options={"resultTypes": ["violations"], "preload": preload}).response["violations"]
    return [
        f"{page.url} {rule['id']}: {node['html']} {json.dumps(node['any'])}" for rule in found for node in rule["nodes"]
    ]


def overflow(page: Page) -> int:
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def test_no_page_has_a_barrier_or_a_refused_file(
    pages: list[str], scheme: dict, open_browser, technician: User
) -> None:
    page: Page = open_browser(technician, **scheme)
    found = []
    for address in pages:
        page.goto(address)
        found += barriers(page)
    assert found == []


def test_no_state_of_a_page_has_a_barrier(pages: list[str], scheme: dict, open_browser, technician: User) -> None:
    page: Page = open_browser(technician, **scheme)
    page.goto("/")
    page.locator(".menu summary").click()
    found = barriers(page)
    page.goto("/components/new/")
    page.evaluate("document.getElementById('shortcuts').showModal()")
    found += barriers(page)
    page.goto("/account/tokens/")
    page.get_by_role("button", name="Create token").click()
    page.get_by_role("textbox", name="New token").wait_for()
    found += barriers(page)
    assert found == []


def test_no_page_of_somebody_unknown_has_a_barrier(
    open_browser, scheme: dict, technician: User, complaints: list[str]
) -> None:
    page: Page = open_browser(**scheme)
    page.goto("/login/?next=/components/new/")
    found = barriers(page)
    page.goto("/nowhere/")
    found += barriers(page)
    for _ in range(5):
        page.goto("/login/")
        page.get_by_label("Username").fill("technician")
        page.get_by_label("Password").fill("wrong")
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_load_state()
        found += barriers(page)
    assert "Sign-in is locked" in page.content()
    # The browser complains of the statuses 404 and 429 themselves.
    complaints[:] = [complaint for complaint in complaints if "the server responded with a status" not in complaint]
    assert found == []


def test_a_refused_form_has_no_barrier(open_browser, scheme: dict, technician: User, complaints: list[str]) -> None:
    page: Page = open_browser(technician, **scheme)
    page.goto("/components/new/")
    page.get_by_label("External id").fill("x" * 101)
    page.get_by_role("button", name="Submit").first.click()
    page.get_by_text("Describe the component.").wait_for()
    complaints[:] = [complaint for complaint in complaints if "status of 422" not in complaint]
    assert barriers(page) == []


def test_while_no_model_serves_no_page_has_a_barrier(open_browser, scheme: dict, admin: User, champion) -> None:
    from mlops.services import serving

    Deployment.objects.update(ended_at=champion.registered_at)
    serving.reconcile()
    page: Page = open_browser(admin, **scheme)
    page.goto("/")
    assert page.get_by_text("No model is serving just now").is_visible()
    assert barriers(page) == []
    assert overflow(page) == 0


@pytest.mark.parametrize("width", [390, 320])
def test_no_page_scrolls_sideways_on_a_phone(pages: list[str], open_browser, technician: User, width: int) -> None:
    page: Page = open_browser(technician, **{**PHONE, "viewport": {"width": width, "height": 844}})
    for address in pages:
        page.goto(address)
        assert overflow(page) == 0, address


def test_text_twice_as_large_does_not_scroll_sideways(pages: list[str], open_browser, technician: User) -> None:
    # 200 % zoom on 1280 pixels leaves 640 of them.
    page: Page = open_browser(technician, viewport={"width": 640, "height": 400})
    for address in pages:
        page.goto(address)
        assert overflow(page) == 0, address


def test_the_policy_refuses_nothing_of_the_administration(
    pages: list[str], open_browser, admin: User, complaints: list[str]
) -> None:
    page: Page = open_browser()
    page.goto("/admin/")
    page.get_by_label("Username").fill("admin")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url("**/admin/")
    AuthToken.objects.create(admin)
    models = {
        "components/decision": Decision,
        "components/reviewpolicy": ReviewPolicy,
        "components/component": Component,
        "components/user": User,
        "mlops/prediction": Prediction,
        "mlops/deployment": Deployment,
    }
    for address, model in models.items():
        page.goto(f"/admin/{address}/")
        page.goto(f"/admin/{address}/{model.objects.order_by('pk').first().pk}/change/")
    for address in ("components/label", "components/regulation", "mlops/modelversion", "knox/authtoken", "auth/group"):
        page.goto(f"/admin/{address}/")
        page.locator("#result_list tbody th a").first.click()
        page.wait_for_load_state()
    for address in (
        "components/regulation/add",
        "components/user/add",
        "components/reviewpolicy/add",
        "axes/accessattempt",
        "password_change",
    ):
        page.goto(f"/admin/{address}/")
    assert complaints == []
