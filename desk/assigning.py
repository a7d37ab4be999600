"""A ticket comes to chats: whose it is, who gets its card, who is told that it is there again."""

from collections.abc import Sequence
from datetime import datetime

from desk.city import City
from desk.deadlines import is_substituted
from desk.notices import again_notices, card_notices, card_update_notices
from desk.ports import Work
from desk.tickets import Actor, Entry, Status, Ticket
from desk.workflow import change_for


def assign(ticket: Ticket, work: Work, *, now: datetime) -> Ticket:
    """Note that a chat gets the card of a new ticket; any other ticket stays as it is."""
    if ticket.status is not Status.NEW:
        return ticket
    ticket = work.tickets.get(ticket.number, lock=True)  # somebody may have been faster since it was read
    if ticket.status is not Status.NEW:
        return ticket
    change = change_for(ticket.status, "assign", Actor.SYSTEM)
    entry = Entry(at=now, what=change.to.value, actor=Actor.SYSTEM)
    return work.tickets.record(ticket.number, entry, status=change.to)


def chats_for(area: str, city: City, work: Work) -> Sequence[str]:
    """Return the chats that get an area's tickets: its own, else the coordination desk's; empty: nobody's."""
    return work.caretakers.chats_of(area) or work.caretakers.chats_of(city.coordination.id)


def works_on(ticket: Ticket, chat: str, city: City, work: Work) -> bool:
    """Tell whether a chat may see a ticket: it works for its area, or steps in, or is the coordination's."""
    may: set[str | None] = {ticket.report.area, city.coordination.id}
    if is_substituted(ticket):
        may |= {city.substitute_of(ticket.report.area)}
    return not may.isdisjoint(work.caretakers.areas_of(chat))


def bring(ticket: Ticket, chats: Sequence[str], work: Work, *, once: str, text: str | None) -> None:
    """Send chats the card, or update the one they have and tell them with `text`; `once` names the cause."""
    known = set(work.outbox.card_chats(ticket.number))
    again = [chat for chat in chats if chat in known]
    work.outbox.put(card_notices(ticket, [chat for chat in chats if chat not in known], once=once))
    work.outbox.put(card_update_notices(ticket, again, once=once))
    if text:
        work.outbox.put(again_notices(ticket, again, text, once=once))
