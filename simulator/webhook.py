import asyncio
import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import httpx

from simulator.updates import Update, UpdateQueue

FIRST_RETRY_SECONDS = 0.1
LONGEST_RETRY_SECONDS = 5.0
ANSWER_SECONDS = 60.0
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 -- a header's name


@dataclass(eq=False)
class Webhook:
    """Posts a bot's updates to its URL: parallel between chats, in order within one, until answered 2xx."""

    queue: UpdateQueue
    url: str
    secret: str = ""
    connections: int = 40
    clock: Callable[[], float] = time.time
    last_error: tuple[int, str] | None = None
    busy: set[int] = field(default_factory=set)
    tasks: set[asyncio.Task[None]] = field(default_factory=set)
    runner: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to deliver in the running event loop."""
        self.queue.webhook_active = True
        self.queue.arrived.set()
        self.runner = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """End all deliveries; what was not answered stays in the queue."""
        self.queue.webhook_active = False
        tasks = [task for task in (self.runner, *self.tasks) if task]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _run(self) -> None:
        limits = httpx.Limits(max_connections=self.connections, max_keepalive_connections=self.connections)
        async with httpx.AsyncClient(limits=limits, timeout=ANSWER_SECONDS, trust_env=False) as client:
            while not self.queue.closed:
                await self.queue.arrived.wait()
                self.queue.arrived.clear()
                while self.queue.again:
                    self._begin(client, self.queue.again.pop(0), repeated=True)
                for update in list(self.queue.pending.values()):
                    if update.lane not in self.busy and len(self.tasks) < self.connections:
                        self._begin(client, update)

    def _begin(self, client: httpx.AsyncClient, update: Update, *, repeated: bool = False) -> None:
        if not repeated:
            self.busy.add(update.lane)
        task = asyncio.create_task(self._deliver(client, update, repeated=repeated))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def _deliver(self, client: httpx.AsyncClient, update: Update, *, repeated: bool) -> None:
        pause = FIRST_RETRY_SECONDS
        while not await self._post(client, update):
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_RETRY_SECONDS)
        if not repeated:
            self.queue.pending.pop(update.id, None)
            self.busy.discard(update.lane)
        asyncio.get_running_loop().call_soon(self.queue.arrived.set)

    async def _post(self, client: httpx.AsyncClient, update: Update) -> bool:
        headers = {"Content-Type": "application/json"}
        if self.secret:
            headers[SECRET_HEADER] = self.secret
        reason = "Connection refused"
        with contextlib.suppress(httpx.HTTPError):
            answer = await client.post(self.url, content=update.body, headers=headers)
            if answer.is_success:
                return True
            reason = f"Wrong response from the webhook: {answer.status_code} {answer.reason_phrase}"
        self.last_error = (int(self.clock()), reason)
        return False
