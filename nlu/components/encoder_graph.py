"""The sentence encoder as two ONNX graphs: what depends on one token alone, and the rest.

ONNX Runtime packs the weights once; numpy's BLAS packs them anew for each message, most of the time it takes.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

from nlu.components.encoder import Floats

OPSET, IR_VERSION = 17, 8


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

    def relu_times(self, value: str, weights: Any) -> str:
        """Add the same, with nothing below zero."""
        return self.add("Relu", self.times(value, weights))

    def session(self, inputs: Sequence[tuple[str, str, int | str]], output: str) -> Any:
        """Return what runs the graph on one thread; `inputs` are names with rows and columns."""
        described = [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, *shape in inputs]
        result = helper.make_tensor_value_info(output, TensorProto.FLOAT, ["rows", None])
        graph = helper.make_graph(self.nodes, "encoder", described, [result], self.constants)
        model = helper.make_model(
            graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION
        )
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        return onnxruntime.InferenceSession(
            model.SerializeToString(), options, providers=["CPUExecutionProvider"]
        )


class FirstHalf:
    """What depends on a token alone; `library` holds the weights, `sizes` are the branches' window widths."""

    def __init__(self, library: Any, sizes: Sequence[int]) -> None:
        graph, width = Graph(), library.w2[0].shape[1]
        scale, shift = graph.constant(library.ln_g_all), graph.constant(library.ln_b_all)
        projected = graph.add("Add", graph.times("embedded", library.proj_W), graph.constant(library.proj_b))
        normal = graph.add("LayerNormalization", projected, scale, shift, axis=-1, epsilon=float(library.eps))
        parts = []
        for at, (weights, size) in enumerate(zip(library.w1, sizes, strict=True)):
            limits = (graph.constant(np.array([edge * width])) for edge in (at, at + 1))
            own = graph.add("Slice", normal, *limits, graph.constant(np.array([1])))
            parts.append(graph.times(own, _by_place(weights, size, width)))
        result = graph.add("Concat", normal, *parts, axis=1)
        self._session = graph.session([("embedded", "tokens", library.table.shape[1])], result)

    def run(self, embedded: Floats) -> Floats:
        """Return each token's projections, one a branch, then its part at each place of each first window.

        `embedded` has the shape (tokens, 512), what is returned (tokens, (branches + places) * 256).
        """
        rows: Floats = self._session.run(None, {"embedded": embedded})[0]
        return rows


class SecondHalf:
    """Turns what the first half made of tokens into vectors of sentences; `library` holds the weights."""

    def __init__(self, library: Any) -> None:
        self._windows = [f"windows{at}" for at in range(len(library.w2))]
        self._session = _graph(library, self._windows)

    def run(
        self, embedded: Floats, inner: Floats, windows: Sequence[Floats], starts: Any, lengths: Any
    ) -> Floats:
        """Return vectors of length one, shape (sentences, 512).

        Of each token: `embedded`, (tokens, 512); `inner`, the branches side by side, (tokens, 768);
        `windows`, a branch's inner values around it, (tokens, size * 256). `starts` and `lengths` say which
        tokens make a sentence.
        """
        tokens = np.arange(len(embedded)) - starts[:, None]
        members = ((tokens >= 0) & (tokens < lengths[:, None])).astype(np.float32)
        found = {
            "embedded": embedded,
            "inner": inner,
            **dict(zip(self._windows, windows, strict=True)),
            "members": members,
            "counts": lengths.astype(np.float32)[:, None],
        }
        rows: Floats = self._session.run(None, found)[0]
        return rows


def _graph(library: Any, windows: Sequence[str]) -> Any:
    graph, eps = Graph(), float(library.eps)
    outer = [
        graph.add("Relu", graph.add("Add", graph.times(name, weights), graph.constant(bias)))
        for name, weights, bias in zip(windows, library.w2, library.b2, strict=True)
    ]
    branches = graph.add("Add", graph.add("Concat", *outer, axis=1), "inner")
    features = graph.add("Concat", "embedded", branches, axis=1)
    scale, shift = graph.constant(library.ln_g), graph.constant(library.ln_b)
    normal = graph.add("LayerNormalization", features, scale, shift, axis=-1, epsilon=eps)
    sums = graph.times(graph.add("MatMul", "members", normal), library.cnn_W)
    shifted = graph.add("Add", sums, graph.add("Mul", "counts", graph.constant(library.cnn_b)))
    mean = graph.add("Div", shifted, graph.add("Sqrt", "counts"))
    side = graph.times(graph.relu_times(mean, library.d0), library.d1)
    hidden = graph.add("Relu", graph.add("Add", graph.times(mean, library.p1), side))
    side = graph.times(graph.relu_times(hidden, library.d2), library.d3)
    last = graph.add("Tanh", graph.add("Add", graph.times(hidden, library.p3), side))
    result = graph.add("LpNormalization", last, axis=-1, p=2)
    inputs: list[tuple[str, str, Any]] = [
        ("embedded", "tokens", library.table.shape[1]),
        ("inner", "tokens", sum(weights.shape[1] for weights in library.w2)),
        *((name, "tokens", len(weights)) for name, weights in zip(windows, library.w2, strict=True)),
        ("members", "sentences", "tokens"),
        ("counts", "sentences", 1),
    ]
    return graph.session(inputs, result)


def _by_place(weights: Floats, size: int, width: int) -> Floats:
    """Turn weights over a window, (size * width, width), into those of one token at each of its places."""
    return weights.reshape(size, width, width).transpose(1, 0, 2).reshape(width, -1)
