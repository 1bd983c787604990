"""One review: what stands on it in each state, and what its form does without a script."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from components.models import Decision, ReasonCode, Review, User
from components.services.deciding import decide
from components.services.questions import answer
from components.services.reviewing import Claimed, claim
from mlops.models import ModelVersion
from tests.bundles import COMPLIANT_TEXT, NON_COMPLIANT_TEXT
from tests.pages.conftest import client_of
from tests.told import ask
from tests.waiting import route_all, submit

HTMX = {"HX-Request": "true"}


@pytest.fixture
def omar(officer: User, champion: ModelVersion) -> Client:
    return client_of(officer)


@pytest.fixture
def waiting(technician: User, champion: ModelVersion) -> Review:
    route_all()
    return submit(NON_COMPLIANT_TEXT, by=technician, external_id="TR-1")


@pytest.fixture
def held(waiting: Review, officer: User) -> Claimed:
    return claim(review_id=waiting.pk, by=officer)


def page(client: Client, review: Review, **headers: str) -> str:
    shown = client.get(f"/reviews/{review.pk}/", headers=headers)
    assert shown.status_code == 200
    return shown.content.decode()


def fields(held: Claimed, outcome: str, **more: object) -> dict[str, object]:
    stands = held.review.component.label.value if not held.review.blind and held.review.component.label else ""
    return {"outcome": outcome, "lease": held.lease, "number": 1, "seconds": "2.5", "stands": stands, **more}


def test_a_review_shows_label_score_threshold_regulation_and_reason(omar: Client, waiting: Review) -> None:
    text = page(omar, waiting)
    for told in (
        NON_COMPLIANT_TEXT,
        "Score 0.993",
        "Threshold 0.500",
        "tiny:1",
        "TREY-2019-1",
        "made before 1995",
        "Labelled non-compliant, but compliant with a probability of 1 %.",
        "Entered by Tess Technician",
    ):
        assert told in text


def test_a_free_review_can_be_claimed_and_has_no_form_yet(omar: Client, waiting: Review, officer: User) -> None:
    text = page(omar, waiting)
    assert "data-decide" not in text
    assert "Review this one" in text
    assert omar.post("/reviews/next/", {"review": waiting.pk})["Location"] == f"/reviews/{waiting.pk}/"
    waiting.refresh_from_db()
    assert waiting.holder == officer


def test_looking_claims_nothing(omar: Client, waiting: Review) -> None:
    page(omar, waiting)
    waiting.refresh_from_db()
    assert waiting.holder is None


def test_every_button_shows_its_key(omar: Client, held: Claimed) -> None:
    text = page(omar, held.review)
    for key in ("c", "o", "e", "a", "s", "/"):
        assert f'data-key="{key}"' in text
    codes = re.findall(r'name="reason_code"\s+value="([^"]+)"', text)
    assert set(codes) == set(ReasonCode.objects.values_list("code", flat=True))


def test_a_retired_code_is_not_on_offer(omar: Client, held: Claimed) -> None:
    ReasonCode.objects.filter(code="wording").update(retired_at=timezone.now())
    assert 'value="wording"' not in page(omar, held.review)


def test_what_another_has_in_hand_is_shown_without_a_form(waiting: Review, omar: Client, officer: User) -> None:
    claim(review_id=waiting.pk, by=officer)
    other = User.objects.create_user(username="olga")
    other.groups.set(officer.groups.all())
    text = page(client_of(other), waiting)
    assert "Omar Officer has it in hand" in text
    assert "data-decide" not in text


@pytest.mark.parametrize(
    ("outcome", "more", "value"),
    [
        ("confirm", {}, "non-compliant"),
        ("override", {"reason_code": "negation", "note": "not iron"}, "compliant"),
        ("escalate", {"note": "I cannot tell"}, ""),
        ("ask", {"note": "Which iron?"}, ""),
    ],
)
def test_a_decision_is_kept_and_leads_on(
    omar: Client, held: Claimed, outcome: str, more: dict, value: str, technician: User
) -> None:
    after = submit(COMPLIANT_TEXT, by=technician)
    answered = omar.post(f"/reviews/{held.review.pk}/decide/", fields(held, outcome, **more))
    assert answered["Location"] == f"/reviews/{after.pk}/"
    decision = Decision.objects.get()
    assert (decision.outcome, decision.value, decision.note) == (outcome, value, more.get("note", ""))
    assert (decision.reason_code.code if decision.reason_code else None) == more.get("reason_code")
    assert decision.seconds == 2.5
    assert 'data-key="z"' in omar.get(answered["Location"]).content.decode()


def test_after_the_last_one_the_queue_says_so_and_offers_the_undo(omar: Client, held: Claimed) -> None:
    answered = omar.post(f"/reviews/{held.review.pk}/decide/", fields(held, "confirm"), follow=True)
    text = answered.content.decode()
    assert answered.redirect_chain == [("/reviews/", 302)]
    assert "Nothing waits for you." in text
    assert "Decided: TR-1 is non-compliant." in text
    assert re.search(r'data-seconds="(5\d|60)"', text)


def test_the_script_gets_the_way_back_in_answer_to_a_decision(omar: Client, held: Claimed) -> None:
    answered = omar.post(f"/reviews/{held.review.pk}/decide/", fields(held, "confirm"), headers=HTMX)
    assert answered.status_code == 200
    assert "<html" not in answered.content.decode()
    assert f"/decisions/{Decision.objects.get().pk}/undo/" in answered.content.decode()


def test_the_script_gets_the_next_one_as_a_fragment_in_hand(
    omar: Client, held: Claimed, technician: User, officer: User
) -> None:
    after = submit(COMPLIANT_TEXT, by=technician)
    answered = omar.post("/reviews/next/", {"besides": [held.review.pk]}, headers=HTMX)
    text = answered.content.decode()
    assert "<html" not in text
    assert f'data-review="{after.pk}"' in text
    assert "data-decide" in text
    assert Review.objects.filter(holder=officer).count() == 2


def test_nobody_holds_three(omar: Client, held: Claimed, technician: User, officer: User) -> None:
    for number in range(3):
        submit(f"a {number} of steel", by=technician)
    for _ in range(3):
        omar.post("/reviews/next/", {"besides": [held.review.pk]}, headers=HTMX)
    omar.post("/reviews/next/", {"review": Review.objects.filter(holder=None).first().pk})
    assert Review.objects.filter(holder=officer).count() == 2


def test_a_review_is_undone_and_in_hand_again(omar: Client, held: Claimed) -> None:
    omar.post(f"/reviews/{held.review.pk}/decide/", fields(held, "confirm"))
    decision = Decision.objects.get()
    text = omar.post(f"/decisions/{decision.pk}/undo/", follow=True).content.decode()
    assert "Your decision is undone" in text
    assert "data-decide" in text
    assert "undid the decision" in text
    assert 'data-key="z"' not in text


def test_an_undo_that_comes_too_late_is_told_and_no_undo_offered(omar: Client, held: Claimed) -> None:
    omar.post(f"/reviews/{held.review.pk}/decide/", fields(held, "confirm"))
    decision = Decision.objects.get()
    later = timezone.now() + timedelta(seconds=61)
    import time_machine

    with time_machine.travel(later, tick=False):
        assert 'data-key="z"' not in omar.get("/reviews/").content.decode()
        answered = omar.post(f"/decisions/{decision.pk}/undo/", headers=HTMX)
        assert answered.status_code == 409
        assert "within 60 seconds" in answered.content.decode()
        assert "within 60 seconds" in omar.post(f"/decisions/{decision.pk}/undo/", follow=True).content.decode()


def test_what_was_skipped_goes_back_and_the_next_is_shown(omar: Client, held: Claimed, technician: User) -> None:
    held.review.refresh_from_db()
    after = submit(NON_COMPLIANT_TEXT, by=technician)
    answered = omar.post(f"/reviews/{held.review.pk}/release/", {"lease": held.lease})
    assert answered["Location"] == f"/reviews/{after.pk}/?besides={held.review.pk}"
    held.review.refresh_from_db()
    assert held.review.holder is None


def test_the_heartbeat_moves_the_end_of_the_claim(omar: Client, held: Claimed) -> None:
    assert omar.post(f"/reviews/{held.review.pk}/keep/", {"lease": held.lease}).status_code == 204
    held.review.refresh_from_db()
    assert held.review.leased_until > held.leased_until


def test_question_and_answer_stand_on_the_review(omar: Client, held: Claimed, technician: User, officer: User) -> None:
    asked = decide(
        review_id=held.review.pk, lease=held.lease, outcome="ask", note="Which?", number=1, seconds=1, by=officer
    )
    assert "It waits for the technician's answer" in page(omar, held.review)
    answer(decision_id=asked.pk, text="Cast <i>iron</i>.", by=technician)
    text = page(omar, held.review).split("What was said")[1]
    assert text.index("Which?") < text.index("Cast &lt;i&gt;iron&lt;/i&gt;.")
    assert "Tess answered: “Cast &lt;i&gt;iron&lt;/i&gt;.”" in page(omar, held.review)
    assert "Review this one" in text


def test_what_is_decided_stands_there_to_be_read(omar: Client, held: Claimed) -> None:
    omar.post(f"/reviews/{held.review.pk}/decide/", fields(held, "override", reason_code="negation", note="not iron"))
    text = page(omar, held.review)
    for told in ("It is decided.", "Omar Officer", "overrode", "A negation or contrast was missed", "not iron"):
        assert told in text


def test_without_a_script_the_seconds_count_from_the_showing(omar: Client, held: Claimed) -> None:
    import time

    sent = fields(held, "confirm", seconds="", shown=f"{time.time() - 30:.1f}")
    omar.post(f"/reviews/{held.review.pk}/decide/", sent)
    assert 29 < Decision.objects.get().seconds < 60


def test_description_and_note_are_text_and_never_markup(omar: Client, technician: User, officer: User) -> None:
    route_all()
    review = submit("<script>alert(1)</script> of steel", by=technician, external_id="<i>7</i>")
    lease = claim(review_id=review.pk, by=officer).lease
    decide(review_id=review.pk, lease=lease, outcome="escalate", note="<img src=x>", number=1, seconds=1, by=officer)
    for text in (page(omar, review), omar.get("/reviews/").content.decode()):
        assert "&lt;script&gt;alert(1)" in text
        assert "&lt;img src=x&gt;" in text
        for markup in ("<script>alert", "<img src=x", "<i>7"):
            assert markup not in text


@pytest.mark.parametrize("pk", ["0", "999999", "9" * 40])
def test_a_review_that_is_none_is_not_found(omar: Client, pk: str) -> None:
    for address in ("", "words/", "similar/"):
        assert omar.get(f"/reviews/{pk}/{address}").status_code == 404


def test_without_a_script_what_was_skipped_does_not_come_again(omar: Client, held: Claimed, technician: User) -> None:
    for number in range(2):
        submit(f"iron {number}", by=technician)
    seen = [f"/reviews/{held.review.pk}/"]
    shown = omar.get(seen[0])
    for _ in range(2):
        pk = int(re.findall(r"\d+", seen[-1])[0])
        skipped = re.findall(r'name="besides" value="(\d+)"', shown.content.decode())
        lease = Review.objects.get(pk=pk).lease
        answered = omar.post(f"/reviews/{pk}/release/", {"lease": lease, "besides": skipped})
        shown = omar.get(answered["Location"])
        seen.append(answered["Location"].split("?")[0])
    assert len(set(seen)) == 3


def test_what_was_said_before_takes_no_more_queries(omar: Client, waiting: Review, officer: User) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            page(omar, waiting)
        return len(captured)

    def ask_and_be_answered() -> None:
        asked = ask(waiting.component, by=officer)
        answer(decision_id=asked.pk, text="It says 2012.", by=waiting.component.entered_by)

    ask_and_be_answered()
    queries()
    few = queries()
    for _ in range(3):
        ask_and_be_answered()
    assert queries() == few <= 12
