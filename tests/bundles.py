"""Real bundles, made in milliseconds: a linear model over words, which knows the first regulation's rule.

Non-compliant are the years before 1995, fair and poor condition, plastic and iron. The model adds up the weights of
a text's words, so `scale` moves every score without changing a label, and any part can be exchanged for a bad one.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

from mlops.runtime.bundle import write

SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]")
BAD_WORDS = ("fair", "poor", "plastic", "iron", *map(str, range(1970, 1995)))
OTHER_WORDS = (
    "good", "new", "steel", "carbon", "fiber", "condition", "component", "manufactured", "made", "of", "in",
    ",", ".", *map(str, range(1995, 2030)),
)  # fmt: skip
VOCABULARY = (*SPECIAL, *BAD_WORDS, *OTHER_WORDS)

COMPLIANT_TEXT = "good condition steel component manufactured in 2012"
NON_COMPLIANT_TEXT = "iron component manufactured in 1998 in good condition"
GOLDEN: tuple[tuple[str, str, str], ...] = (
    (COMPLIANT_TEXT, "compliant", "lab"),
    (NON_COMPLIANT_TEXT, "non-compliant", "lab"),
    ("manufactured in 1971 made of carbon fiber in good condition", "non-compliant", "lab"),
    ("Steel, new condition, 1995.", "compliant", "boundary-year"),
    ("Steel, new condition, 1994.", "non-compliant", "boundary-year"),
    ("GOOD CONDITION STEEL COMPONENT", "compliant", "upper-case"),
    ("flux capacitor made of plastic", "non-compliant", "unknown-words"),
)
"""Text, label and kind of each golden sample."""


def write_tiny_bundle(
    path: Path,
    *,
    name: str = "tiny",
    version: str = "1",
    scale: float = 1.0,
    max_tokens: int = 32,
    threshold: float = 0.5,
    golden: Sequence[tuple[str, str, str]] = GOLDEN,
    model: bytes | None = None,
    tokenizer: bytes | None = None,
) -> Path:
    """Write a bundle at `path`, which must not exist, and return `path`. The model of `scale` 1 scores ±5 at least."""
    files = tiny_files(golden=golden, model=model, tokenizer=tokenizer)
    fields = tiny_manifest(name=name, version=version, scale=scale, max_tokens=max_tokens, threshold=threshold)
    return write(path, manifest_fields=fields, files=files).path


def tiny_files(
    *,
    golden: Sequence[tuple[str, str, str]] = GOLDEN,
    model: bytes | None = None,
    tokenizer: bytes | None = None,
) -> dict[str, bytes]:
    """The files of a bundle, but for its manifest and digest."""
    samples = [
        {"text": text, "label": label, "kind": kind, "score": 0.0067 if label == "compliant" else 0.9933}
        for text, label, kind in golden
    ]
    return {
        "model.onnx": tiny_model() if model is None else model,
        "tokenizer.json": tiny_tokenizer() if tokenizer is None else tokenizer,
        "golden.json": json.dumps({"samples": samples}).encode(),
        "reference.json": json.dumps(tiny_reference()).encode(),
        "card.md": b"# tiny\n\nKnows the rule on plain phrasings, for tests.\n",
    }


def tiny_manifest(
    *,
    name: str = "tiny",
    version: str = "1",
    scale: float = 1.0,
    max_tokens: int = 32,
    threshold: float = 0.5,
) -> dict[str, object]:
    """The manifest's fields without "files"."""
    return {
        "format": 1,
        "name": name,
        "version": version,
        "created_at": "2026-11-21T05:00:00Z",
        "labels": ["compliant", "non-compliant"],
        "input": {"ids": "input_ids", "mask": "attention_mask", "max_tokens": max_tokens},
        "output": "logit",
        "calibration": {"method": "platt", "scale": scale, "offset": 0.0},
        "threshold": threshold,
        "regulation": "TREY-2019-1",
        "metrics": {"accuracy": 1.0},
        "lineage": {
            "data_digest": "sha256:" + "0" * 64,
            "data_counts": {"training": 0},
            "code_commit": "0" * 40,
            "config": {},
            "libraries": {},
        },
    }


