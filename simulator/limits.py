import math
from dataclasses import dataclass
from typing import ClassVar

from simulator.errors import too_many_requests

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What the public Bot API allows; rates that are None are not enforced.

    Numbers from core.telegram.org/bots/api and /bots/faq; the burst a single chat may have is not published,
    five is what bots see in practice. Lengths are UTF-16 code units, sizes bytes, times seconds.
    """

    overall_per_second: float | None = 30
    chat_per_second: float | None = 1
    chat_burst: int = 5
    group_per_minute: float | None = 20
    text_length: int = 4096
    caption_length: int = 1024
    callback_bytes: int = 64
    toast_length: int = 200
    album_smallest: int = 2
    album_largest: int = 10
    download_bytes: int = 20 * MEGABYTE
    photo_bytes: int = 10 * MEGABYTE
    upload_bytes: int = 50 * MEGABYTE
    query_seconds: float = 60

    TELEGRAM: ClassVar["Limits"]
    NONE: ClassVar["Limits"]


Limits.TELEGRAM = Limits()
Limits.NONE = Limits(overall_per_second=None, chat_per_second=None, group_per_minute=None)


@dataclass
class Bucket:
    """A token bucket: refills at `rate` a second up to `burst`; an album may take it below zero."""

    rate: float
    burst: float
    tokens: float
    stamp: float

    def refill(self, now: float) -> None:
        """Add what time has brought since the last look."""
        self.tokens = min(self.burst, self.tokens + (now - self.stamp) * self.rate)
        self.stamp = now

    def wait(self) -> float:
        """Seconds until one token is there; 0 when there is one."""
        return max(0.0, (1 - self.tokens) / self.rate)


class Gate:
    """Counts what each bot sends and refuses with 429 what is above the limits."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.buckets: dict[tuple[int, int], Bucket] = {}

    def take(self, bot_id: int, chat_id: int, *, cost: int, now: float) -> None:
        """Let `cost` messages to this chat pass or raise 429 with the seconds to wait, counting nothing."""
        buckets = self._buckets(bot_id, chat_id, now)
        for bucket in buckets:
            bucket.refill(now)
        wait = max((bucket.wait() for bucket in buckets), default=0.0)
        if wait > 0:
            raise too_many_requests(math.ceil(wait))
        for bucket in buckets:
            bucket.tokens -= cost

    def _buckets(self, bot_id: int, chat_id: int, now: float) -> list[Bucket]:
        rates: list[tuple[int, float, float]] = []
        limits = self.limits
        if limits.overall_per_second:
            rates.append((0, limits.overall_per_second, limits.overall_per_second))
        if chat_id > 0 and limits.chat_per_second:
            rates.append((chat_id, limits.chat_per_second, limits.chat_burst))
        if chat_id < 0 and limits.group_per_minute:
            rates.append((chat_id, limits.group_per_minute / 60, limits.group_per_minute))
        return [
            self.buckets.setdefault((bot_id, key), Bucket(rate=rate, burst=burst, tokens=burst, stamp=now))
            for key, rate, burst in rates
        ]
