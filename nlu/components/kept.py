"""A memory for what is worked out again and again, with an end to its size."""

from collections.abc import Callable
from typing import TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")


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
