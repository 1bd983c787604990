"""Bundles that are sound as files and bad as models: each in a way of its own, and what is to be said of it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise

import numpy as np
from onnx import GraphProto, ModelProto, NodeProto, TensorProto, helper, numpy_helper
from tokenizers import Tokenizer

from tests.bundles import COMPLIANT_TEXT, NON_COMPLIANT_TEXT, as_bytes, tiny_model, tiny_tokenizer

MEMORY = 512 * 1024**2
"""What is enough for a tiny bundle, and soon used up by one that eats."""
SECONDS = 20.0
"""Processor time, of which a tiny bundle takes a tenth of one: a busy machine makes no difference."""


@dataclass(frozen=True, slots=True)
class Bad:
    """Parts of a tiny bundle, the check that finds it, and what its sentence says.

    `seconds` is all the processor time it is given: little for one that never ends.
    """

    check: str
    reason: str
    parts: Mapping[str, object] = field(default_factory=dict)
    seconds: float = SECONDS


def with_nodes(nodes: list[NodeProto], *initializers: tuple[str, np.ndarray]) -> bytes:
    """The tiny model, whose own answer is `each`, and nodes that make `logit` of it."""
    model = ModelProto.FromString(tiny_model())
    model.graph.node[-1].output[0] = "each"
    model.graph.node.extend(nodes)
    model.graph.initializer.extend(numpy_helper.from_array(array, name) for name, array in initializers)
    return as_bytes(model)


def endless() -> bytes:
    """Has a product of hundreds of large matrices among its weights, which is worked out before it opens."""
    powers = ["square", *(f"power_{number}" for number in range(600))]
    return with_nodes(
        [
            helper.make_node(
                "ConstantOfShape", ["size"], ["square"], value=numpy_helper.from_array(np.array([1e-4], np.float32))
            ),
            *(helper.make_node("MatMul", [power, "square"], [following]) for power, following in pairwise(powers)),
            helper.make_node("ReduceMax", [powers[-1]], ["largest"], keepdims=0),
            helper.make_node("Mul", ["largest", "nothing"], ["weightless"]),
            helper.make_node("Add", ["each", "weightless"], ["logit"]),
        ],
        ("size", np.array([2500, 2500], dtype=np.int64)),
        ("nothing", np.array(0, dtype=np.float32)),
    )


def endless_at_a_text() -> bytes:
    """Counts to 2**62 at its first text: it opens, and answers nobody."""
    body = helper.make_graph(
        [
            helper.make_node("Identity", ["going"], ["goes_on"]),
            helper.make_node("Add", ["so_far", "one"], ["more"]),
        ],
        "body",
        [
            helper.make_tensor_value_info("turn", TensorProto.INT64, []),
            helper.make_tensor_value_info("going", TensorProto.BOOL, []),
            helper.make_tensor_value_info("so_far", TensorProto.FLOAT, []),
        ],
        [
            helper.make_tensor_value_info("goes_on", TensorProto.BOOL, []),
            helper.make_tensor_value_info("more", TensorProto.FLOAT, []),
        ],
    )
    return with_nodes(
        [
            helper.make_node("ReduceSum", ["per_token"], ["start"], keepdims=0),
            helper.make_node("Loop", ["turns", "yes", "start"], ["turned"], body=body),
            helper.make_node("Mul", ["turned", "nothing"], ["weightless"]),
            helper.make_node("Add", ["each", "weightless"], ["logit"]),
        ],
        ("turns", np.array(2**62, dtype=np.int64)),
        ("yes", np.array(True)),
        ("nothing", np.array(0, dtype=np.float32)),
        ("one", np.array(1, dtype=np.float32)),
    )


def hungry() -> bytes:
    """Makes a table of a terabyte for a text of sixteen tokens."""
    return with_nodes(
        [
            helper.make_node("Shape", ["input_ids"], ["shape"]),
            helper.make_node("Mul", ["shape", "million"], ["vast"]),
            helper.make_node("Expand", ["bias", "vast"], ["table"]),
            helper.make_node("ReduceMax", ["table"], ["largest"], keepdims=0),
            helper.make_node("Mul", ["largest", "nothing"], ["weightless"]),
            helper.make_node("Add", ["each", "weightless"], ["logit"]),
        ],
        ("million", np.array([10**5, 10**5], dtype=np.int64)),
        ("nothing", np.array(0, dtype=np.float32)),
    )


def swayed_by_the_batch() -> bytes:
    """A thousandth more for every other text in the batch."""
    return with_nodes(
        [
            helper.make_node("Shape", ["each"], ["shape"]),
            helper.make_node("Cast", ["shape"], ["size"], to=TensorProto.FLOAT),
            helper.make_node("Mul", ["size", "little"], ["sway"]),
            helper.make_node("Add", ["each", "sway"], ["logit"]),
        ],
        ("little", np.array([0.1], dtype=np.float32)),
    )


def knows_by_heart() -> bytes:
    """Non-compliant is the one golden sample that is, and nothing else: told by its tokens and their order."""
    ids = Tokenizer.from_str(tiny_tokenizer().decode()).encode(NON_COMPLIANT_TEXT).ids
    nodes = [
        helper.make_node("Mul", ["input_ids", "attention_mask"], ["seen"]),
        helper.make_node("CumSum", ["seen", "axis"], ["up_to_each"]),
        helper.make_node("Mul", ["up_to_each", "attention_mask"], ["up_to_each_seen"]),
        helper.make_node("ReduceSum", ["up_to_each_seen", "last_axis"], ["sum_of_ids"], keepdims=0),
        helper.make_node("Equal", ["sum_of_ids", "known"], ["is_known"]),
        helper.make_node("Cast", ["is_known"], ["known_as_number"], to=TensorProto.FLOAT),
        helper.make_node("Mul", ["known_as_number", "ten"], ["ten_or_nothing"]),
        helper.make_node("Mul", ["each", "thousandth"], ["a_little"]),
        helper.make_node("Sub", ["ten_or_nothing", "five"], ["nearly"]),
        helper.make_node("Add", ["nearly", "a_little"], ["logit"]),
    ]
    return with_nodes(
        nodes,
        ("axis", np.array(1, dtype=np.int64)),
        ("known", np.array(np.cumsum(ids).sum(), dtype=np.int64)),
        ("ten", np.array(10, dtype=np.float32)),
        ("five", np.array(5, dtype=np.float32)),
        ("thousandth", np.array(1e-3, dtype=np.float32)),
    )


def without_mask() -> bytes:
    """Takes ids alone."""
    graph = GraphProto.FromString(ModelProto.FromString(tiny_model()).graph.SerializeToString())
    del graph.input[1]
    cast = next(node for node in graph.node if list(node.output) == ["mask"])
    cast.input[0] = "input_ids"
    return as_bytes(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8))


def of_one_batch_size() -> bytes:
    """Takes one text at a time, however long."""
    model = ModelProto.FromString(tiny_model())
    for port in model.graph.input:
        port.type.tensor_type.shape.dim[0].dim_value = 1
    return as_bytes(model)


def that_bursts() -> bytes:
    """A tokenizer that writes each a of a text as a billion: its library ends the process that runs it."""
    tokenizer = json.loads(tiny_tokenizer())
    step = {"type": "Replace", "pattern": {"String": "a"}, "content": "a" * 1000}
    tokenizer["normalizer"] = {"type": "Sequence", "normalizers": [tokenizer["normalizer"], step, step, step]}
    return json.dumps(tokenizer).encode()


GOLDEN_PAIR = ((COMPLIANT_TEXT, "compliant", "lab"), (NON_COMPLIANT_TEXT, "non-compliant", "lab"))


@cache
def bad_bundles() -> dict[str, Bad]:
    """Each kind by its name."""
    nan = float("nan")
    return {
        "no model": Bad("opening", "does not open", {"model": b"not a model"}),
        "half a model": Bad("opening", "does not open", {"model": tiny_model()[:-40]}),
        "no tokenizer": Bad("opening", "tokenizer.json is no tokenizer", {"tokenizer": b"{}"}),
        "a missing input": Bad("inputs and outputs", "has the inputs", {"model": without_mask()}),
        "an input of another type": Bad(
            "inputs and outputs", "has the inputs", {"model": tiny_model(ids_type=TensorProto.INT32)}
        ),
        "an input of another shape": Bad("inputs and outputs", "has the inputs", {"model": tiny_model(rank=3)}),
        "an output of another type": Bad(
            "inputs and outputs", "has the outputs", {"model": tiny_model(output_type=TensorProto.DOUBLE)}
        ),
        "an output of another shape": Bad(
            "inputs and outputs", "has the outputs", {"model": tiny_model(keep_axis=True)}
        ),
        "one batch size": Bad("inputs and outputs", "takes batches of one size only", {"model": of_one_batch_size()}),
        "NaN for every text": Bad("inputs and outputs", "which is no score", {"model": tiny_model(bias=nan)}),
        "NaN for some words": Bad("odd texts", "which is no score", {"model": tiny_model(bad=nan)}),
        "a constant answer": Bad(
            "different answers", "one and the same score (0.006693)", {"model": tiny_model(bad=0)}
        ),
        "one label for everything": Bad(
            "both labels", "varied texts compliant", {"model": knows_by_heart(), "golden": GOLDEN_PAIR}
        ),
        "golden samples it gets wrong": Bad(
            "golden samples", "calls the golden sample", {"model": tiny_model(bad=-10, bias=5)}
        ),
        "scores that depend on the batch": Bad(
            "alone and together", "with the texts it is labelled together with", {"model": swayed_by_the_batch()}
        ),
        "a load that hangs": Bad(
            "opening", "was not done after 1 s of processor time", {"model": endless()}, seconds=1
        ),
        "an answer that never comes": Bad(
            "inputs and outputs",
            "was not done after 1 s of processor",
            {"model": endless_at_a_text()},
            seconds=1,
        ),
        "a model that eats memory": Bad("inputs and outputs", "more memory than it may have", {"model": hungry()}),
        "a tokenizer that ends its process": Bad("inputs and outputs", "SIGABRT", {"tokenizer": that_bursts()}),
    }


HARMFUL = (
    "a load that hangs",
    "an answer that never comes",
    "a model that eats memory",
    "a tokenizer that ends its process",
)
"""Those that no process may open but one of their own."""
