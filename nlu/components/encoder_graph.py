"""The sentence encoder as an ONNX graph: what depends on one token alone comes from a memory if it is there.

ONNX Runtime packs the weights once; numpy's BLAS packs them anew for each message, most of the time it takes.
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from itertools import accumulate
from typing import Any

import numpy as np
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

from nlu.components.encoder import Floats

OPSET, IR_VERSION = 17, 8
WIDTH = 256
"""Numbers a branch computes a token; what is known of a token lies in rows as long."""

Described = tuple[str, Any, Sequence[int | str]]
"""A name, the type of its numbers, and its shape."""

_IN_THE_BACKGROUND: list[Any] = []
"""Sessions that run in the background live as long as the process.

One that is taken down while its thread hands over a result waits for that thread, and the thread for it.
"""


class Graph:
    """Writes an ONNX graph node by node; values are known by their names."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def constant(self, values: Any) -> str:
        """Add a constant."""
        name = f"constant{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def add(self, operator: str, *inputs: str, **attributes: Any) -> str:
        """Add an operator with one output; return the output's name."""
        name = f"{operator}{len(self.nodes)}"
        self.nodes.append(helper.make_node(operator, inputs, [name], **attributes))
        return name

    def times(self, value: str, weights: Any) -> str:
        """Add a product with a matrix of constants."""
        return self.add("MatMul", value, self.constant(weights))

    def plus(self, value: str, numbers: Any) -> str:
        """Add a sum with constants."""
        return self.add("Add", value, self.constant(numbers))

    def relu_times(self, value: str, weights: Any) -> str:
        """Add a product with a matrix of constants, with nothing below zero."""
        return self.add("Relu", self.times(value, weights))

    def normal(self, value: str, scale: Any, shift: Any, epsilon: float) -> str:
        """Add a normalisation of each row."""
        numbers = self.constant(scale), self.constant(shift)
        return self.add("LayerNormalization", value, *numbers, axis=-1, epsilon=epsilon)

    def columns(self, value: str, first: int, end: int) -> str:
        """Add a cut along the second axis."""
        return self.add("Slice", value, *(self.constant([edge]) for edge in (first, end, 1)))

    def as_rows(self, value: str, width: int) -> str:
        """Add another division of the same numbers, into rows of `width`."""
        return self.add("Reshape", value, self.constant([-1, width]))

    def session(self, inputs: Sequence[Described], outputs: Sequence[Described]) -> Any:
        """Return what runs the graph.

        One of its two threads runs what is begun in the background; waiting for that costs nothing.
        """
        given, results = ([helper.make_tensor_value_info(*one) for one in ends] for ends in (inputs, outputs))
        graph = helper.make_graph(self.nodes, "encoder", given, results, self.constants)
        model = helper.make_model(
            graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION
        )
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads, options.inter_op_num_threads = 2, 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        return onnxruntime.InferenceSession(
            model.SerializeToString(), options, providers=["CPUExecutionProvider"]
        )


