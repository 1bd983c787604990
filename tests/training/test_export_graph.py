"""The exported graph says what the trained model says, or it does not ship."""

import onnx
import pytest
import torch
from tokenizers import Tokenizer

from mlops.runtime.manifest import Calibration
from mlops.training import tokenizer as tokens
from mlops.training.config import Architecture
from mlops.training.dataset import generate
from mlops.training.errors import ParityError
from mlops.training.export import IDS, LOGIT, MASK, ExportedModel, to_int8, to_onnx
from mlops.training.export_parity import COMPANY_TOLERANCE, Parity, compare, int8_may_ship, require_fp32
from mlops.training.model import Classifier, from_scratch
from mlops.training.trainer import logits

IDENTITY = Calibration(scale=1.0, offset=0.0)
TEXTS = [example.text for example in generate(120, seed=5)]
MAX_TOKENS = 64


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return tokens.learn(TEXTS, vocabulary=300)


@pytest.fixture(scope="module", params=["roformer", "bert", "modernbert"])
def model(request: pytest.FixtureRequest, tokenizer: Tokenizer) -> Classifier:
    torch.manual_seed(1)
    architecture = Architecture(kind=request.param, hidden=32, layers=2, heads=2, intermediate=64)
    encoder = from_scratch(architecture, vocabulary=tokenizer.get_vocab_size(), max_tokens=MAX_TOKENS)
    return Classifier(encoder, {"year": 3})


@pytest.fixture(scope="module")
def graph(model: Classifier, tokenizer: Tokenizer) -> bytes:
    return to_onnx(model, vocabulary=tokenizer.get_vocab_size())


def _parity(model: Classifier, graph: bytes, tokenizer: Tokenizer) -> Parity:
    exported = ExportedModel(graph, tokenizer, max_tokens=MAX_TOKENS)
    native = logits(model, tokenizer, TEXTS, max_tokens=MAX_TOKENS)
    alone = exported.logits(TEXTS[:20], batch_size=1)
    return compare(native, exported.logits(TEXTS), alone=alone, calibration=IDENTITY, threshold=0.5)


def _compare(native: list[float], exported: list[float]) -> Parity:
    return compare(native, exported, alone=exported, calibration=IDENTITY, threshold=0.5)


def test_texts_of_every_length_get_the_same_score(model: Classifier, graph: bytes, tokenizer: Tokenizer) -> None:
    require_fp32(_parity(model, graph, tokenizer))


def test_eight_bits_stay_close_and_save_space(model: Classifier, graph: bytes, tokenizer: Tokenizer) -> None:
    small = to_int8(graph)

    assert len(small) < len(graph)
    assert _parity(model, small, tokenizer).largest_difference < 0.05


def test_the_batch_a_text_stands_in_does_not_move_its_score(graph: bytes, tokenizer: Tokenizer) -> None:
    exported = ExportedModel(graph, tokenizer, max_tokens=MAX_TOKENS)

    assert exported.logits(TEXTS[:20], batch_size=1) == pytest.approx(exported.logits(TEXTS[:20]), abs=1e-5)


def test_eight_bits_chosen_for_a_whole_batch_do_not_ship_for_they_could_not_be_replayed(
    model: Classifier, graph: bytes, tokenizer: Tokenizer
) -> None:
    whole, small = _parity(model, graph, tokenizer), _parity(model, to_int8(graph), tokenizer)

    assert whole.company <= COMPANY_TOLERANCE < small.company
    assert not int8_may_ship(small)


def test_the_graph_has_the_inputs_and_the_output_of_a_bundle(graph: bytes) -> None:
    found = onnx.load_from_string(graph).graph

    assert [value.name for value in found.input] == [IDS, MASK]
    assert [value.name for value in found.output] == [LOGIT]


def test_the_questions_of_training_are_left_out_of_the_graph(graph: bytes) -> None:
    assert not [value.name for value in onnx.load_from_string(graph).graph.initializer if "facts" in value.name]


def test_another_label_is_a_difference_however_small() -> None:
    with pytest.raises(ParityError, match="1 of 2 labels"):
        require_fp32(_compare([1e-6, 3.0], [-1e-6, 3.0]))


def test_another_score_is_a_difference_though_the_labels_agree() -> None:
    with pytest.raises(ParityError, match="scores by up to"):
        require_fp32(_compare([1.0, 3.0], [1.01, 3.0]))


def test_a_graph_that_answers_no_number_differs() -> None:
    found = _compare([1.0, 3.0], [float("nan"), 3.0])

    assert not int8_may_ship(found)
    with pytest.raises(ParityError):
        require_fp32(found)


@pytest.mark.parametrize(("wrong", "ships"), [(1, True), (2, False)])
def test_eight_bits_ship_from_the_agreed_share_of_labels_upwards(wrong: int, ships: bool) -> None:
    native = [1.0] * 200
    found = _compare(native, [-1.0] * wrong + native[wrong:])

    assert int8_may_ship(found) is ships
