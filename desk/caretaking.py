import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from desk.city import City
from desk.errors import NotAllowed
from desk.notices import card_notices, card_update_notices, news_notice, photo_notices
from desk.ports import Storage, Work
from desk.tickets import Actor, Entry, Photo, Ticket
from desk.workflow import change_for

INVITATION_LASTS = timedelta(days=7)


@dataclass(frozen=True, kw_only=True)
class CaretakerDesk:
    """What caretakers do: come in by invitation, accept a ticket, finish it, add a word or photos."""

    storage: Storage
    city: City

    def invite(self, area: str, *, token: str, now: datetime) -> None:
        """Store a one-time invitation for an area; raises NotFound for an area the city does not have."""
        self.city.area(area)
        with self.storage.work() as work:
            work.caretakers.invite(_hash(token), area=area, expires_at=now + INVITATION_LASTS)

    def redeem(self, token: str, *, chat: str, now: datetime) -> str | None:
        """Register the chat for the invitation's area, send it the open tickets; None: not valid."""
        with self.storage.work() as work:
            area = work.caretakers.redeem(_hash(token), chat=chat, at=now)
            if area is not None:
                for each in (area, *self._stood_in_for(area, work)):
                    for ticket in work.tickets.open_in(each):
                        work.outbox.put(card_notices(ticket, [chat]))
        return area

    def areas_of(self, chat: str) -> tuple[str, ...]:
        """Return the areas a chat works for."""
        with self.storage.work() as work:
            return tuple(work.caretakers.areas_of(chat))

    def act(self, number: str, deed: str, *, chat: str, now: datetime) -> Ticket:
        """Do `deed` ("accept", "finish") to a ticket from a caretaker's chat.

        Raises NotFound for an unknown ticket, NotAllowed when the chat does not work for the ticket's
        area or the ticket's state does not allow it (somebody was faster).
        """
        with self.storage.work() as work:
            ticket = work.tickets.get(number, lock=True)
            self._check(ticket, work.caretakers.areas_of(chat))
            change = change_for(ticket.status, deed)
            ticket = work.tickets.record(
                number, Entry(at=now, what=change.to.value, actor=Actor.CARETAKER), status=change.to
            )
            work.outbox.put([news_notice(ticket, change.to.value, change.resident_text)])
            work.outbox.put(card_update_notices(ticket, work.outbox.card_chats(number)))
        return ticket

    def add(
        self, number: str, *, chat: str, note: str | None, photos: tuple[Photo, ...], once: str, now: datetime
    ) -> Ticket:
        """Add a caretaker's note or photos to a ticket and pass them on to the resident.

        `once` names the message they came in, so that the same one has one effect.
        """
        with self.storage.work() as work:
            ticket = work.tickets.get(number, lock=True)
            self._check(ticket, work.caretakers.areas_of(chat))
            stem = f"{number}/news/photos/{once}"
            passed_on = photo_notices(stem, ticket.report.reporter, photos, caption=number, ticket=number)
            if note:
                passed_on.insert(0, news_notice(ticket, f"note/{once}", "resident.ticket_note", note=note))
            if any(work.outbox.has(notice.key) for notice in passed_on):
                return ticket
            entry = Entry(at=now, what="note", actor=Actor.CARETAKER, note=note, photos=photos)
            ticket = work.tickets.record(number, entry)
            work.outbox.put(passed_on)
            work.outbox.put(card_update_notices(ticket, work.outbox.card_chats(number)))
        return ticket

    def _stood_in_for(self, area: str, work: Work) -> list[str]:
        """Return the areas without a chat of their own, whose tickets the coordination desk gets."""
        if area != self.city.coordination.id:
            return []
        return [one.id for one in self.city.areas if not work.caretakers.chats_of(one.id)]

    def _check(self, ticket: Ticket, areas: Sequence[str]) -> None:
        """Let the area's caretakers and the coordination desk pass; raises NotAllowed for anybody else."""
        if not {ticket.report.area, self.city.coordination.id} & set(areas):
            raise NotAllowed("caretaker.not_yours")


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
