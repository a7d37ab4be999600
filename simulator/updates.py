import asyncio
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from simulator.errors import ApiError, conflict

# Only sent to bots that ask for them (core.telegram.org/bots/api#getupdates, allowed_updates).
ON_REQUEST = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
BY_OTHER_POLLER = "terminated by other getUpdates request; make sure that only one bot instance is running"
BY_WEBHOOK = "terminated by setWebhook request"
WEBHOOK_ACTIVE = (
    "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)
REMEMBERED = 20_000


@dataclass(frozen=True)
class Update:
    """One update as it goes over the wire; `lane` is the chat whose updates keep their order."""

    id: int
    kind: str
    lane: int
    body: bytes


class UpdateQueue:
    """The updates of one bot, waiting for long polling or for the webhook.

    Ids rise by one; an update stays until an offset above it confirms it or the webhook answers 2xx.
    """

    def __init__(self, *, first_id: int) -> None:
        self.next_id = first_id
        self.pending: dict[int, Update] = {}
        self.again: list[Update] = []
        self.past: dict[int, Update] = {}
        self.allowed: frozenset[str] | None = None
        self.webhook_active = False
        self.arrived = asyncio.Event()
        self.closed = False
        self._poller: asyncio.Future[None] | None = None

    def put(self, kind: str, payload: Any, *, lane: int) -> int | None:
        """Queue an update; returns its id, or None when the bot did not ask for this kind."""
        wanted = kind not in ON_REQUEST if not self.allowed else kind in self.allowed
        return self.put_raw({kind: payload}, kind=kind, lane=lane) if wanted else None

    def put_raw(self, update: dict[str, Any], *, kind: str = "", lane: int = 0) -> int:
        """Queue any object, however wrong its shape; an `update_id` is added where there is none."""
        number = update.get("update_id", self.next_id)
        self.next_id = max(self.next_id, number) + 1
        body = json.dumps({"update_id": number, **update}).encode()
        self._add(Update(id=number, kind=kind, lane=lane, body=body))
        return int(number)

    def _add(self, update: Update) -> None:
        self.pending[update.id] = update
        self.past[update.id] = update
        if len(self.past) > REMEMBERED:
            del self.past[next(iter(self.past))]
        self.wake()

    def redeliver(self, update_id: int) -> None:
        """Deliver an update once more with the same id, as Telegram does when a confirmation got lost."""
        self.again.append(self.past[update_id])
        self.wake()

    def wake(self) -> None:
        """Tell whoever waits that there is something to fetch."""
        self.arrived.set()
        if self._poller is not None and not self._poller.done():
            self._poller.set_result(None)

    def terminate(self, error: ApiError) -> None:
        """End a running long poll with an error."""
        if self._poller is not None and not self._poller.done():
            self._poller.set_exception(error)
        self._poller = None

    def allow(self, kinds: Iterable[str]) -> None:
        """Remember which kinds the bot wants from now on; none given means the default ones."""
        self.allowed = frozenset(kinds) or None

    def drop(self) -> None:
        """Forget everything that waits."""
        self.pending.clear()
        self.again.clear()

    async def poll(self, *, offset: int, limit: int, timeout: float) -> list[Update]:  # noqa: ASYNC109
        """Answer getUpdates: confirm below `offset`, then wait up to `timeout` seconds for something new.

        A negative offset keeps only the last so many updates. A poll still running is ended with 409.
        """
        if self.webhook_active:
            raise conflict(WEBHOOK_ACTIVE)
        self.terminate(conflict(BY_OTHER_POLLER))
        self._confirm(offset)
        if not (batch := self._batch(limit)) and timeout > 0 and not self.closed:
            await self._wait(timeout)
            batch = self._batch(limit)
        return batch

    async def _wait(self, seconds: float) -> None:
        waiter = self._poller = asyncio.get_running_loop().create_future()
        try:
            await asyncio.wait_for(waiter, seconds)
        except TimeoutError:
            return
        finally:
            if self._poller is waiter:
                self._poller = None

    def _confirm(self, offset: int) -> None:
        known = list(self.pending)
        gone = known[:offset] if offset < 0 else [number for number in known if number < offset]
        for number in gone:
            del self.pending[number]

    def _batch(self, limit: int) -> list[Update]:
        repeated, self.again = self.again[:limit], self.again[limit:]
        fresh = list(self.pending.values())[: limit - len(repeated)]
        return repeated + [update for update in fresh if update not in repeated]

    def close(self) -> None:
        """Let running polls return at once; used when the server stops."""
        self.closed = True
        self.wake()
