"""A caretaker's chat leaves, by itself or removed: what it had goes to those who are left."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from desk.assigning import bring, may_read, send_to_whom, works_on
from desk.city import City
from desk.errors import NotAllowed
from desk.notices import Notice, NoticeKind, card_update_notices
from desk.ports import Storage, Work


@dataclass(frozen=True, kw_only=True)
class LeavingDesk:
    """The use case of chats that leave; one transaction each."""

    storage: Storage
    city: City

    def leave(
        self, chat: str, *, now: datetime, area: str | None = None, by_itself: bool = False
    ) -> tuple[str, ...]:
        """Take a chat away from an area, or from all; returns the ids of those it worked for.

        Open tickets nobody of the area can read any more go to the coordination desk, the chat's cards say
        that the ticket lies elsewhere, and the chat is told once. `by_itself`: raises NotAllowed when nobody
        would be left to see to its tickets.
        """
        with self.storage.work() as work:
            gone = tuple(work.caretakers.remove(chat, area=area))
            if not gone:
                return ()
            once = f"left/{int(now.timestamp())}"
            seen_to = [self._pass_on(one, work, once=once, now=now) for one in gone]
            if by_itself and not all(seen_to):
                raise NotAllowed("caretaker.last_one")
            self._close_cards(chat, work, once=once)
            names = ", ".join(self.city.name_of(one) for one in gone)
            key = f"{chat}/{once}/{gone[0]}"
            work.outbox.put([_message(chat, key, "caretaker.left", {"areas": names})])
        return gone

    def _pass_on(self, area: str, work: Work, *, once: str, now: datetime) -> bool:
        """Bring what nobody of an area can read any more to the coordination; False when nobody is there."""
        team, desk = (work.caretakers.chats_of(one) for one in (area, self.city.coordination.id))
        seen_to = bool(desk) or area != self.city.coordination.id  # the desk answers for all the others
        moved = 0
        for ticket in work.tickets.open_in(area):
            report = ticket.report
            if report.area != area or any(may_read(report, one) for one in team):
                continue
            passed_on, chats = send_to_whom(ticket, self.city, work, now=now)
            seen_to = seen_to and bool(chats)
            if chats:
                bring(passed_on, chats, work, once=f"{once}/{area}", text=None)
                moved += 1
        if moved or not team:
            self._tell(desk, area, work, once=once, count=moved, empty=not team)
        return seen_to

    def _tell(
        self, desk: Sequence[str], area: str, work: Work, *, once: str, count: int, empty: bool
    ) -> None:
        text = "caretaker.team_gone" if empty else "caretaker.reader_gone"
        params = {"area": self.city.name_of(area), "count": count}
        work.outbox.put(_message(one, f"{one}/{once}/{area}/{text}", text, params) for one in desk)

    def _close_cards(self, chat: str, work: Work, *, once: str) -> None:
        for number in work.outbox.open_cards_in(chat):
            ticket = work.tickets.get(number)
            if not works_on(ticket, chat, self.city, work):
                work.outbox.put(card_update_notices(ticket, [chat], once=once))


def _message(chat: str, key: str, text: str, params: dict[str, object]) -> Notice:
    content = {"text_key": text, "params": params}
    return Notice(key=key, chat=chat, kind=NoticeKind.MESSAGE, content=content)
