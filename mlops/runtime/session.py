"""The ONNX session of a bundle: opened from verified bytes only, checked against the manifest, run on batches."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime as ort
from onnxruntime.capi import onnxruntime_pybind11_state as ort_errors

from mlops.exceptions import ContractBroken, LoadError, ModelError
from mlops.runtime.bundle import Bundle
from mlops.runtime.manifest import ModelInput

Ids = npt.NDArray[np.int64]
Port = tuple[str, str, int]
"""Name, type and number of axes of an input or output."""

# ONNX Runtime's exceptions have no root of their own.
ORT_ERRORS: tuple[type[Exception], ...] = (
    *{
        error
        for error in vars(ort_errors).values()
        if isinstance(error, type) and issubclass(error, Exception)
    },
    RuntimeError,
    ValueError,
    TypeError,
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Session:
    """int64 ids [batch, tokens] in, float32 logits [batch] out. Thread-safe; each caller computes in its own thread."""

    _run: Any
    _input: ModelInput
    _outputs: list[str]

    @classmethod
    def open(cls, bundle: Bundle, *, threads: int) -> "Session":
        """Open the model of a bundle; raises LoadError where that fails, ContractBroken where its signature is another.

        Batches of any number of texts, of any length, must fit its inputs.
        """
        try:
            session = ort.InferenceSession(
                bundle.model,
                _options(threads),
                providers=["CPUExecutionProvider"],
                enable_fallback=0,  # it would print to standard output, and try the same again
                read_config_from_model=0,
            )
            inputs, outputs = _signature(session.get_inputs()), _signature(session.get_outputs())
        except ORT_ERRORS as error:
            raise LoadError(
                f"model.onnx of {bundle.model_version} does not open: {_sentence(error)} Export the model again."
            ) from error
        session._model_bytes = None  # kept for the fallback only, beside the session's own copy
        names = bundle.manifest.input.ids, bundle.manifest.input.mask
        _require("inputs", inputs, [(name, "tensor(int64)", 2) for name in names], bundle)
        _require("outputs", outputs, [(bundle.manifest.output, "tensor(float)", 1)], bundle)
        _require_free_axes(session.get_inputs(), bundle)
        return cls(session.run, bundle.manifest.input, [bundle.manifest.output])

    def logits(self, rows: Sequence[Sequence[int]], *, pad_id: int) -> npt.NDArray[np.float32]:
        """One logit for each row of token ids; raises ModelError where the model fails or answers in another shape."""
        ids, mask = _rectangle(rows, pad_id)
        try:
            (logits,) = self._run(self._outputs, {self._input.ids: ids, self._input.mask: mask})
        except ORT_ERRORS as error:
            raise ModelError(f"The model failed on {len(rows)} texts: {_sentence(error)}") from error
        if logits.shape != (len(rows),):
            raise ModelError(f"The model answered {len(rows)} texts in the shape {logits.shape}.")
        answer: npt.NDArray[np.float32] = logits
        return answer


def _options(threads: int) -> ort.SessionOptions:
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.execution_mode = ort.ExecutionMode.ORT_SEQUENTIAL
    options.log_severity_level = 4
    # Every width of a batch would leave a memory pattern behind, and the arena never gives back its largest batch.
    options.enable_mem_pattern = False
    options.enable_cpu_mem_arena = False
    for key, value in {
        "session.intra_op.allow_spinning": "0",
        "session.inter_op.allow_spinning": "0",
        "session.load_model_format": "ONNX",
        # Weights kept in other files would be read from the working directory; under this one nothing can be.
        "session.model_external_initializers_file_folder_path": "/dev/null",
    }.items():
        options.add_session_config_entry(key, value)
    return options


def _signature(nodes: Sequence[ort.NodeArg]) -> list[Port]:
    return [(node.name, node.type, len(node.shape)) for node in nodes]


def _require(kind: str, found: list[Port], wanted: list[Port], bundle: Bundle) -> None:
    if sorted(found) != sorted(wanted):
        raise ContractBroken(
            f"model.onnx of {bundle.model_version} has the {kind} {_cut(str(found))}, "
            f"its manifest says {_cut(str(wanted))}. Export the model again."
        )


def _require_free_axes(inputs: Sequence[ort.NodeArg], bundle: Bundle) -> None:
    # The runtime gives a number for an axis of a fixed size, a name or nothing for one that may have any.
    if any(isinstance(size, int) for node in inputs for size in node.shape):
        shapes = ", ".join(str(node.shape) for node in inputs)
        raise ContractBroken(
            f"model.onnx of {bundle.model_version} takes batches of one size only ({_cut(shapes)}). "
            "Export the model again with its batch and token axes dynamic."
        )


def _rectangle(rows: Sequence[Sequence[int]], pad_id: int) -> tuple[Ids, Ids]:
    """Rows filled up to the longest, and the mask of what is not filling."""
    lengths = [len(row) for row in rows]
    width = max(lengths)
    if width == min(lengths):
        ids = np.array(rows, dtype=np.int64)
        return ids, np.ones_like(ids)
    filled = np.arange(width) < np.array(lengths)[:, None]
    ids = np.full(filled.shape, pad_id, dtype=np.int64)
    ids[filled] = np.fromiter((token for row in rows for token in row), dtype=np.int64, count=sum(lengths))
    return ids, filled.astype(np.int64)


def _sentence(error: Exception) -> str:
    return _cut(" ".join(str(error).split()))


def _cut(text: str) -> str:
    return text if len(text) <= 400 else f"{text[:400]}…"
