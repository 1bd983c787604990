"""An officer's morning by the keyboard alone, with a worker that labels and a technician who answers."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest
from django.db import connection
from playwright.sync_api import Page, expect
from pytest_django import Settings

from components.models import Component, Decision, Review, User
from components.services.stopping import resume_labelling, stop_labelling
from components.tasks import label_pending
from tests.conftest import PASSWORD
from tests.services import ROOT
from tests.shown import keep
from tests.waiting import route_all, submit

PATIENCE_SECONDS = 60


@pytest.fixture
def worker(live_server, champion, settings: Settings) -> Iterator[subprocess.Popen[bytes]]:
    """A worker of the same installation: the database of the test, its Redis and its models."""
    there = connection.settings_dict
    environment = {
        **os.environ,
        "DATABASE_URL": f"postgresql://{there['USER']}@{there['HOST']}:{there['PORT']}/{there['NAME']}",
        "MODEL_DIR": str(settings.MODEL_DIR),
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "celery", "-A", "trey_compliance", "worker", "--loglevel", "WARNING"],
        cwd=ROOT,
        env=environment,
    )
    yield process
    process.terminate()
    process.wait(PATIENCE_SECONDS)


def eventually(holds) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def prepare(technician: User, admin: User) -> None:
    """Ten reviews: in the order of the queue one unlabelled, two blind, six called compliant, one of plastic."""
    stop_labelling(reason="A look at the model.", by=admin)
    submit("unlabelled bracket of steel", by=technician, external_id="U-1")
    resume_labelling(reason="It is well.", by=admin)
    route_all()
    for number in range(1, 7):
        submit(f"good steel component {number}", by=technician, external_id=f"C-{number}")
    route_all(blind=True)
    submit("good steel cover", by=technician, external_id="B-1")
    submit("good steel sleeve", by=technician, external_id="B-2")
    route_all()


def at(page: Page, name: str) -> None:
    expect(page.get_by_role("heading", level=1, name=name, exact=True)).to_be_visible()
    page.wait_for_load_state()  # a heading is there before the script that listens to the keys


def at_queue(page: Page) -> None:
    at(page, "Reviews")


def test_ten_items_from_log_in_to_log_out(
    open_browser, worker: subprocess.Popen[bytes], technician: User, officer: User, admin: User
) -> None:
    prepare(technician, admin)
    (pending,) = keep(["a plastic cover"], by=technician, external_id="W-1")
    label_pending.delay()
    eventually(lambda: Review.objects.filter(component=pending).exists())

    page: Page = open_browser()
    log_in(page)
    label_confirm_and_override(page)
    pass_on_ask_and_undo(page)
    answer_as_technician(open_browser, technician)
    page.keyboard.press("r")
    expect(page.get_by_role("button", name="Start reviewing")).to_be_visible()
    page.wait_for_load_state()
    page.keyboard.press("r")
    at(page, "C-4")
    expect(page.get_by_text("Tess answered: “It says 2012.”")).to_be_visible()
    page.keyboard.press("c")
    at_queue(page)
    log_out(page)

    assert decided() == [
        ("U-1", "label", "compliant"),
        ("B-1", "confirm", "compliant"),
        ("B-2", "override", "non-compliant"),
        ("C-1", "confirm", "compliant"),
        ("C-2", "override", "non-compliant"),
        ("C-3", "escalate", ""),
        ("C-4", "ask", ""),
        ("C-5", "confirm", "compliant"),
        ("C-5", "undo", ""),
        ("C-5", "override", "non-compliant"),
        ("C-6", "confirm", "compliant"),
        ("W-1", "confirm", "non-compliant"),
        ("C-4", "confirm", "compliant"),
    ]
    noted = Decision.objects.get(component__external_id="C-2")
    assert noted.note == "the stamp says 1993, c o e a s z 1 2"
    assert noted.reason_code is not None
    assert 0 < noted.seconds < 60
    assert Component.objects.get(external_id="C-5").label.value == "non-compliant"
    assert not Review.objects.exclude(holder=None).exists()


def log_in(page: Page) -> None:
    page.goto("/login/?next=/reviews/")
    page.keyboard.type("officer")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    at_queue(page)


def label_confirm_and_override(page: Page) -> None:
    page.keyboard.press("r")

    at(page, "U-1")
    page.keyboard.press("1")

    at(page, "B-1")
    expect(page.get_by_text("hidden until you decide").first).to_be_visible()
    page.keyboard.press("1")
    at(page, "B-2")
    page.keyboard.press("2")

    at(page, "C-1")
    page.keyboard.press("c")

    at(page, "C-2")
    page.keyboard.press("o")
    page.keyboard.press("3")
    page.keyboard.press("/")
    page.keyboard.type("the stamp says 1993, c o e a s z 1 2")
    page.keyboard.press("Control+Enter")


def pass_on_ask_and_undo(page: Page) -> None:
    at(page, "C-3")
    page.keyboard.press("e")
    page.keyboard.type("I know too little of sintered steel")
    page.keyboard.press("Control+Enter")

    at(page, "C-4")
    page.keyboard.press("a")
    page.keyboard.type("Which year does the stamp say?")
    page.keyboard.press("Control+Enter")

    at(page, "C-5")
    page.keyboard.press("c")
    at(page, "C-6")
    page.keyboard.press("z")
    at(page, "C-5")
    page.keyboard.press("o")
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    at(page, "C-6")
    page.keyboard.press("c")

    at(page, "W-1")
    expect(page.locator("#item .text mark")).to_have_text("plastic")
    page.keyboard.press("c")
    at_queue(page)
    expect(page.get_by_text("Nothing waits for a decision")).to_be_hidden()  # the one passed on is a colleague's


def log_out(page: Page) -> None:
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('.menu summary')"):
            break
    page.keyboard.press("Enter")
    for _ in range(8):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.innerText") == "Sign out":
            break
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def answer_as_technician(open_browser, technician: User) -> None:
    page: Page = open_browser(technician)
    page.goto(f"/questions/{Decision.objects.get(outcome='ask').pk}/")
    page.get_by_role("textbox").first.fill("It says 2012.")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("the review is with the officers again")).to_be_visible()


def decided() -> list[tuple[str, str, str]]:
    return list(Decision.objects.order_by("pk").values_list("component__external_id", "outcome", "value"))