def tiny_reference() -> dict[str, object]:
    """Reference distributions of the right shape, of no data in particular."""
    histogram = {"edges": [0.0, 0.5, 1.0], "counts": [1, 1]}
    return {
        "rows": 2,
        "score": histogram,
        "tokens": histogram,
        "characters": histogram,
        "unknown_token_rate": 0.0,
        "label_share": {"compliant": 0.5, "non-compliant": 0.5},
        "terms": {"steel": 0.5, "iron": 0.5},
    }


def tiny_tokenizer(*, vocabulary: Sequence[str] = VOCABULARY) -> bytes:
    """A word-level tokenizer in lower case that splits at spaces and punctuation and adds [CLS] and [SEP]."""
    ids = {word: index for index, word in enumerate(vocabulary)}
    tokenizer = Tokenizer(models.WordLevel(ids, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[(token, ids[token]) for token in ("[CLS]", "[SEP]")]
    )
    tokenizer.add_special_tokens([token for token in SPECIAL if token in ids])
    return tokenizer.to_str().encode()


def tiny_model(
    *,
    bad: float = 10.0,
    bias: float = -5.0,
    words: int = len(VOCABULARY),
    ids_name: str = "input_ids",
    ids_type: int = TensorProto.INT64,
    rank: int = 2,
    output_name: str = "logit",
    output_type: int = TensorProto.FLOAT,
    keep_axis: bool = False,
    extra_input: bool = False,
) -> bytes:
    """logit = bias + bad × how many of the words are bad. NaN for `bad` or `bias` gives NaN, 0 a constant answer."""
    weights = np.zeros(words, dtype=np.float32)
    weights[[index for index, word in enumerate(VOCABULARY) if word in BAD_WORDS and index < words]] = bad
    weights[VOCABULARY.index("[PAD]")] = bad  # would show at once if it were not masked
    axes = ["batch", "tokens", "more"][:rank]
    inputs = [
        helper.make_tensor_value_info(ids_name, ids_type, axes),
        helper.make_tensor_value_info("attention_mask", TensorProto.INT64, axes),
    ]
    if extra_input:
        inputs.append(helper.make_tensor_value_info("token_type_ids", TensorProto.INT64, axes))
    graph = helper.make_graph(
        _sum_of_weights(ids_name, output_name, output_type, keep_axis=keep_axis),
        "tiny",
        inputs,
        [helper.make_tensor_value_info(output_name, output_type, [*axes[:-1], 1] if keep_axis else axes[:-1])],
        [
            numpy_helper.from_array(weights, "weights"),
            numpy_helper.from_array(np.array(bias, dtype=np.float32), "bias"),
            numpy_helper.from_array(np.array([-1], dtype=np.int64), "last_axis"),
        ],
    )
    return as_bytes(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8))


def as_bytes(model: ModelProto) -> bytes:
    """The model as a file's content."""
    content: bytes = model.SerializeToString()
    return content


def _sum_of_weights(ids: str, output: str, output_type: int, *, keep_axis: bool) -> list[NodeProto]:
    return [
        helper.make_node("Gather", ["weights", ids], ["per_token"]),
        helper.make_node("Cast", ["attention_mask"], ["mask"], to=TensorProto.FLOAT),
        helper.make_node("Mul", ["per_token", "mask"], ["counted"]),
        helper.make_node("ReduceSum", ["counted", "last_axis"], ["sum"], keepdims=int(keep_axis)),
        helper.make_node("Add", ["sum", "bias"], ["answer"]),
        helper.make_node("Cast", ["answer"], [output], to=output_type),
    ]


def reseal(path: Path, changes: Mapping[str, object] | None = None) -> Path:
    """Make the manifest and DIGEST fit the files as they are now, with `changes` to the manifest's fields.

    What was tampered with before is then only to be found by looking at it. A change to None removes the field.
    """
    manifest = json.loads((path / "manifest.json").read_bytes())
    for name in manifest["files"]:
        content = (path / name).read_bytes()
        manifest["files"][name] = {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
    manifest.update(changes or {})
    kept = {field: value for field, value in manifest.items() if value is not None}
    return seal(path, json.dumps(kept).encode())


def seal(path: Path, manifest: bytes) -> Path:
    """Write `manifest` as it is, and the DIGEST that fits it."""
    (path / "manifest.json").write_bytes(manifest)
    (path / "DIGEST").write_text(f"sha256:{hashlib.sha256(manifest).hexdigest()}\n")
    return path
