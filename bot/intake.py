"""Takes updates in: stored first, confirmed to Telegram after that, handled then."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

import httpx

from storage.work import SqlStorage

log = logging.getLogger(__name__)

KINDS = ["message", "edited_message", "callback_query", "my_chat_member"]
POLL_SECONDS = 25  # how long Telegram holds a request open while nothing happens
PAUSE = 1.0  # seconds after a failed request, doubled up to LONGEST_PAUSE
LONGEST_PAUSE = 30.0


class Intake:
    """Stores updates in the inbox and hands the new ones on; those left from before come first."""

    def __init__(self, *, storage: SqlStorage, put: Callable[[dict[str, Any]], Awaitable[None]]) -> None:
        self.storage = storage
        self.put = put

    async def take(self, updates: list[dict[str, Any]]) -> None:
        """Store updates, then queue those that were not known yet."""
        for update in await asyncio.to_thread(self._store, updates):
            await self.put(update)

    async def resume(self) -> None:
        """Queue what was stored but not finished when the worker last stopped."""
        for update in await asyncio.to_thread(self._open):
            await self.put(update)

    def _store(self, updates: list[dict[str, Any]]) -> list[dict[str, Any]]:
        with self.storage.work() as work:
            return work.inbox.take(updates)

    def _open(self) -> list[dict[str, Any]]:
        with self.storage.work() as work:
            return work.inbox.open()


async def poll(api: str, intake: Intake) -> None:
    """Fetch updates by long polling until cancelled; the next request confirms those that are stored.

    `api` is the bot's base address with its token. This is the one call that does not go through
    python-telegram-bot: one update it can't parse must not hold up the others.
    """
    offset, pause = 0, PAUSE
    async with httpx.AsyncClient(timeout=httpx.Timeout(10, read=POLL_SECONDS + 10)) as client:
        while True:
            try:
                updates = await _fetch(client, api, offset=offset)
            except (httpx.HTTPError, _Refused, ValueError) as error:
                wait = getattr(error, "retry_after", None) or pause
                log.warning(
                    "fetching updates failed (%s), trying again", getattr(error, "code", type(error).__name__)
                )
                await asyncio.sleep(wait)
                pause = min(LONGEST_PAUSE, pause * 2)
                continue
            try:
                await intake.take(updates)
            except Exception as error:  # noqa: BLE001 -- not stored is not confirmed: they come again
                log.error("updates could not be stored (%s), trying again", type(error).__name__)  # noqa: TRY400
                await asyncio.sleep(pause)
                continue
            pause = PAUSE
            offset = max((update["update_id"] + 1 for update in updates), default=offset)


class _Refused(Exception):  # noqa: N818
    """Telegram answered, but not with updates."""

    def __init__(self, code: int, retry_after: float | None) -> None:
        super().__init__(code)
        self.code = code
        self.retry_after = retry_after


async def _fetch(client: httpx.AsyncClient, api: str, *, offset: int) -> list[dict[str, Any]]:
    parameters = {"offset": offset, "timeout": POLL_SECONDS, "allowed_updates": KINDS}
    answer = (await client.post(f"{api}/getUpdates", json=parameters)).json()
    if not answer.get("ok"):
        raise _Refused(answer.get("error_code", 0), answer.get("parameters", {}).get("retry_after"))
    updates: list[dict[str, Any]] = answer["result"]
    return updates
