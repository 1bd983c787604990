"""The words that drove a label: marked by direction and strength, in a table, and never of a hidden label."""

import re

import pytest
from django.test import Client

from components.marking import LEAST_LOG_ODDS, MOST_IN_TABLE, Piece, mark
from components.models import User
from mlops.contracts import Explanation, WordWeight
from mlops.models import ModelVersion
from tests.bundles import NON_COMPLIANT_TEXT
from tests.pages.conftest import client_of
from tests.waiting import route_all, submit

HTMX = {"HX-Request": "true"}


@pytest.fixture
def omar(officer: User, champion: ModelVersion) -> Client:
    return client_of(officer)


def explained(text: str, *log_odds: float, read_to: int | None = None) -> Explanation:
    """An explanation of a text whose words have these log odds."""
    words = [
        WordWeight(match.start(), match.end(), weight=odds / 10, log_odds=odds)
        for match, odds in zip(re.finditer(r"\w+", text), log_odds, strict=False)
    ]
    return Explanation(1, "tiny:1", text, 0.9, len(text) if read_to is None else read_to, tuple(words))


def test_pieces_join_to_the_text_and_words_have_direction_and_strength() -> None:
    marked = mark(explained("iron, not steel: rare", 9.0, -3.5, -1.2, 0.01))
    assert marked.pieces == (
        Piece("iron", "non-compliant", 3),
        Piece(", "),
        Piece("not", "compliant", 2),
        Piece(" "),
        Piece("steel", "compliant", 1),
        Piece(": rare"),
    )
    assert [(word.text, word.moves) for word in marked.words] == [("iron", -0.9), ("not", 0.35), ("steel", 0.12)]


def test_what_hardly_moves_anything_is_not_marked() -> None:
    marked = mark(explained("a b c", LEAST_LOG_ODDS / 2, -LEAST_LOG_ODDS / 2, 0))
    assert marked.pieces == (Piece("a b c"),)
    assert marked.words == ()


def test_a_text_without_words_is_one_piece() -> None:
    assert mark(explained("…")).pieces == (Piece("…"),)


def test_what_was_not_read_is_apart() -> None:
    marked = mark(explained("iron and more", 2.0, read_to=4))
    assert marked.pieces == (Piece("iron", "non-compliant", 3),)
    assert marked.unread == " and more"


def test_the_table_has_the_strongest_words_and_no_more_than_one_reads() -> None:
    text = " ".join(f"w{number}" for number in range(40))
    marked = mark(explained(text, *(float(number) for number in range(40))))
    assert len(marked.words) == MOST_IN_TABLE
    assert marked.words[0].text == "w39"


def test_the_words_come_after_the_page_and_mark_its_text(omar: Client, technician: User) -> None:
    route_all()
    review = submit(NON_COMPLIANT_TEXT, by=technician)
    shown = omar.get(f"/reviews/{review.pk}/").content.decode()
    assert "<mark" not in shown
    assert f'hx-get="/reviews/{review.pk}/words/"' in shown
    fragment = omar.get(f"/reviews/{review.pk}/words/", headers=HTMX).content.decode()
    assert "<html" not in fragment
    assert re.search(rf'id="review-{review.pk}-text"\s+hx-swap-oob="true"', fragment)
    text = fragment.split('-text-title">')[1].split("</div>")[0]
    assert text.startswith('<mark class="towards-non-compliant strength-3">iron</mark> component')
    assert re.sub("<[^>]+>", "", text) == NON_COMPLIANT_TEXT
    assert "+10.00" in fragment


def test_without_a_script_the_words_have_a_page(omar: Client, technician: User) -> None:
    route_all()
    review = submit(NON_COMPLIANT_TEXT, by=technician)
    page = omar.get(f"/reviews/{review.pk}/words/").content.decode()
    assert "<html" in page
    assert "hx-swap-oob" not in page
    assert '<mark class="towards-non-compliant strength-3">iron</mark>' in page


def test_words_are_text_and_never_markup(omar: Client, technician: User) -> None:
    route_all()
    review = submit("<b>iron</b> <script>", by=technician)
    fragment = omar.get(f"/reviews/{review.pk}/words/", headers=HTMX).content.decode()
    assert "&lt;b&gt;" in fragment
    assert "<script>" not in fragment


def test_a_model_version_that_is_not_here_is_told(omar: Client, component, technician: User) -> None:
    from components.services.routing import ask_for_review
    from tests.waiting import review_of

    asked = component("a bracket", score=0.9)
    ask_for_review(component_id=asked.pk, note="?", by=technician)
    fragment = omar.get(f"/reviews/{review_of(asked).pk}/words/", headers=HTMX).content.decode()
    assert "is not in this installation" in fragment


def test_of_a_text_that_no_model_saw_there_are_no_words(omar: Client, component, technician: User) -> None:
    from components.services.stopping import stop_labelling

    stop_labelling(reason="a look", by=technician)
    review = submit("a bracket", by=technician)
    assert "/words/" not in omar.get(f"/reviews/{review.pk}/").content.decode()
    assert "No model was asked" in omar.get(f"/reviews/{review.pk}/words/").content.decode()
