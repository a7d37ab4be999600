"""What residents do with their tickets once they are sent: answer, confirm, reopen, withdraw, add."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from desk.assigning import chats_for, works_on
from desk.city import City
from desk.errors import NotAllowed, NotFound
from desk.notices import Notice, NoticeKind, card_notices, card_update_notices, news_notice, photo_notices
from desk.ports import Storage, Work
from desk.tickets import Actor, Entry, Photo, Status, Ticket
from desk.workflow import CHANGES, OPEN, Change, change_for


@dataclass(frozen=True, kw_only=True)
class Told:
    """What a resident's deed makes us say: to them, with which buttons, and to the caretakers' chats."""

    resident: str
    buttons: tuple[str, ...] = ()
    caretakers: str | None = None


TOLD: dict[str, Told] = {
    "confirm": Told(resident="resident.confirmed"),
    "reopen": Told(
        resident="resident.reopened", buttons=("leave",), caretakers="caretaker.resident_reopened"
    ),
    "withdraw": Told(resident="resident.withdrawn", caretakers="caretaker.resident_withdrew"),
}


@dataclass(frozen=True, kw_only=True)
class OwnTickets:
    """The use cases of a resident's chat; each is one transaction and concerns own tickets only."""

    storage: Storage
    city: City

    def check(self, number: str, deed: str, *, chat: str) -> Ticket:
        """Return an own ticket to which `deed` may be done now ("answer": to which words may be added).

        Raises NotFound and NotAllowed as `act` and `say` do.
        """
        with self.storage.work() as work:
            ticket = self._own(number, chat, work)
            if deed == "answer":
                _change_by_words(ticket)
            else:
                change_for(ticket.status, deed, Actor.RESIDENT)
        return ticket

    def of_message(self, message_id: int, *, chat: str) -> str | None:
        """Return the number of the own ticket a message in this chat was about, None if about none."""
        with self.storage.work() as work:
            number = work.outbox.ticket_of_message(chat, message_id)
            mine = number is not None and work.tickets.get(number).report.reporter == chat
        return number if mine else None

    def act(self, number: str, deed: str, *, chat: str, now: datetime) -> Ticket:
        """Do "confirm", "reopen" or "withdraw" to an own ticket and bring every card up to date.

        Raises NotFound for a number that is not this chat's, NotAllowed when the state does not allow it.
        """
        with self.storage.work() as work:
            ticket = self._own(number, chat, work)
            change = change_for(ticket.status, deed, Actor.RESIDENT)
            entry = Entry(at=now, what=change.to.value, actor=Actor.RESIDENT)
            told = TOLD[deed]
            ticket = self._record(ticket, change, entry, work)
            once = f"{change.to.value}/{len(ticket.history)}"
            work.outbox.put([news_notice(ticket, once, told.resident, buttons=told.buttons)])
            if told.caretakers:
                work.outbox.put(_messages(ticket, self._listening(ticket, work), told.caretakers, once=once))
        return ticket

    def say(
        self, number: str, *, chat: str, text: str | None, photos: tuple[Photo, ...], once: str, now: datetime
    ) -> Ticket:
        """Add words or photos to an own ticket: an answer when one is awaited, else something more.

        `once` names the message they came in, so that the same one has one effect. Raises NotFound as `act`
        does, NotAllowed for a ticket that has ended.
        """
        with self.storage.work() as work:
            ticket = self._own(number, chat, work)
            thanks = news_notice(
                ticket,
                f"said/{once}",
                "resident.said" if text else "resident.said_photos",
                buttons=() if text else ("enough",),
            )
            if work.outbox.has(thanks.key):
                return ticket
            entry = Entry(at=now, what="answer", actor=Actor.RESIDENT, note=text, photos=photos)
            ticket = self._record(ticket, _change_by_words(ticket), entry, work, once=once)
            chats = self._listening(ticket, work)
            if text:
                # A changed card makes no sound, and shows only the beginning of a long answer.
                said = _messages(ticket, chats, "caretaker.resident_said", once=f"said/{once}", note=text)
                work.outbox.put(said)
            for each in chats:
                stem = f"{number}/{each}/answer/{once}"
                work.outbox.put(photo_notices(stem, each, photos, caption=number, ticket=number))
            work.outbox.put([thanks])
        return ticket

    def _own(self, number: str, chat: str, work: Work) -> Ticket:
        ticket = work.tickets.get(number, lock=True)
        if ticket.report.reporter != chat:
            # The same answer as for a number that does not exist: nobody learns what others reported.
            raise NotFound("caretaker.no_such_ticket", number=number)
        return ticket

    def _record(
        self, ticket: Ticket, change: Change | None, entry: Entry, work: Work, *, once: str | None = None
    ) -> Ticket:
        ticket = work.tickets.record(ticket.number, entry, status=change.to if change else None)
        at_work = self._with_card(ticket, work)
        work.outbox.put(card_update_notices(ticket, at_work, once=once))
        if change and change.sends_card:
            new = [one for one in chats_for(ticket.report.area, self.city, work) if one not in at_work]
            work.outbox.put(card_notices(ticket, new, once=str(len(ticket.history))))
        return ticket

    def _with_card(self, ticket: Ticket, work: Work) -> list[str]:
        """Return the chats with a card that work on the ticket now; one it has left learns nothing more."""
        chats = work.outbox.card_chats(ticket.number)
        return [chat for chat in chats if works_on(ticket, chat, self.city, work)]

    def _listening(self, ticket: Ticket, work: Work) -> Sequence[str]:
        return self._with_card(ticket, work) or chats_for(ticket.report.area, self.city, work)


def buttons_of(status: Status) -> tuple[tuple[str, str], ...]:
    """Return what the list of own tickets offers in a state: labels (`buttons.resident_*`) and deeds."""
    if status in OPEN:
        return (("answer" if status is Status.WAITING else "add", "answer"), ("withdraw", "withdraw"))
    return (("reopen", "reopen"),) if (status, "reopen") in CHANGES else ()


def _change_by_words(ticket: Ticket) -> Change | None:
    """Return what an answer or further words do to a ticket; NotAllowed once nobody reads them."""
    if ticket.status is Status.WAITING:
        return change_for(ticket.status, "answer", Actor.RESIDENT)
    if (ticket.status, "reopen") in CHANGES:
        raise NotAllowed("resident.too_late_reopen", number=ticket.number)
    if ticket.status not in OPEN:
        raise NotAllowed("resident.too_late")
    return None


def _messages(
    ticket: Ticket, chats: Iterable[str], text: str, *, once: str, **params: object
) -> list[Notice]:
    """Return the messages that tell caretakers' chats what the resident did; each refers to its card."""
    return [
        Notice(
            key=f"{ticket.number}/{chat}/told/{once}",
            chat=chat,
            kind=NoticeKind.MESSAGE,
            content={
                "text_key": text,
                "params": {"number": ticket.number, **params},
                "beside_card": True,
            },
            ticket=ticket.number,
        )
        for chat in chats
    ]
