"""What has to be looked up about all tickets at once, so that none lies around; `storage` fulfils it."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from desk.ports import Work
from desk.tickets import Status

Cursor = tuple[datetime, str]
"""Where a page of tickets ends: when the last one changed, and its number."""
LOST = "lost"
"""What the key of an alert about a lost card ends with, followed by / and the card's id."""


@dataclass(frozen=True, kw_only=True)
class Lookup:
    """Tickets in one of some states whose last change was at `until` or earlier.

    Since then their history has no entry `without`; it has one `having` that was made by `until`. `areas`
    None: wherever they lie.
    """

    states: tuple[Status, ...]
    until: datetime
    without: str | None = None
    having: str | None = None
    areas: tuple[str, ...] | None = None


@dataclass(frozen=True, kw_only=True)
class LostCard:
    """A card that could not be delivered: its row of the outbox, its ticket, the chat it was for."""

    id: int
    ticket: str
    chat: str
    urgent: bool


@dataclass(frozen=True, kw_only=True)
class AreaCount:
    """How many tickets of an area are open; of these: reminded in vain, and with a card that is lost."""

    area: str
    open: int
    overdue: int
    undelivered: int


class Lookout(Protocol):
    """Finds what lies around."""

    def page(self, lookup: Lookup, *, after: Cursor | None, limit: int) -> Sequence[Cursor]:
        """Return the next tickets that fit, by the time of their last change."""
        ...

    def lost_cards(self) -> Sequence[LostCard]:
        """Return the undelivered cards of open tickets that nobody was told of, oldest first."""
        ...

    def chats_before(self, area: str, moment: datetime) -> Sequence[str]:
        """Return the chats of an area that were registered by then."""
        ...

    def by_area(self) -> Sequence[AreaCount]:
        """Return how many tickets of each area are open, overdue, undelivered; only areas that have any."""
        ...


class WatchfulWork(Work, Protocol):
    """A transaction that also knows what lies around."""

    @property
    def lookout(self) -> Lookout:
        """What has to be looked up about all tickets at once."""
        ...


class WatchfulStorage(Protocol):
    """Begins transactions."""

    def work(self) -> AbstractContextManager[WatchfulWork]:
        """Begin a transaction; it is committed at the end of the block, rolled back when the block raises."""
        ...

    def look(self) -> AbstractContextManager[WatchfulWork]:
        """Begin a transaction that only reads."""
        ...
