"""A sound bundle whose model cannot be trusted never becomes a servable."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest
from onnx import ModelProto, TensorProto, helper

from mlops.exceptions import LoadError
from mlops.runtime.bundle import read
from mlops.runtime.servable import Servable
from tests.bundles import (
    COMPLIANT_TEXT,
    GOLDEN,
    NON_COMPLIANT_TEXT,
    VOCABULARY,
    as_bytes,
    tiny_model,
    tiny_tokenizer,
    write_tiny_bundle,
)

NAMED_IN_NO_ALPHABET = tiny_model(ids_name="ids-ids").replace(b"ids-ids", b"ids\xff\xfeds")
RUNS_WHAT_IS_IN_NO_ALPHABET = tiny_model().replace(b"ReduceSum", b"Reduce\xff\xfem")
ENDS_WITH_NOTHING_KNOWN = {
    "type": "TemplateProcessing",
    "single": [{"SpecialToken": {"id": "[END]", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}],
    "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
    "special_tokens": {},
}


def load(path: Path, **parts: object) -> Servable:
    return Servable.load(read(write_tiny_bundle(path / "bundle", **parts)))


def with_external_weights(location: Path | str) -> bytes:
    """The tiny model with its weights in a file of their own."""
    model = ModelProto.FromString(tiny_model())
    weights = next(tensor for tensor in model.graph.initializer if tensor.name == "weights")
    weights.ClearField("raw_data")
    weights.data_location = TensorProto.EXTERNAL
    for key, value in {"location": str(location), "offset": "0", "length": str(4 * len(VOCABULARY))}.items():
        entry = weights.external_data.add()
        entry.key, entry.value = key, value
    return as_bytes(model)


def tokenizer_with(**changes: object) -> bytes:
    return json.dumps({**json.loads(tiny_tokenizer()), **changes}).encode()


@pytest.mark.parametrize(
    ("model", "problem"),
    [
        (b"", "does not open"),
        (b"not a model", "does not open"),
        (tiny_model()[:-40], "does not open"),
        (tiny_model(ids_name="ids"), "has the inputs"),
        (tiny_model(ids_type=TensorProto.INT32), "has the inputs"),
        (tiny_model(rank=3), "has the inputs"),
        (tiny_model(rank=1), "has the inputs"),
        (tiny_model(extra_input=True), "has the inputs"),
        (tiny_model(output_name="probability"), "has the outputs"),
        (tiny_model(output_type=TensorProto.DOUBLE), "has the outputs"),
        (tiny_model(output_type=TensorProto.INT64), "has the outputs"),
        (tiny_model(keep_axis=True), "has the outputs"),
        (tiny_model(bias=float("nan")), "no score"),
        (tiny_model(bad=float("nan")), "no score"),
        (tiny_model(bias=float("inf")), "no score"),
        (tiny_model(words=len(VOCABULARY) - 1), "fails its warm-up"),
        (tiny_model(bad=0), "golden sample"),
        (tiny_model(bad=0, bias=5), "golden sample"),
        (tiny_model(bad=-10, bias=5), "golden sample"),
    ],
    ids=[
        "empty", "not a model", "truncated", "another input name", "another input type", "too many axes",
        "too few axes", "an input more", "another output name", "another output type", "whole numbers",
        "another output shape", "NaN for every text", "NaN for some words", "infinite", "fewer words than tokens",
        "always compliant", "always non-compliant", "the labels the wrong way round",
    ],
)  # fmt: skip
def test_a_model_that_cannot_serve_is_refused(tmp_path: Path, model: bytes, problem: str) -> None:
    with pytest.raises(LoadError, match=problem):
        load(tmp_path, model=model)


def test_a_model_that_gives_a_whole_batch_one_answer_is_refused(tmp_path: Path) -> None:
    model = ModelProto.FromString(tiny_model())
    model.graph.node[-1].output[0] = "each"
    model.graph.node.append(helper.make_node("ReduceMax", ["each"], ["logit"], axes=[0], keepdims=1))
    with pytest.raises(LoadError, match=r"answered 3 texts in the shape \(1,\)"):
        load(tmp_path, model=as_bytes(model))


def test_a_model_that_is_right_alone_and_wrong_in_a_batch_is_refused(tmp_path: Path) -> None:
    model = ModelProto.FromString(tiny_model())
    model.graph.node[-1].output[0] = "each"
    model.graph.node.extend(
        [
            helper.make_node("ReduceMax", ["each"], ["worst"], axes=[0], keepdims=1),
            helper.make_node("Sub", ["each", "each"], ["nothing"]),
            helper.make_node("Add", ["nothing", "worst"], ["logit"]),
        ]
    )
    with pytest.raises(LoadError, match="golden sample"):
        load(tmp_path, model=as_bytes(model))


@pytest.mark.parametrize("up", ["", "../" * 20])
def test_weights_are_not_taken_from_other_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, up: str) -> None:
    weights = tmp_path / "weights.bin"
    weights.write_bytes(np.zeros(len(VOCABULARY), dtype=np.float32).tobytes())
    monkeypatch.chdir(tmp_path)
    location = f"{up}{str(weights)[1:]}" if up else weights.name
    with pytest.raises(LoadError, match="does not open"):
        load(tmp_path, model=with_external_weights(location))


@pytest.mark.parametrize(
    ("tokenizer", "problem"),
    [
        (b"", "not valid JSON"),
        (b"{}", "no tokenizer"),
        (b'{"version": "1.0", "model": {"type": "Magic"}}', "no tokenizer"),
        (tiny_tokenizer()[:-20], "not valid JSON"),
        (tiny_tokenizer(vocabulary=VOCABULARY[1:]), r"no \[PAD\] token"),
        (tokenizer_with(post_processor={"type": "Template"}), "no tokenizer"),
        (tokenizer_with(model={"type": "WordLevel", "vocab": {"[PAD]": 0}, "unk_token": "[UNK]"}), "failed on a text"),
        (tokenizer_with(post_processor=ENDS_WITH_NOTHING_KNOWN), "failed on a text"),
        (tokenizer_with(model={"type": "BPE", "vocab": {"[PAD]": 0}, "merges": [], "dropout": 0.1}), "dropout"),
        (
            tokenizer_with(
                added_tokens=[
                    {
                        "id": len(VOCABULARY),
                        "content": "carbon fiber",
                        "single_word": False,
                        "lstrip": False,
                        "rstrip": False,
                        "normalized": True,
                        "special": False,
                    }
                ]
            ),
            "added tokens",
        ),
    ],
    ids=[
        "empty",
        "no model",
        "unknown model",
        "truncated",
        "no [PAD]",
        "unknown post-processor",
        "no [UNK]",
        "a special token that is none",
        "dropout",
        "added tokens",
    ],
)
def test_a_tokenizer_that_cannot_serve_is_refused(tmp_path: Path, tokenizer: bytes, problem: str) -> None:
    with pytest.raises(LoadError, match=problem):
        load(tmp_path, tokenizer=tokenizer)


@pytest.mark.parametrize(
    "model",
    [b"not a model", tiny_model()[:-40], NAMED_IN_NO_ALPHABET, RUNS_WHAT_IS_IN_NO_ALPHABET, tiny_model(words=20)],
    ids=["not a model", "truncated", "an unreadable input", "an unreadable step", "fewer words than tokens"],
)
def test_nothing_is_printed_about_a_model_that_is_refused(
    tmp_path: Path, model: bytes, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(LoadError, match=r"does not open|fails its warm-up"):
        load(tmp_path, model=model)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("wrong", range(len(GOLDEN)))
def test_one_golden_sample_of_another_label_is_enough_to_be_refused(tmp_path: Path, wrong: int) -> None:
    text, label, kind = GOLDEN[wrong]
    other = "non-compliant" if label == "compliant" else "compliant"
    golden = [*GOLDEN[:wrong], (text, other, kind), *GOLDEN[wrong + 1 :]]
    with pytest.raises(LoadError, match=rf"calls the golden sample .* \('{kind}'\) {label} .* where {other} is right"):
        load(tmp_path, golden=golden)


def test_a_sound_bundle_serves(tmp_path: Path) -> None:
    servable = load(tmp_path)
    labels = [answer.label.value for answer in servable.classify([COMPLIANT_TEXT, NON_COMPLIANT_TEXT])]
    assert labels == ["compliant", "non-compliant"]
    assert servable.model_version == "tiny:1"
    assert servable.digest == read(tmp_path / "bundle").digest
    assert (servable.bundle.model, servable.bundle.tokenizer) == (b"", b"")


def test_the_bytes_of_the_model_are_not_kept_beside_the_session(tmp_path: Path) -> None:
    bundle = read(write_tiny_bundle(tmp_path / "bundle"))
    before = sys.getrefcount(bundle.model)
    servable = Servable.load(bundle)
    after = sys.getrefcount(bundle.model)
    assert after == before
    assert servable.bundle.path == bundle.path
