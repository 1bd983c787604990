"""Nobody decides on a component that they entered, or on a text that they wrote."""

from collections.abc import Callable

import pytest
from django.db import transaction
from django.test import Client

from components import queue, services
from components.exceptions import NothingToReview, OwnComponent
from components.models import Component, Decision, Review, User
from components.services import holding, reviewing
from components.services.editing import edit_description
from tests.components.conftest import TEXT
from tests.components.decisions import decide
from tests.pages.conftest import client_of

OTHER_TEXT = "good condition steel component manufactured in 2013"


@pytest.fixture
def own(champion: object, policy: Callable[..., object], officer: User) -> Review:
    """The review of a component that the officer entered."""
    policy()
    return services.submit_component(description=TEXT, by=officer).reviews.get()


@pytest.fixture
def rewritten(submitted: Callable[..., Component], officer: User) -> Review:
    """The review of a technician's component, on a text that the officer wrote."""
    component = submitted()
    edit_description(component_id=component.pk, number=1, description=OTHER_TEXT, by=officer)
    return component.reviews.unfinished().get()


@pytest.fixture(params=["own", "rewritten"])
def review(request: pytest.FixtureRequest) -> Review:
    found: Review = request.getfixturevalue(request.param)
    return found


def test_the_officer_cannot_claim_it(review: Review, officer: User) -> None:
    with pytest.raises(OwnComponent, match="another officer decides"):
        reviewing.claim(review_id=review.pk, by=officer)

    assert not Review.objects.in_hand().exists()


def test_the_queue_leaves_it_out(review: Review, officer: User, technician: User) -> None:
    with pytest.raises(NothingToReview):
        reviewing.claim_next(by=officer)

    other = services.submit_component(description=TEXT, by=technician).reviews.get()
    assert reviewing.claim_next(by=officer).review == other


def test_the_officer_is_told_that_what_is_open_is_for_a_colleague(
    review: Review, officer: User, technician: User
) -> None:
    with pytest.raises(NothingToReview, match="what is open is a colleague's to decide"):
        reviewing.claim_next(by=officer)

    other = services.submit_component(description=TEXT, by=technician).reviews.get()
    with pytest.raises(NothingToReview, match=r"^Nothing waits for you: what is open is a colleague's to decide\.$"):
        reviewing.claim_next(by=officer, besides=[other.pk])
    with pytest.raises(NothingToReview, match=r"^Nothing waits for you\.$"):
        reviewing.claim_next(by=officer, besides=[review.pk, other.pk])


def test_the_counts_are_of_what_the_officer_may_take(
    review: Review, officer: User, colleague: User, technician: User
) -> None:
    def told(officer: User | None) -> tuple[int, int]:
        counted = queue.counts(officer)
        return counted.open, counted.others

    assert (told(officer), told(colleague), told(None)) == ((0, 1), (1, 0), (1, 0))
    assert queue.counts(officer).oldest is None

    other = services.submit_component(description=TEXT, by=technician).reviews.get()
    assert (told(officer), queue.counts(officer).oldest) == ((1, 1), other.opened_at)
    reviewing.claim(review_id=other.pk, by=officer)
    assert (told(officer), told(colleague), told(None)) == ((1, 1), (1, 1), (2, 0))


def test_the_queue_and_home_offer_nothing_where_all_that_waits_is_the_officers_own(
    review: Review, officer: User, colleague: User
) -> None:
    pages = {
        person: [client_of(person).get(address).content.decode() for address in ("/reviews/", "/home/")]
        for person in (officer, colleague)
    }

    assert all("and 1 for colleagues" in page for page in pages[officer])
    assert not any("/reviews/next/" in page for page in pages[officer])
    assert "yours: a colleague decides" in pages[officer][0]
    assert all("/reviews/next/" in page for page in pages[colleague])
    assert not any("colleague decides" in page or "for colleagues" in page for page in pages[colleague])
    reviewing.claim(review_id=review.pk, by=colleague)
    assert "yours: colleague decides" in client_of(officer).get("/reviews/").content.decode()


def test_a_colleague_decides_on_it(review: Review, colleague: User) -> None:
    claimed = reviewing.claim_next(by=colleague)

    decision = decide(claimed, colleague, "confirm", number=review.description.number)

    assert (claimed.review, decision.review) == (review, review)


def test_who_entered_it_does_not_decide_either_where_another_wrote_its_text_anew(
    own: Review, officer: User, colleague: User
) -> None:
    edit_description(component_id=own.component_id, number=1, description=OTHER_TEXT, by=colleague)
    (anew,) = Review.objects.unfinished()

    for person in (officer, colleague):
        with pytest.raises(OwnComponent):
            reviewing.claim(review_id=anew.pk, by=person)


def test_a_lease_that_was_given_all_the_same_decides_nothing(review: Review, officer: User) -> None:
    with transaction.atomic():
        given = holding.give_lease(review, officer, holding.lease_end())

    with pytest.raises(OwnComponent):
        decide(given, officer, "confirm", number=review.description.number)

    assert not Decision.objects.exists()


def test_the_page_says_so_and_offers_no_claim(review: Review, officer: User) -> None:
    shown = client_of(officer).get(f"/reviews/{review.pk}/").text

    assert "another officer decides on it" in shown
    assert "Review this one" not in shown


def test_a_claim_on_the_page_is_refused_with_a_sentence(review: Review, officer: User) -> None:
    answer = client_of(officer).post("/reviews/next/", {"review": review.pk})

    assert answer.status_code == 403
    assert "another officer decides on it" in answer.text


def test_the_api_refuses_the_claim_and_skips_it_in_the_queue(
    review: Review, officer: User, api_client: Callable[..., Client]
) -> None:
    api = api_client(officer)

    refused = api.post(f"/api/v1/reviews/{review.pk}/claim/")

    assert (refused.status_code, refused.json()["type"]) == (403, "/api/problems/own-component/")
    assert api.post("/api/v1/reviews/next/").status_code == 204
