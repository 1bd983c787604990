"""What the servable says of a text depends on the text alone."""

import dataclasses
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mlops.contracts import Label
from mlops.exceptions import ModelError
from mlops.runtime.bundle import read
from mlops.runtime.servable import Servable, plan_batches
from tests.bundles import COMPLIANT_TEXT, NON_COMPLIANT_TEXT, VOCABULARY, tiny_model, write_tiny_bundle

# Every code point there is, lone surrogates among them, which Hypothesis leaves out of its own texts.
characters = st.integers(0, 0x10FFFF).map(chr)
any_text = st.one_of(
    st.text(),
    st.lists(characters, max_size=40).map("".join),
    st.lists(st.sampled_from(VOCABULARY), max_size=60).map(" ".join),
)
texts = st.lists(any_text, max_size=20)


@pytest.fixture(scope="module")
def servable(tmp_path_factory: pytest.TempPathFactory) -> Servable:
    # Weights of about the size of a score's useful range, so that a wrong word would show in the score.
    model = tiny_model(bad=0.3, bias=-0.1)
    return Servable.load(read(write_tiny_bundle(tmp_path_factory.mktemp("bundles") / "bundle", model=model)))


def test_no_texts_have_no_answers(servable: Servable) -> None:
    assert servable.classify([]) == []


def test_an_answer_names_its_model_and_threshold(servable: Servable) -> None:
    (answer,) = servable.classify(["Plastic, year 1985"])
    assert (answer.model_version, answer.model_digest) == (servable.model_version, servable.digest)
    assert (answer.text, answer.text_seen, answer.truncated) == ("Plastic, year 1985", "plastic, year 1985", False)
    assert (answer.label, answer.threshold) == (Label.NON_COMPLIANT, 0.5)
    assert answer.latency_ms > 0


@settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=texts, batch_size=st.integers(1, 8))
def test_any_texts_in_any_batches_are_answered_as_each_alone(
    servable: Servable, texts: list[str], batch_size: int
) -> None:
    answers = servable.classify(texts, batch_size=batch_size)
    assert [answer.text for answer in answers] == texts
    for answer in answers:
        (alone,) = servable.classify([answer.text])
        assert answer.score == pytest.approx(alone.score, abs=1e-5)
        assert 0 <= answer.score <= 1
        assert dataclasses.replace(answer, score=0, latency_ms=0) == dataclasses.replace(alone, score=0, latency_ms=0)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\x00",
        "\ud800",
        "\udfff\ud800",
        "a\ud83d",
        "😀",
        "\u202eזה",
        "\uffff",
        "e\u0301" * 50,
        "<b>x</b>",
        "=cmd()",
    ],
)
def test_odd_texts_are_read_like_any_other(servable: Servable, text: str) -> None:
    (alone,) = servable.classify([f"plastic {text} plastic"])
    assert alone.label is Label.NON_COMPLIANT
    assert servable.classify([text, "x"])[0].text == text


@pytest.mark.parametrize("special", ["[PAD]", "[SEP]", "[CLS]", "[UNK]"])
def test_the_name_of_a_special_token_is_read_as_text(servable: Servable, special: str) -> None:
    spelled, written = servable.classify([f"steel {special} iron", "steel iron"])
    assert spelled.text_seen == f"steel {special.lower()} iron"
    assert spelled.score == pytest.approx(written.score, abs=1e-5)


@pytest.mark.parametrize("scale", [1e3, 1e300])
def test_scores_stay_between_0_and_1_however_steep_the_calibration(tmp_path: Path, scale: float) -> None:
    servable = Servable.load(read(write_tiny_bundle(tmp_path / "bundle", scale=scale)))
    assert [answer.score for answer in servable.classify([COMPLIANT_TEXT, NON_COMPLIANT_TEXT])] == [0, 1]


def test_a_model_that_fails_on_a_text_says_so(tmp_path: Path) -> None:
    # Thirty bad words are more than a float32 holds; the warm-up has about ten.
    servable = Servable.load(read(write_tiny_bundle(tmp_path / "bundle", model=tiny_model(bad=2e37, bias=-1e37))))
    with pytest.raises(ModelError, match="no score"):
        servable.classify(["plastic " * 30])
    assert servable.classify(["plastic"])[0].label is Label.NON_COMPLIANT


lengths = st.lists(st.integers(2, 500), max_size=300)


@given(lengths=lengths, batch_size=st.integers(1, 64))
def test_batches_hold_every_text_once_and_little_filling(lengths: list[int], batch_size: int) -> None:
    batches = plan_batches(lengths, batch_size)
    assert sorted(index for batch in batches for index in batch) == list(range(len(lengths)))
    for batch in batches:
        shortest, longest = min(lengths[index] for index in batch), max(lengths[index] for index in batch)
        assert 1 <= len(batch) <= batch_size
        assert longest <= max(shortest + 2, shortest * 1.05)


def test_texts_of_one_length_share_a_batch() -> None:
    assert plan_batches([7] * 10, 4) == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]]
