"""The review pages: no barrier on any, in any state; the claim that is lost; links and forms without a script."""

import re
from collections.abc import Callable, Iterator

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django import Settings

from components.models import Decision, Review, User
from components.services.reviewing import claim
from components.services.routing import ask_for_review
from components.services.stopping import resume_labelling, stop_labelling
from mlops.contracts import Label
from mlops.models import ModelVersion
from tests.browser.conftest import PHONE
from tests.browser.test_every_page import SCHEMES, barriers
from tests.conftest import PASSWORD
from tests.shown import enter
from tests.waiting import review_of, route_all, submit

NOTE = "I typed this."


@pytest.fixture
def reviews(technician: User, olga: User, admin: User, champion: ModelVersion) -> dict[str, Review]:
    """A review of every kind."""
    stop_labelling(reason="A look at the model.", by=admin)
    unlabelled = submit("unlabelled bracket of steel", by=technician, external_id="U-1")
    resume_labelling(reason="It is well.", by=admin)
    enter("iron component, fair", by=olga, officer_says=Label.NON_COMPLIANT)
    route_all()
    shown = submit("iron component, in fair condition " + "x" * 200, by=technician, external_id="X" * 100)
    route_all(blind=True)
    blind = submit("a cover of plastic", by=technician)
    asked = enter("a bracket", by=technician, score=0.9)
    ask_for_review(component_id=asked.pk, note="Is this right? " + "y" * 150, by=technician)
    return {"unlabelled": unlabelled, "shown": shown, "blind": blind, "asked": review_of(asked)}


@pytest.fixture
def open_browser(open_browser: Callable[..., Page]) -> Iterator[Callable[..., Page]]:
    """As ever; but at the end each page leaves in peace, before the database is emptied under it."""
    opened: list[Page] = []

    def remembered(*who: User, **options: object) -> Page:
        opened.append(open_browser(*who, **options))
        return opened[-1]

    yield remembered
    for page in opened:
        page.goto("/account/password/")
        page.wait_for_timeout(300)


def hand(review: Review, officer: User) -> str:
    """Its address, with the review in the officer's hand."""
    claim(review_id=review.pk, by=officer)
    return f"/reviews/{review.pk}/"


@pytest.mark.parametrize("options", SCHEMES.values(), ids=SCHEMES.keys())
def test_no_review_page_has_a_barrier(
    reviews: dict[str, Review], options: dict, open_browser: Callable[..., Page], officer: User
) -> None:
    page = open_browser(officer, **options)
    found = []
    page.goto("/reviews/")
    found += barriers(page)
    for review in reviews.values():
        page.goto(f"/reviews/{review.pk}/")
        found += barriers(page)
        page.goto(hand(review, officer))
        page.wait_for_load_state("networkidle")
        found += barriers(page)
        for part in ("words", "similar"):
            page.goto(f"/reviews/{review.pk}/{part}/")
            found += barriers(page)
    assert found == []


@pytest.mark.parametrize("options", SCHEMES.values(), ids=SCHEMES.keys())
def test_no_state_of_a_review_has_a_barrier(
    reviews: dict[str, Review], options: dict, open_browser: Callable[..., Page], officer: User, complaints: list[str]
) -> None:
    page = open_browser(officer, **options)
    page.goto(hand(reviews["shown"], officer))
    page.locator("summary", has_text="Override").click()
    found = barriers(page)
    page.get_by_role("button", name=re.compile("Override: it is")).click()
    expect(page.get_by_text("Choose why the label is wrong")).to_be_visible()
    found += barriers(page)
    page.locator("#item textarea").fill("z" * 2001)
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_text("2,000 characters at most")).to_be_visible()
    found += barriers(page)
    page.locator("#item textarea").fill(NOTE)
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    found += barriers(page)
    complaints[:] = [complaint for complaint in complaints if "status of 422" not in complaint]
    assert found == []


@pytest.mark.parametrize("width", [390, 320])
def test_no_review_scrolls_sideways_on_a_phone(
    reviews: dict[str, Review], open_browser: Callable[..., Page], officer: User, width: int
) -> None:
    page = open_browser(officer, **{**PHONE, "viewport": {"width": width, "height": 844}})
    for address in ("/reviews/", *(hand(review, officer) for review in reviews.values())):
        page.goto(address)
        page.wait_for_load_state("networkidle")
        assert page.evaluate("document.querySelector('main').scrollWidth") <= width, address


def test_a_lost_claim_is_told_and_taken_again_with_what_was_typed(
    reviews: dict[str, Review],
    open_browser: Callable[..., Page],
    officer: User,
    settings: Settings,
    complaints: list[str],
) -> None:
    settings.REVIEW_LEASE_SECONDS = 3
    page = open_browser(officer)
    page.goto(hand(reviews["shown"], officer))
    page.keyboard.press("/")
    page.keyboard.type(NOTE)
    page.keyboard.press("Escape")
    Review.objects.filter(pk=reviews["shown"].pk).update(holder=None, lease=None, leased_until=None)
    expect(page.get_by_text("claim it again. What you wrote is kept.")).to_be_visible()
    expect(page.get_by_role("button", name="Confirm")).to_be_disabled()
    assert barriers(page) == []
    page.keyboard.press("c")
    page.keyboard.press("r")
    expect(page.get_by_role("button", name="Confirm")).to_be_enabled()
    expect(page.locator("#item textarea")).to_have_value(NOTE)
    page.keyboard.press("c")
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    assert Decision.objects.get(review=reviews["shown"]).note == NOTE
    complaints[:] = [complaint for complaint in complaints if "status of 409" not in complaint]


