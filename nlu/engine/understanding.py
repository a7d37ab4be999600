import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

Understood = dict[str, Any]
LARGEST_BATCH = 16
"""Texts understood in one pass: large enough to gain, small enough not to hold up the loop (about 50 ms)."""


class Understanding:
    """Understands the texts of many chats together when they come in at once.

    One pass over 16 texts costs about as much as four texts one by one. A text alone waits for nothing but
    the next round of the event loop.
    """

    def __init__(self, understand: Callable[[Sequence[str]], list[Understood]]) -> None:
        self._understand = understand
        self._waiting: deque[tuple[str, asyncio.Future[Understood]]] = deque()

    async def one(self, text: str) -> Understood:
        """Return the parse data of one text; raises what the pipeline raised for this text."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Understood] = loop.create_future()
        self._waiting.append((text, answer))
        if len(self._waiting) == 1:
            loop.call_soon(self._next_batch, loop)
        return await answer

    def _next_batch(self, loop: asyncio.AbstractEventLoop) -> None:
        batch = [self._waiting.popleft() for _ in range(min(LARGEST_BATCH, len(self._waiting)))]
        if self._waiting:
            loop.call_soon(self._next_batch, loop)
        try:
            found = self._understand([text for text, _ in batch])
        except Exception:  # noqa: BLE001 -- one text's error must not become its neighbours'
            self._one_by_one(batch)
            return
        for (_, answer), data in zip(batch, found, strict=True):
            _settle(answer, data)

    def _one_by_one(self, batch: Sequence[tuple[str, asyncio.Future[Understood]]]) -> None:
        for text, answer in batch:
            try:
                _settle(answer, self._understand([text])[0])
            except Exception as error:  # noqa: BLE001 -- handed to whoever waits for it
                if not answer.done():
                    answer.set_exception(error)


def _settle(answer: "asyncio.Future[Understood]", data: Understood) -> None:
    if not answer.done():  # whoever asked may have been cancelled
        answer.set_result(data)
