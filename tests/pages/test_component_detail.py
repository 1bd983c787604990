"""One component: its label in words, the text, what the model read of it, its history."""

import pytest
from django.test import Client

from components.models import Component
from mlops.contracts import Label


def shown(web: Client, component: Component) -> str:
    answer = web.get(f"/components/{component.pk}/")
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize(
    ("score", "label", "probability"),
    [
        (0.973, "Non-compliant", "0.973"),
        (0.041, "Compliant", "0.959"),
        (0.5, "Non-compliant", "0.500"),
        (0.99999, "Non-compliant", "&gt;0.999"),
        (0.00001, "Compliant", "&gt;0.999"),
        (1.0, "Non-compliant", "1.000"),
        (0.0, "Compliant", "1.000"),
    ],
)
def test_the_probability_is_that_of_the_label_shown(
    web: Client, component, score: float, label: str, probability: str
) -> None:
    text = shown(web, component(score=score))
    verdict = text[text.index('class="chip') : text.index("<figure>")]
    assert label in verdict
    assert f'with probability <strong class="number">{probability}</strong>' in verdict


def test_score_threshold_model_version_and_regulation_are_told(web: Client, component) -> None:
    text = shown(web, component(score=0.973))
    for told in ("Score 0.973", "Threshold 0.500", "shown:7", "TREY-2019-1", "made before 1995", "1 January 2019"):
        assert told in text


def test_white_space_and_direction_of_the_text_are_kept(web: Client, component) -> None:
    text = shown(web, component("  שלום\n\tsteel  ", score=0.9))
    assert 'dir="auto"' in text
    assert ">  שלום\n\tsteel  <" in text


def test_the_text_is_shown_as_text(web: Client, component) -> None:
    text = shown(web, component("<script>alert(1)</script>", score=0.9, external_id="<i>7</i>"))
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "<script>alert" not in text
    assert "<i>" not in text


def test_the_part_that_was_not_read_is_marked_and_counted(web: Client, component) -> None:
    long = component("Steel BRACKET, new. Later: iron.", score=0.1, text_seen="steel bracket , new .", truncated=True)
    text = shown(web, long)
    assert 'Steel BRACKET, new. <span class="unread">Later: iron.</span>' in text
    assert "12 of 32 characters, was not read" in text
    assert "steel bracket , new ." in text


def test_a_text_read_to_its_end_has_no_such_mark(web: Client, component) -> None:
    assert "was not read" not in shown(web, component("a bracket", score=0.1))


def test_every_label_stands_in_the_history_in_order_of_time(web: Client, component) -> None:
    text = shown(web, component(score=0.9, officer_says=Label.COMPLIANT))
    history = text[text.index("history-title") : text.index("facts-title")]
    assert history.index("Entered") < history.index("Non-compliant") < history.index("Compliant")
    assert "Decided by an officer" in text


def test_a_component_without_a_label_asks_again_until_it_has_one(web: Client, component) -> None:
    waiting = component()
    assert f'hx-get="/components/{waiting.pk}/" hx-trigger="every 2s"' in shown(web, waiting)
    headers = {"HX-Request": "true"}
    assert web.get(f"/components/{waiting.pk}/", headers=headers).status_code == 204
    labelled = component(score=0.9)
    answer = web.get(f"/components/{labelled.pk}/", headers=headers)
    fragment = answer.content.decode()
    assert "<html" not in fragment
    assert "hx-trigger" not in fragment
    assert "Labelled non-compliant." in fragment
    assert "HX-Request" in answer["Vary"]


@pytest.mark.parametrize("pk", ["0", "999999", "9" * 40])
def test_a_component_that_is_none_is_not_found(web: Client, pk: str) -> None:
    answer = web.get(f"/components/{pk}/")
    assert answer.status_code == 404
    assert "There is no such page" in answer.content.decode()
