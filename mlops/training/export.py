"""From the trained model to the graph that ships: ONNX, and the same in eight bits."""

import logging
import tempfile
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime as ort
import torch
from tokenizers import Tokenizer

from mlops.training import tokenizer as tokens
from mlops.training.model import Classifier

IDS, MASK, LOGIT = "input_ids", "attention_mask", "logit"
_OPSET = 17


def to_onnx(model: Classifier, *, vocabulary: int) -> bytes:
    """The model as an ONNX graph: int64 ids and mask [batch, tokens] in, float32 logits [batch] out."""
    model.eval()
    # Neither dimension may be 1, or tracing would fix it; the second row has padding, so that masking is traced.
    ids = torch.randint(4, vocabulary, (3, 11), generator=torch.Generator().manual_seed(0))
    mask = torch.ones_like(ids)
    mask[1, 7:] = 0
    with tempfile.TemporaryDirectory() as directory, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the tracer warns of every shape it reads; the parity check is the judge
        path = Path(directory) / "model.onnx"
        torch.onnx.export(
            model,
            (ids, mask),
            str(path),
            input_names=[IDS, MASK],
            output_names=[LOGIT],
            dynamic_axes={IDS: {0: "batch", 1: "tokens"}, MASK: {0: "batch", 1: "tokens"}, LOGIT: {0: "batch"}},
            opset_version=_OPSET,
            dynamo=False,
        )
        return path.read_bytes()


def to_int8(graph: bytes) -> bytes:
    """The graph with weights of seven bits per channel and activations of eight, chosen as each batch comes.

    Seven, because processors without VNNI add products of eight-bit pairs in 16 bits and would saturate.
    """
    from onnxruntime.quantization import QuantType, quantize_dynamic

    logging.getLogger().addFilter(_without_advice)
    try:
        with tempfile.TemporaryDirectory() as directory:
            whole, small = Path(directory) / "model.onnx", Path(directory) / "int8.onnx"
            whole.write_bytes(graph)
            quantize_dynamic(
                whole,
                small,
                per_channel=True,
                reduce_range=True,
                weight_type=QuantType.QInt8,
                extra_options={"MatMulConstBOnly": True},
            )
            return small.read_bytes()
    finally:
        logging.getLogger().removeFilter(_without_advice)


def _without_advice(record: logging.LogRecord) -> bool:
    # The quantiser tells of every tensor, by the root of all loggers.
    return record.levelno > logging.WARNING


class ExportedModel:
    """A graph and its tokenizer, run on one thread as the web process runs them."""

    def __init__(self, graph: bytes, tokenizer: Tokenizer, *, max_tokens: int) -> None:
        options = ort.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session = ort.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
        self._tokenizer = tokenizer
        self._max_tokens = max_tokens
        self._pad = tokens.pad_id_of(tokenizer)

    def logits(self, texts: Sequence[str], *, batch_size: int = 64) -> list[float]:
        """The logit of each text, in their order."""
        rows = tokens.encode(self._tokenizer, texts, max_tokens=self._max_tokens)
        order = sorted(range(len(rows)), key=lambda index: len(rows[index]))
        found = np.zeros(len(rows), dtype=np.float64)
        for start in range(0, len(order), batch_size):
            part = order[start : start + batch_size]
            found[part] = self._run([rows[index] for index in part])
        return [float(value) for value in found]

    def _run(self, rows: Sequence[Sequence[int]]) -> npt.NDArray[np.float32]:
        ids, mask = tokens.pad(rows, self._pad)
        answer: Any = self._session.run([LOGIT], {IDS: ids, MASK: mask})[0]
        return np.asarray(answer, dtype=np.float32)
