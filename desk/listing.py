"""Lists of open tickets for caretakers' chats: whose they are, which page, how many there are."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from desk.assigning import PRIVATE_KINDS, is_group
from desk.city import City
from desk.open_tickets import OpenQuery, OpenTicket
from desk.ports import Storage, Work
from desk.tickets import Status
from desk.workflow import OPEN

COUNTED = 200
"""Up to here open tickets are counted; beyond it is only said that there are more."""
TO_VISIT = tuple(one for one in OPEN if one not in (Status.WAITING, Status.DECLINED))
"""States in which somebody should go and see."""


@dataclass(frozen=True, kw_only=True)
class OpenPage:
    """Some open tickets, oldest first; how many there are in all (one more than COUNTED: more than that)."""

    tickets: Sequence[OpenTicket]
    count: int
    more: bool


@dataclass(frozen=True, kw_only=True)
class OpenLists:
    """What a caretaker's chat can look through."""

    storage: Storage
    city: City

    def page(
        self, chat: str, *, district: str = "", topic: str = "", after: str | None = None, limit: int
    ) -> OpenPage:
        """Return open tickets of the chat's areas behind the one of the number `after`."""
        with self.storage.look() as work:
            query = replace(query_for(chat, self.city, work), district=district, topic=topic)
            found = work.open_tickets.page(query, after=after, limit=limit + 1)
            count = work.open_tickets.count(query, most=COUNTED + 1)
        return OpenPage(tickets=found[:limit], count=count, more=len(found) > limit)

    def to_visit(self, chat: str, *, limit: int) -> Sequence[OpenTicket]:
        """Return the oldest tickets of the chat's areas that somebody should go and see."""
        with self.storage.look() as work:
            query = replace(query_for(chat, self.city, work), states=TO_VISIT)
            return work.open_tickets.page(query, after=None, limit=limit)


def query_for(chat: str, city: City, work: Work) -> OpenQuery:
    """Return which open tickets are a chat's: those of its areas, without what a group may not read.

    The coordination desk stands in for areas without chats, and where all are groups for what these may not
    read.
    """
    areas, partly = set(work.caretakers.areas_of(chat)), set[str]()
    if city.coordination.id in areas:
        registered = work.caretakers.registered()
        areas |= {one.id for one in city.areas if one.id not in registered}
        if not is_group(chat):
            partly = {area for area, chats in registered.items() if all(map(is_group, chats))} - areas
    private = tuple(sorted(PRIVATE_KINDS))
    return OpenQuery(
        areas=tuple(sorted(areas)),
        hidden=private if is_group(chat) else (),
        partly=tuple(sorted(partly)),
        parts=private if partly else (),
    )