def test_the_heartbeat_keeps_both_claims(
    reviews: dict[str, Review], open_browser: Callable[..., Page], officer: User, settings: Settings
) -> None:
    settings.REVIEW_LEASE_SECONDS = 3
    page = open_browser(officer)
    page.goto(hand(reviews["shown"], officer))
    expect(page.locator("#ahead article")).to_have_count(1)
    page.wait_for_timeout(4_000)
    held = Review.objects.filter(holder=officer, leased_until__gt=timezone.now())
    assert held.count() == 2
    assert page.get_by_role("button", name="Confirm").is_enabled()


def test_what_is_ahead_is_given_back_when_one_leaves(
    reviews: dict[str, Review], open_browser: Callable[..., Page], officer: User
) -> None:
    page = open_browser(officer)
    page.goto(hand(reviews["shown"], officer))
    expect(page.locator("#ahead article")).to_have_count(1)
    page.goto("/")
    for _ in range(50):
        if Review.objects.filter(holder=officer).count() == 1:
            break
        page.wait_for_timeout(100)
    assert Review.objects.get(holder=officer) == reviews["shown"]


def test_the_next_is_there_before_it_is_asked_for(
    reviews: dict[str, Review], open_browser: Callable[..., Page], officer: User
) -> None:
    page = open_browser(officer)
    page.goto(hand(reviews["blind"], officer))
    expect(page.locator("#ahead article")).to_have_count(1)
    name = page.locator("#ahead h1").text_content()
    claims: list[str] = []
    page.on("request", lambda request: claims.append(request.url) if "/next/" in request.url else None)
    page.keyboard.press("1")
    expect(page.locator("#item h1")).to_have_text(name or "")
    assert Decision.objects.count() == 2
    expect(page.locator("#item article")).to_be_focused()
    expect(page.locator("#ahead article")).to_have_count(1)
    assert len(claims) == 1


def test_keys_are_letters_while_one_types_and_can_be_switched_off(
    reviews: dict[str, Review], open_browser: Callable[..., Page], officer: User
) -> None:
    page = open_browser(officer)
    page.goto(hand(reviews["shown"], officer))
    page.keyboard.press("/")
    page.keyboard.type("c")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(page.locator("#item textarea")).to_have_value("c\n")
    page.evaluate("localStorage.setItem('shortcuts-off', 'yes')")
    page.keyboard.press("c")
    page.wait_for_timeout(300)
    assert Decision.objects.count() == 1


def test_enter_on_a_reason_confirms_nothing(
    reviews: dict[str, Review], open_browser: Callable[..., Page], officer: User
) -> None:
    page = open_browser(officer)
    page.goto(hand(reviews["shown"], officer))
    page.keyboard.press("o")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Choose why the label is wrong")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    assert Decision.objects.latest("pk").outcome == "override"


def test_a_note_outlives_a_page_that_is_loaded_again(
    reviews: dict[str, Review], open_browser: Callable[..., Page], officer: User
) -> None:
    page = open_browser(officer)
    page.goto(hand(reviews["shown"], officer))
    page.locator("#item textarea").fill(NOTE)
    page.reload()
    expect(page.locator("#item textarea")).to_have_value(NOTE)


def test_a_note_outlives_a_session_that_ends_while_one_decides(
    reviews: dict[str, Review], open_browser: Callable[..., Page], officer: User
) -> None:
    page = open_browser(officer)
    page.goto(hand(reviews["unlabelled"], officer))
    page.locator("#item textarea").fill(NOTE)
    Session.objects.all().delete()
    page.keyboard.press("Escape")
    page.keyboard.press("1")
    page.get_by_label("Username").fill("officer")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator("#item textarea")).to_have_value(NOTE)
    assert not reviews["unlabelled"].decisions.exists()


def test_what_a_colleague_has_is_told(
    reviews: dict[str, Review], open_browser: Callable[..., Page], officer: User, olga: User
) -> None:
    address = hand(reviews["shown"], olga)
    page = open_browser(officer)
    page.goto(address)
    expect(page.get_by_text("Olga Berg has it in hand.")).to_be_visible()
    assert barriers(page) == []


def test_without_a_script_one_decides_overrides_skips_and_undoes(
    reviews: dict[str, Review], open_browser: Callable[..., Page], officer: User
) -> None:
    page = open_browser(officer, java_script_enabled=False)
    page.goto("/reviews/")
    page.get_by_role("button", name="Start reviewing").click()
    expect(page.get_by_role("heading", level=1, name="U-1")).to_be_visible()
    page.get_by_role("button", name="Compliant 1", exact=True).click()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Your decision is undone")).to_be_visible()
    heading = page.get_by_role("heading", level=1)
    while (name := heading.inner_text()) != "X" * 100:
        page.get_by_role("button", name="Skip").click()
        # The click does not wait for the page it leads to.
        expect(heading).not_to_have_text(name)
    page.get_by_role("link", name="Show them").first.click()
    expect(page.locator("mark", has_text="iron").first).to_be_visible()
    page.get_by_role("link", name="Back to the review").click()
    page.locator("summary", has_text="Override").click()
    page.get_by_label("The material was misread").check()
    page.get_by_role("button", name=re.compile("Override: it is")).click()
    assert Decision.objects.latest("pk").outcome == "override"
