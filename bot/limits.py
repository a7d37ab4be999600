import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from desk.assigning import is_group

MOST_CHATS = 10_000  # buckets kept before the idle ones are dropped


@dataclass(frozen=True, kw_only=True)
class Rate:
    """So many messages in so many seconds, that many of them at once."""

    messages: float
    seconds: float
    burst: int


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How fast Telegram lets a bot write (Bots FAQ, "My bot is hitting limits").

    A little below 30/s, 1/s per chat and 20/min per group: messages do not arrive as evenly as they are sent.
    """

    overall: Rate = Rate(messages=29.5, seconds=1, burst=25)
    chat: Rate = Rate(messages=1, seconds=1.02, burst=4)
    group: Rate = Rate(messages=19, seconds=60, burst=10)


class Bucket:
    """A token bucket: `take` returns how many seconds to wait before the message may go."""

    def __init__(self, rate: Rate, *, now: float) -> None:
        self.rate = rate
        self.level = float(rate.burst)
        self.at = now

    def delay(self, now: float) -> float:
        """Return the seconds until there is a token, and take none."""
        per_second = self.rate.messages / self.rate.seconds
        self.level = min(self.rate.burst, self.level + (now - self.at) * per_second)
        self.at = now
        return max(0.0, (1 - self.level) / per_second)

    def take(self, now: float) -> float:
        """Take one token, on credit when there is none; returns the seconds until it is covered."""
        delay = self.delay(now)
        self.level -= 1
        return delay


class Pace:
    """Keeps the bot within Telegram's limits; groups have negative chat ids."""

    def __init__(
        self,
        limits: Limits | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.limits = limits or Limits()
        self.clock = clock
        self.sleep = sleep
        self.overall = Bucket(self.limits.overall, now=clock())
        self.chats: dict[str, Bucket] = {}

    async def wait(self, chat: str) -> None:
        """Wait until one more message to this chat is allowed; one chat's calls follow one another."""
        now = self.clock()
        bucket = self.chats.get(chat)
        if bucket is None:
            self._drop_idle(now)
            rate = self.limits.group if is_group(chat) else self.limits.chat
            bucket = self.chats[chat] = Bucket(rate, now=now)
        if delay := bucket.delay(now):
            await self.sleep(delay)
        if delay := self.overall.take(self.clock()):
            await self.sleep(delay)
        # Charged when it goes: the wait for the others must not count as the chat's own pause.
        bucket.take(self.clock())

    def _drop_idle(self, now: float) -> None:
        if len(self.chats) < MOST_CHATS:
            return
        longest = max(self.limits.chat.burst, self.limits.group.seconds)
        self.chats = {chat: bucket for chat, bucket in self.chats.items() if now - bucket.at < longest}
