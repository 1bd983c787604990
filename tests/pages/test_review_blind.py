"""Blind: no byte of what an officer gets tells the label, its score, its words, or who gave it."""

import re

import pytest
from django.test import Client

from components.models import Decision, Review, User
from components.services.deciding import decide
from components.services.reviewing import claim
from mlops.models import ModelVersion
from tests.pages.conftest import client_of
from tests.waiting import route_all, submit

TEXT = "a sleeve of iron made in 1998"
HTMX = {"HX-Request": "true"}
TELLTALE = re.compile(r"0\.99|99 %|\b1 %|tiny|towards-|strength-|Score 0|probability of|chip (non-)?compliant", re.I)


@pytest.fixture
def omar(officer: User, champion: ModelVersion) -> Client:
    return client_of(officer)


@pytest.fixture
def blind(technician: User, champion: ModelVersion) -> Review:
    route_all(blind=True)
    return submit(TEXT, by=technician, external_id="TR-1")


def everything(client: Client, review: Review) -> dict[str, str]:
    """All that an officer gets about a review, before it is decided."""
    got = {"queue": client.get("/reviews/"), "looked at": client.get(f"/reviews/{review.pk}/")}
    got["claimed"] = client.post("/reviews/next/", headers=HTMX)
    for part in ("", "words/", "similar/"):
        got[f"page {part}"] = client.get(f"/reviews/{review.pk}/{part}")
        got[f"fragment {part}"] = client.get(f"/reviews/{review.pk}/{part}", headers=HTMX)
    lease = Review.objects.get(pk=review.pk).lease
    sent = {"lease": lease, "number": 1, "note": "x", "outcome": "confirm", "stands": "compliant"}
    got["refused"] = client.post(f"/reviews/{review.pk}/decide/", sent, headers=HTMX)
    got["refused whole"] = client.post(f"/reviews/{review.pk}/decide/", sent)
    got["kept"] = client.post(f"/reviews/{review.pk}/keep/", {"lease": lease})
    return {name: f"{answered.headers} {answered.content.decode()}" for name, answered in got.items()}


def test_no_byte_tells_the_label(omar: Client, blind: Review) -> None:
    for name, text in everything(omar, blind).items():
        assert not TELLTALE.search(text), (name, TELLTALE.search(text))


def test_what_is_sent_is_the_same_for_either_label(omar: Client, blind: Review, technician: User) -> None:
    """But for the numbers of the rows and the text itself, nothing differs."""

    def plain(review: Review, text: str) -> str:
        shown = omar.get(f"/reviews/{review.pk}/").content.decode()
        shown = re.sub(r'value="[\w-]{64}"|\d{4}-\d\d-\d\dT[^"]*|\d\d:\d\d', "", shown)
        shown = shown.replace(text, "").replace("TR-1", "").replace("TR-2", "")
        shown = shown.replace(f"components/{review.component_id}/", "components/")
        return re.sub(rf'(review[-s/]+|data-review="|value="){review.pk}\b', "", shown)

    other = submit("a sleeve of steel made in 2012", by=technician, external_id="TR-2")
    assert blind.component.label.value != other.component.label.value
    assert plain(blind, TEXT) == plain(other, "a sleeve of steel made in 2012")


def test_the_test_would_find_it(omar: Client, technician: User) -> None:
    route_all(blind=False)
    shown = submit(TEXT, by=technician)
    assert TELLTALE.search(omar.get(f"/reviews/{shown.pk}/").content.decode())
    assert TELLTALE.search(omar.get(f"/reviews/{shown.pk}/words/").content.decode())


def test_a_blind_review_is_decided_by_giving_a_label(omar: Client, blind: Review, officer: User) -> None:
    lease = claim(review_id=blind.pk, by=officer).lease
    text = omar.get(f"/reviews/{blind.pk}/").content.decode()
    assert 'value="compliant" ' in text.replace("\n", " ")
    assert 'data-key="1"' in text
    assert 'data-key="c"' not in text
    answered = omar.post(
        f"/reviews/{blind.pk}/decide/",
        {"outcome": "compliant", "lease": lease, "number": 1, "seconds": 1},
        headers=HTMX,
    )
    assert answered.status_code == 200
    assert "Decided: TR-1 is compliant." in answered.content.decode()
    assert "overrode" not in answered.content.decode()
    decision = Decision.objects.get()
    assert (decision.outcome, decision.value, decision.blind) == ("override", "compliant", True)


def test_an_undone_blind_decision_does_not_tell_what_it_was(omar: Client, blind: Review, officer: User) -> None:
    lease = claim(review_id=blind.pk, by=officer).lease
    decision = decide(
        review_id=blind.pk, lease=lease, outcome="label", label="compliant", number=1, seconds=1, by=officer
    )
    text = omar.post(f"/decisions/{decision.pk}/undo/", headers=HTMX).content.decode()
    assert "data-decide" in text
    assert "overrode" not in text
    assert not TELLTALE.search(text)


def test_after_the_decision_all_is_told(omar: Client, blind: Review, officer: User) -> None:
    lease = claim(review_id=blind.pk, by=officer).lease
    decide(review_id=blind.pk, lease=lease, outcome="label", label="compliant", number=1, seconds=1, by=officer)
    text = omar.get(f"/reviews/{blind.pk}/").content.decode()
    assert "Score 0.99" in text
    assert "overrode" in text


def test_the_first_decision_is_hidden_from_the_second_officer(
    omar: Client, technician: User, officer: User, champion: ModelVersion
) -> None:
    route_all(second=True)
    first = submit(TEXT, by=technician)
    lease = claim(review_id=first.pk, by=officer).lease
    decide(review_id=first.pk, lease=lease, outcome="confirm", number=1, seconds=1, by=officer)
    second = Review.objects.unfinished().get(component=first.component)
    assert second.blind
    olga = User.objects.create_user(username="olga")
    olga.groups.set(officer.groups.all())
    colleague = client_of(olga)
    for review in (first, second):
        text = colleague.get(f"/reviews/{review.pk}/").content.decode()
        assert not TELLTALE.search(text)
        assert "confirmed" not in text
