"""What residents do with their tickets once they are sent: answer, confirm, reopen, withdraw, add."""

from dataclasses import dataclass
from datetime import datetime

from desk.assigning import bring, listening, send_to_whom, with_card
from desk.city import City
from desk.errors import NotAllowed, NotFound
from desk.feedback import RATINGS, given_key, was_asked
from desk.notices import (
    Notice,
    card_update_notices,
    news_notice,
    photo_notices,
    told_notices,
)
from desk.ports import Changes, Storage, Work
from desk.tickets import Actor, Entry, Photo, Status, Ticket
from desk.workflow import CHANGES, OPEN, Change, change_for


@dataclass(frozen=True, kw_only=True)
class Told:
    """What a resident's deed makes us say: to them, with which buttons, to the caretakers' chats, to others.

    The others are the further residents it concerns, with buttons of theirs.
    """

    resident: str
    buttons: tuple[str, ...] = ()
    caretakers: str | None = None
    others: str | None = None
    others_buttons: tuple[str, ...] = ()
    unasked: tuple[str, str] = ("", "")
    """For them and for others, where they are not asked (any more) how content they are."""


TOLD: dict[str, Told] = {
    "confirm": Told(
        resident="resident.confirmed",
        buttons=RATINGS,
        others="resident.confirmed_by_others",
        others_buttons=(*RATINGS, "reopen"),
        unasked=("resident.confirmed_again", "resident.confirmed_by_others_again"),
    ),
    "reopen": Told(
        resident="resident.reopened",
        buttons=("leave",),
        caretakers="caretaker.resident_reopened",
        others="resident.reopened_by_others",
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
                _change_by_words(ticket, chat)
            else:
                change_for(ticket.status, deed, Actor.RESIDENT)
        return ticket

    def of_message(self, message_id: int, *, chat: str) -> str | None:
        """Return the number of the own ticket a message in this chat was about, None if about none."""
        with self.storage.work() as work:
            number = work.outbox.ticket_of_message(chat, message_id)
            mine = number is not None and chat in work.tickets.get(number).residents
        return number if mine else None

    def act(self, number: str, deed: str, *, chat: str, now: datetime) -> Ticket:
        """Do "confirm", "reopen" or "withdraw" to an own ticket and bring every card up to date.

        Of several residents whoever withdraws only leaves: the ticket is still the others'.
        Raises NotFound for a number that is not this chat's, NotAllowed when the state does not allow it.
        """
        with self.storage.work() as work:
            ticket = self._own(number, chat, work)
            change = change_for(ticket.status, deed, Actor.RESIDENT)
            if deed == "withdraw" and len(ticket.residents) > 1:
                return self._leave(ticket, work, chat=chat, now=now)
            entry = Entry(at=now, what=change.to.value, actor=Actor.RESIDENT)
            told = TOLD[deed]
            ticket = self._record(ticket, change, entry, work)
            once = f"{change.to.value}/{len(ticket.history)}"
            for each in ticket.residents if told.others else (chat,):
                work.outbox.put([_news(ticket, told, once, work, chat=each, mine=each == chat)])
            if told.caretakers:
                hearing = listening(ticket, self.city, work, now=now)
                work.outbox.put(told_notices(ticket, hearing, told.caretakers, once=once))
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
                chat=chat,
                buttons=() if text else ("enough",),
            )
            if work.outbox.has(thanks.key):
                return ticket
            entry = Entry(at=now, what="answer", actor=Actor.RESIDENT, note=text, photos=photos)
            ticket = self._record(ticket, _change_by_words(ticket, chat), entry, work, once=once)
            chats = listening(ticket, self.city, work, now=now)
            if text:
                # A changed card makes no sound, and shows only the beginning of a long answer.
                said = told_notices(ticket, chats, "caretaker.resident_said", once=f"said/{once}", note=text)
                work.outbox.put(said)
            for each in chats:
                stem = f"{ticket.number}/{each}/answer/{once}"
                own = ticket.number
                work.outbox.put(photo_notices(stem, each, photos, caption=own, ticket=own))
            work.outbox.put([thanks])
        return ticket

    def _own(self, number: str, chat: str, work: Work) -> Ticket:
        """Return an own ticket; of one that was merged the one that goes on in its place."""
        ticket = work.tickets.get(number, lock=True)
        while chat in ticket.residents and ticket.merged_into:
            ticket = work.tickets.get(ticket.merged_into, lock=True)
        if chat not in ticket.residents:
            # The same answer as for a number that does not exist: nobody learns what others reported.
            raise NotFound("caretaker.no_such_ticket", number=number)
        return ticket

    def _leave(self, ticket: Ticket, work: Work, *, chat: str, now: datetime) -> Ticket:
        """Let one of several residents go: the ticket is still the others'."""
        work.tickets.leave(ticket.number, chat)
        ticket = self._record(ticket, None, Entry(at=now, what="left", actor=Actor.RESIDENT), work)
        once = f"left/{len(ticket.history)}"
        work.outbox.put([news_notice(ticket, once, "resident.left_to_others", chat=chat)])
        return ticket

    def _record(
        self, ticket: Ticket, change: Change | None, entry: Entry, work: Work, *, once: str | None = None
    ) -> Ticket:
        changes = Changes(status=change.to) if change else Changes()
        ticket = work.tickets.record(ticket.number, entry, **changes)
        at_work = with_card(ticket, self.city, work)
        work.outbox.put(card_update_notices(ticket, at_work, once=once))
        if change and change.sends_card:
            ticket, chats = send_to_whom(ticket, self.city, work, now=entry.at)
            new = [one for one in chats if one not in at_work]
            bring(ticket, new, work, once=str(len(ticket.history)), text=None)
        return ticket


def buttons_of(ticket: Ticket, chat: str) -> tuple[tuple[str, str], ...]:
    """Return what the list of own tickets offers a resident: labels (`buttons.resident_*`) and deeds."""
    if ticket.status not in OPEN:
        return (("reopen", "reopen"),) if (ticket.status, "reopen") in CHANGES else ()
    reported = chat == ticket.report.reporter
    asked = ticket.status is Status.WAITING and reported
    end = "quit" if len(ticket.residents) > 1 else "withdraw"
    change = (("change", "change"),) if reported else ()
    return (("answer" if asked else "add", "answer"), *change, (end, end))


def _news(ticket: Ticket, told: Told, once: str, work: Work, *, chat: str, mine: bool) -> Notice:
    """Return what one resident hears of a deed; how content they are they are asked but once."""
    text = told.resident if mine else told.others or told.resident
    buttons = told.buttons if mine else told.others_buttons
    if set(RATINGS) <= set(buttons) and (was_asked(ticket) or work.outbox.has(given_key(ticket, chat))):
        text = told.unasked[0] if mine else told.unasked[1]
        buttons = tuple(one for one in buttons if one not in RATINGS)
    return news_notice(ticket, once, text, chat=chat, buttons=buttons)


def _change_by_words(ticket: Ticket, chat: str) -> Change | None:
    """Return what an answer or further words do to a ticket; NotAllowed once nobody reads them."""
    if ticket.status is Status.WAITING and chat == ticket.report.reporter:
        return change_for(ticket.status, "answer", Actor.RESIDENT)
    if (ticket.status, "reopen") in CHANGES:
        raise NotAllowed("resident.too_late_reopen", number=ticket.number)
    if ticket.status not in OPEN:
        raise NotAllowed("resident.too_late")
    return None