class EncoderGraph:
    """Turns tokens into vectors of sentences; `library` holds the weights.

    `orders` has each branch's window: how many tokens wide, and how many of them come before its own.
    `before` is the largest of the latter. With `new` it takes tokens that are not in memory as well.
    """

    def __init__(
        self, library: Any, orders: Sequence[tuple[int, int]], before: int, *, new: bool = False
    ) -> None:
        graph, eps, sizes = Graph(), float(library.eps), [size for size, _ in orders]
        width = library.table.shape[1]
        self.rows = width // WIDTH + len(sizes) + sum(sizes)
        """Rows a token has."""
        known = graph.add("Gather", "memory", "slots")
        inputs: list[Described] = [
            ("memory", TensorProto.FLOAT, ("in memory", self.rows, WIDTH)),
            ("slots", TensorProto.INT64, ("tokens and one",)),
            ("around", TensorProto.INT64, ("tokens", max(sizes))),
            ("members", TensorProto.FLOAT, ("sentences", "tokens")),
            ("counts", TensorProto.FLOAT, ("sentences", 1)),
        ]
        outputs: list[Described] = []
        if new:
            made = _of_each_token(graph, library, sizes)
            made = graph.add("Reshape", made, graph.constant([-1, self.rows, WIDTH]))
            known = graph.add("Gather", graph.add("Concat", known, made, axis=0), "order")
            inputs += [
                ("embedded", TensorProto.FLOAT, ("new", width)),
                ("order", TensorProto.INT64, ("tokens and one",)),
            ]
            outputs = [(made, TensorProto.FLOAT, ("new", self.rows, WIDTH))]
        branches = _Branches(graph, library, sizes, known)
        outer = [branches.add(at, first=before - left, size=size) for at, (size, left) in enumerate(orders)]
        features = graph.add("Concat", branches.embedded(), *outer, axis=1)
        normal = graph.normal(features, library.ln_g, library.ln_b, eps)
        sums = graph.times(graph.add("MatMul", "members", normal), library.cnn_W)
        shifted = graph.add("Add", sums, graph.add("Mul", "counts", graph.constant(library.cnn_b)))
        mean = graph.add("Div", shifted, graph.add("Sqrt", "counts"))
        side = graph.times(graph.relu_times(mean, library.d0), library.d1)
        hidden = graph.add("Relu", graph.add("Add", graph.times(mean, library.p1), side))
        side = graph.times(graph.relu_times(hidden, library.d2), library.d3)
        last = graph.add("Tanh", graph.add("Add", graph.times(hidden, library.p3), side))
        vectors = graph.add("LpNormalization", last, axis=-1, p=2)
        self._session = graph.session(inputs, [(vectors, TensorProto.FLOAT, ("sentences", width)), *outputs])
        _IN_THE_BACKGROUND.append(self._session)

    def begin(
        self, tokens: Mapping[str, Any], around: Any, starts: Any, lengths: Any
    ) -> Callable[[], Sequence[Floats]]:
        """Begin in the background; what is returned waits for vectors of length one, shape (sentences, 512).

        `tokens` are those of the sentences, laid end to end. "memory" is what earlier runs made of tokens,
        shape (slots, rows, 256), nothing but zeros in slot 0, and "slots" says where each token lies in it,
        with 0 behind the last. With `new` there are "embedded", the new tokens' embeddings, (new, 512), and
        "order", which says where each token stands among "slots" and the new ones behind them. What should be
        remembered of the new tokens then comes beside the vectors, (new, rows, 256): their embedding, its
        projections, one a branch, and its part at each place of each branch's first window.

        `around` says which tokens stand in the widest window around each, beyond a sentence the one behind
        the last, shape (tokens, widest). `starts` and `lengths` tell the sentences' tokens.
        """
        at = np.arange(len(around)) - starts[:, None]
        found = {
            **tokens,
            "around": around,
            "members": ((at >= 0) & (at < lengths[:, None])).astype(np.float32),
            "counts": lengths.astype(np.float32)[:, None],
        }
        result: Future[Sequence[Floats]] = Future()

        def finished(outputs: Sequence[Floats], _kept: Any, error: str) -> None:
            if error:
                result.set_exception(RuntimeError(error))
            else:
                result.set_result(outputs)

        self._session.run_async(None, found, finished, found)  # handed on so that it lives until then
        return result.result


def _of_each_token(graph: Graph, library: Any, sizes: Sequence[int]) -> str:
    """Add what depends on a token alone, (new, rows * 256)."""
    projected = graph.plus(graph.times("embedded", library.proj_W), library.proj_b)
    normal = graph.normal(projected, library.ln_g_all, library.ln_b_all, float(library.eps))
    parts = [
        graph.times(graph.columns(normal, at * WIDTH, (at + 1) * WIDTH), _by_place(weights, size))
        for at, (weights, size) in enumerate(zip(library.w1, sizes, strict=True))
    ]
    return graph.add("Concat", "embedded", normal, *parts, axis=1)


class _Branches:
    """Writes what the branches make of what is `known` of each token, and of "around"."""

    def __init__(self, graph: Graph, library: Any, sizes: Sequence[int], known: str) -> None:
        self._graph, self._library, self._known = graph, library, known
        self._embedded = library.table.shape[1] // WIDTH
        *self._parts, rows = accumulate(sizes, initial=self._embedded + len(sizes))
        self._all = graph.as_rows(known, WIDTH)
        self._at = graph.add("Mul", "around", graph.constant(rows))

    def embedded(self) -> str:
        """Add the tokens' embeddings, (tokens, 512)."""
        return self._own(0, self._embedded)

    def add(self, at: int, *, first: int, size: int) -> str:
        """Add a branch, (tokens, 256): two windows one after the other that begin at `first` in "around"."""
        graph, weights = self._graph, self._library
        places = graph.plus(graph.columns(self._at, first, first + size), self._parts[at] + np.arange(size))
        parts = graph.add("Gather", self._all, places)
        window = graph.add("ReduceSum", parts, graph.constant([1]), keepdims=0)
        own = self._own(self._embedded + at, self._embedded + at + 1)
        inner = graph.add("Add", graph.add("Relu", graph.plus(window, weights.b1[at])), own)
        padded = graph.add("Concat", inner, graph.constant(np.zeros((1, WIDTH), np.float32)), axis=0)
        around = graph.add("Gather", padded, graph.columns("around", first, first + size))
        wide = graph.plus(graph.times(graph.as_rows(around, size * WIDTH), weights.w2[at]), weights.b2[at])
        return graph.add("Add", graph.add("Relu", wide), inner)

    def _own(self, first: int, end: int) -> str:
        """Add some rows of each token but the last."""
        edges = (self._graph.constant(edge) for edge in ([0, first], [-1, end]))
        return self._graph.as_rows(self._graph.add("Slice", self._known, *edges), (end - first) * WIDTH)


def _by_place(weights: Floats, size: int) -> Floats:
    """Turn weights over a window, (size * 256, 256), into those of one token at each of its places."""
    return weights.reshape(size, WIDTH, WIDTH).transpose(1, 0, 2).reshape(WIDTH, -1)
