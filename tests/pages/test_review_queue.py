"""The queue: what waits, in which order, why, and in whose hands."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from components.exceptions import NotYours
from components.models import User
from components.services.deciding import decide
from components.services.questions import answer
from components.services.reviewing import claim, claim_next
from components.services.routing import ask_for_review
from components.services.stopping import stop_labelling
from mlops.models import ModelVersion
from tests.bundles import COMPLIANT_TEXT, NON_COMPLIANT_TEXT
from tests.conftest import PASSWORD
from tests.pages.conftest import client_of
from tests.waiting import draw_all, route_all, submit


@pytest.fixture
def omar(officer: User, champion: ModelVersion) -> Client:
    return client_of(officer)


def whys(client: Client) -> list[str]:
    text = client.get("/reviews/").content.decode()
    return [why.replace("&quot;", '"') for why in re.findall(r'class="why">(.*?)</td>', text, re.DOTALL)]


def test_a_review_says_why_it_came(omar: Client, technician: User, officer: User, admin: User) -> None:
    route_all()
    submit(COMPLIANT_TEXT, by=technician)
    submit(NON_COMPLIANT_TEXT, by=technician)
    route_all(blind=True)
    submit("a third of steel", by=technician)
    draw_all()
    submit("a fourth of steel", by=technician)
    stop_labelling(reason="a look at the model", by=admin)
    submit("a fifth of steel", by=technician)
    assert set(whys(omar)) == {
        "Labelled compliant, but non-compliant with a probability of 1 %.",
        "Labelled non-compliant, but compliant with a probability of 1 %.",
        "Its score is too uncertain to stand alone; the model&#x27;s answer is hidden until you decide.",
        "Drawn at random.",
        "Nobody has labelled it: automatic labelling was stopped.",
    }


def test_a_question_is_told_with_who_asks_and_what(omar: Client, technician: User, component) -> None:
    asked = component("a bracket", score=0.9)
    ask_for_review(component_id=asked.pk, note="Is <b>this</b> right?", by=technician)
    assert whys(omar) == ["Tess asks: “Is &lt;b&gt;this&lt;/b&gt; right?”"]


def test_what_was_passed_on_comes_first_and_says_so(omar: Client, technician: User, officer: User) -> None:
    route_all()
    first = submit(NON_COMPLIANT_TEXT, by=technician)
    submit(COMPLIANT_TEXT, by=technician)
    lease = claim(review_id=first.pk, by=officer).lease
    decide(review_id=first.pk, lease=lease, outcome="escalate", note="I know no iron", number=1, seconds=1, by=officer)
    assert whys(omar)[0] == "Passed on by a colleague: “I know no iron”"


def test_an_answer_comes_back_with_its_words(omar: Client, technician: User, officer: User) -> None:
    route_all()
    first = submit(NON_COMPLIANT_TEXT, by=technician)
    lease = claim(review_id=first.pk, by=officer).lease
    asked = decide(review_id=first.pk, lease=lease, outcome="ask", note="Which iron?", number=1, seconds=1, by=officer)
    assert whys(omar) == []
    assert "Nothing waits for a decision" in omar.get("/reviews/").content.decode()
    answer(decision_id=asked.pk, text="Cast iron.", by=technician)
    assert whys(omar) == ["Tess answered: “Cast iron.”"]


def test_the_counts_say_how_much_waits_and_in_whose_hands(omar: Client, technician: User, officer: User) -> None:
    route_all()
    for number in range(3):
        submit(f"a {number} of steel", by=technician)
    claim_next(by=officer)
    text = omar.get("/reviews/").content.decode()
    assert re.search(r'<dt>Open</dt>\s*<dd class="number">\s*3\s*</dd>', text)
    assert re.search(r'Omar Officer <span class="number">\(1\)</span>', text)
    assert text.count("<strong>you</strong>") == 1


def test_the_queue_has_pages(omar: Client, technician: User, component) -> None:
    for number in range(60):
        ask_for_review(component_id=component(f"part {number}", score=0.9).pk, note="?", by=technician)
    assert len(whys(omar)) == 50
    text = omar.get("/reviews/?page=2").content.decode()
    assert text.count('class="why"') == 10
    assert omar.get("/reviews/?page=x").status_code == omar.get("/reviews/?page=99").status_code == 200


def test_the_number_of_queries_does_not_grow_with_the_rows(omar: Client, technician: User, component) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            omar.get("/reviews/")
        return len(captured)

    ask_for_review(component_id=component("part", score=0.9).pk, note="?", by=technician)
    queries()
    few = queries()
    for number in range(20):
        ask_for_review(component_id=component(f"part {number}", score=0.9).pk, note="?", by=technician)
    assert queries() == few <= 14


def test_a_technician_has_no_queue(web: Client) -> None:
    assert web.get("/reviews/").status_code == 403


@pytest.mark.parametrize("role", ["auditor", "admin_without_rights_of_officers"])
def test_auditors_and_admins_look_on_but_cannot_begin(role: str, technician: User, champion: ModelVersion) -> None:
    from django.contrib.auth.models import Group

    person = User.objects.create_user(username=role, password=PASSWORD)
    person.groups.add(Group.objects.get(name="auditor" if role == "auditor" else "admin"))
    route_all(blind=True)
    review = submit(COMPLIANT_TEXT, by=technician)
    client = client_of(person)
    text = client.get("/reviews/").content.decode()
    assert "Labelled compliant, but non-compliant" in text
    assert "Start reviewing" not in text
    assert "data-decide" not in client.get(f"/reviews/{review.pk}/").content.decode()
    for address in ("next", f"{review.pk}/decide", f"{review.pk}/keep", f"{review.pk}/release"):
        assert client.post(f"/reviews/{address}/").status_code == 403
    assert client.post("/decisions/1/undo/").status_code == 403


def test_who_begins_gets_the_first_in_hand(omar: Client, technician: User, officer: User) -> None:
    route_all()
    submit(NON_COMPLIANT_TEXT, by=technician)
    riskier = submit(COMPLIANT_TEXT, by=technician)
    answered = omar.post("/reviews/next/")
    assert answered["Location"] == f"/reviews/{riskier.pk}/"
    riskier.refresh_from_db()
    assert riskier.holder == officer


def test_who_begins_when_nothing_waits_is_told(omar: Client) -> None:
    text = omar.post("/reviews/next/", follow=True).content.decode()
    assert "Nothing waits for you." in text
    assert omar.post("/reviews/next/", headers={"HX-Request": "true"}).status_code == 204


def test_who_begins_while_another_is_faster_is_told(omar: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def lose(**wish: object) -> None:
        raise NotYours("Another officer has this review.")

    monkeypatch.setattr("components.views.reviews.reviewing.claim_next", lose)
    assert "Another officer has this review." in omar.post("/reviews/next/", follow=True).content.decode()


def test_the_pages_keep_to_the_policy(omar: Client, technician: User) -> None:
    route_all()
    submit(COMPLIANT_TEXT, by=technician)
    for answered in (omar.get("/reviews/"), omar.post("/reviews/next/", follow=True)):
        text = answered.content.decode()
        assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", text)
        policy = answered["Content-Security-Policy"].split("; ")
        assert "script-src 'self'" in policy
        assert "unsafe" not in " ".join(policy)
        assert "no-store" in answered["Cache-Control"]
