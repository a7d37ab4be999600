"""A ticket comes to chats: whose it is, who gets its card, who is told that it is there again."""

from collections.abc import Sequence
from datetime import datetime

from desk.city import City
from desk.notices import again_notices, card_notices, card_update_notices
from desk.ports import Work
from desk.tickets import Actor, Entry, Report, Status, Ticket
from desk.workflow import change_for

PRIVATE_KINDS = frozenset({"conflict"})
"""Kinds of reports that may tell of a neighbour: never for a group's eyes."""
GROUP = "-"
"""What the number of a group's chat begins with (Telegram Bot API)."""


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


def chats_for(report: Report, city: City, work: Work, *, area: str | None = None) -> Sequence[str]:
    """Return the chats that get a report: those of its area, else of the coordination desk; empty: nobody's.

    `area` is another one it goes to.
    """
    for place in (area or report.area, city.coordination.id):
        chats = [chat for chat in work.caretakers.chats_of(place) if may_read(report, chat)]
        if chats:
            return chats
    return []


def may_read(report: Report, chat: str) -> bool:
    """Tell whether a chat may be sent a report: trouble between neighbours is no matter for a group."""
    return not (report.kind in PRIVATE_KINDS and chat.startswith(GROUP))


def works_on(ticket: Ticket, chat: str, city: City, work: Work) -> bool:
    """Tell whether a chat may see a ticket: it works for its area, or steps in, or is the coordination's."""
    may = {ticket.report.area, ticket.stand_in, city.coordination.id}
    return may_read(ticket.report, chat) and not may.isdisjoint(work.caretakers.areas_of(chat))


def with_card(ticket: Ticket, city: City, work: Work) -> list[str]:
    """Return the chats with a card that work on the ticket now; one it has left learns nothing more."""
    chats = work.outbox.card_chats(ticket.number)
    return [chat for chat in chats if works_on(ticket, chat, city, work)]


def listening(ticket: Ticket, city: City, work: Work) -> Sequence[str]:
    """Return the chats that hear what residents say about a ticket."""
    return with_card(ticket, city, work) or chats_for(ticket.report, city, work)


def bring(ticket: Ticket, chats: Sequence[str], work: Work, *, once: str, text: str | None) -> None:
    """Send chats the card, or update the one they have and tell them with `text`; `once` names the cause."""
    known = set(work.outbox.card_chats(ticket.number))
    again = [chat for chat in chats if chat in known]
    work.outbox.put(card_notices(ticket, [chat for chat in chats if chat not in known], once=once))
    work.outbox.put(card_update_notices(ticket, again, once=once))
    if text:
        work.outbox.put(again_notices(ticket, again, text, once=once))
