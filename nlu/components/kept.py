"""A memory for what is worked out again and again, with an end to its size."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")

_WORDS_A_TEXT = 50


class Kept(dict[Key, Value]):
    """What `work_out` made of each key asked for; with `most` kept it starts afresh."""

    def __init__(self, work_out: Callable[[Key], Value], *, most: int) -> None:
        super().__init__()
        self._work_out, self._most = work_out, most

    def __missing__(self, key: Key) -> Value:
        """Work out a key nobody has asked for since the last start."""
        found = self._work_out(key)
        if len(self) >= self._most:
            self.clear()
        self[key] = found
        return found


def in_texts(words: Sequence[str]) -> Iterator[str]:
    """Join words into texts of fifty: reading these fills the memories before the first message comes."""
    for start in range(0, len(words), _WORDS_A_TEXT):
        yield " ".join(words[start : start + _WORDS_A_TEXT])
