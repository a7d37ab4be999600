import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any

from telegram import Bot, Update

log = logging.getLogger(__name__)

ALBUM_WAIT = 0.7  # seconds: the photos of an album come as messages of their own, one right after the other
RETRY = 2.0  # seconds before an update whose handling failed (database or network away) is tried again
TRIES = 5


class ChatQueues:
    """Handles updates: one chat's in their order, different chats' at the same time.

    `handle` gets the updates that belong together: one, or all the messages of an album.
    `give_up` gets the numbers and the chat of updates that failed again and again, so that they block
    nothing; the chat is empty when they can't even be read.
    """

    def __init__(
        self,
        bot: Bot,
        *,
        handle: Callable[[list[Update]], Awaitable[None]],
        give_up: Callable[[list[int], str], Awaitable[None]],
    ) -> None:
        self.bot = bot
        self.handle = handle
        self.give_up = give_up
        self.waiting: dict[str, deque[Update]] = {}
        self.tasks: dict[str, asyncio.Task[None]] = {}
        self.news: dict[str, asyncio.Event] = {}

    async def put(self, payload: dict[str, Any]) -> None:
        """Queue one update (the Bot API's JSON); one that can't be read is given up at once."""
        try:
            update = Update.de_json(payload, self.bot)
            key = chat_of(update)
        except Exception as error:  # noqa: BLE001 -- whatever Telegram sends must not stop the bot
            log.warning("an update could not be read: %s", type(error).__name__)
            await self.give_up([payload["update_id"]], "")
            return
        self.waiting.setdefault(key, deque()).append(update)
        self.news.setdefault(key, asyncio.Event()).set()
        if key not in self.tasks:
            self.tasks[key] = asyncio.create_task(self._work(key))

    async def drained(self) -> None:
        """Wait until everything queued has been handled."""
        while self.tasks:
            await asyncio.wait(list(self.tasks.values()))

    async def _work(self, key: str) -> None:
        queue = self.waiting[key]
        try:
            while queue:
                await self._handle_surely(await self._next(key, queue))
        finally:
            # No await between the last look at the queue and here: nothing can be queued in between.
            del self.tasks[key], self.waiting[key], self.news[key]

    async def _next(self, key: str, queue: deque[Update]) -> list[Update]:
        updates = [queue.popleft()]
        album = album_of(updates[0])
        while album:
            if not queue:
                self.news[key].clear()
                try:
                    await asyncio.wait_for(self.news[key].wait(), timeout=ALBUM_WAIT)
                except TimeoutError:
                    break
            if album_of(queue[0]) != album:
                break
            updates.append(queue.popleft())
        return updates

    async def _handle_surely(self, updates: list[Update]) -> None:
        for attempt in range(TRIES):
            try:
                await self.handle(updates)
            except Exception as error:  # noqa: BLE001 -- the queue must outlive every single update
                log.error("handling an update failed with %s", type(error).__name__)  # noqa: TRY400
                await asyncio.sleep(RETRY * 2**attempt)
            else:
                return
        try:
            await self.give_up([update.update_id for update in updates], chat_of(updates[0]))
        except Exception as error:  # noqa: BLE001 -- they stay in the inbox and come again at the next start
            log.error("giving an update up failed with %s", type(error).__name__)  # noqa: TRY400


def chat_of(update: Update) -> str:
    """Return the key of the chat an update belongs to; updates without one share a key."""
    chat = update.effective_chat
    return str(chat.id) if chat else ""


def album_of(update: Update) -> str | None:
    """Return the album a new message belongs to, or None."""
    return update.message.media_group_id if update.message else None
