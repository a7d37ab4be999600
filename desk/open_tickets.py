"""What somebody still has to see to, read page by page and without histories; `storage` fulfils the port."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from desk.tickets import Place, Status
from desk.workflow import OPEN


@dataclass(frozen=True, kw_only=True)
class OpenTicket:
    """An open ticket as far as a list or a map needs it."""

    number: str
    created_at: datetime
    status: Status
    kind: str
    category: str
    place: Place
    urgent: bool = False


@dataclass(frozen=True, kw_only=True)
class OpenQuery:
    """Open tickets that lie at one of some areas, or that it has stepped in for.

    `hidden` are kinds that are left out. Of `partly` areas only tickets of the kinds `parts` are meant.
    An empty `district` or `topic` (id of a kind or category) is any.
    """

    areas: tuple[str, ...]
    hidden: tuple[str, ...] = ()
    partly: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    district: str = ""
    topic: str = ""
    states: tuple[Status, ...] = OPEN


@dataclass(frozen=True, kw_only=True)
class Tally:
    """How many tickets are not accepted yet, in work, waiting for the resident; and overdue among them all.

    Overdue: somebody was reminded of it, and nothing has changed since.
    """

    new: int = 0
    at_work: int = 0
    waiting: int = 0
    overdue: int = 0


class OpenBook(Protocol):
    """Looks up open tickets; what it costs does not depend on how many have ended."""

    def page(self, query: OpenQuery, *, after: str | None, limit: int) -> Sequence[OpenTicket]:
        """Return the oldest tickets that fit, behind the one of the number `after`."""
        ...

    def count(self, query: OpenQuery, *, most: int) -> int:
        """Return how many fit, counting no further than `most`."""
        ...

    def tally(self, query: OpenQuery) -> Tally:
        """Return how many fit in which state."""
        ...
