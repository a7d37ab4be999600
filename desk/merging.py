"""Several people, one matter: reports join a ticket before they are sent, tickets are merged later."""

from collections.abc import Iterable
from datetime import datetime

from desk.assigning import listening, with_card, works_on
from desk.city import City
from desk.errors import NotAllowed
from desk.notices import card_update_notices, photo_notices, told_notices
from desk.ports import Work
from desk.tickets import Actor, Entry, Photo, Ticket
from desk.workflow import OPEN


def merge(
    ticket: Ticket, into: Ticket, city: City, work: Work, *, chat: str, actor: Actor, now: datetime
) -> None:
    """Give what a ticket has (residents, words, photos) to the one that goes on in its place.

    Raises NotAllowed when that is the same one, has ended, is of another kind, or not the chat's to work on.
    """
    if into.number == ticket.number:
        raise NotAllowed("caretaker.same_ticket")
    if into.status not in OPEN:
        raise NotAllowed(f"caretaker.too_late_{into.status.value}")
    if not works_on(into, chat, city, work):
        raise NotAllowed("caretaker.not_yours")
    if into.report.kind != ticket.report.kind:
        # What is private in one kind would be read by whoever may read the other.
        raise NotAllowed("caretaker.other_kind")
    photos = (*ticket.report.photos, *(photo for entry in ticket.history for photo in entry.photos))
    note = f"{ticket.number}: {ticket.report.words}"
    add_people(
        into, ticket.residents, city, work, actor=actor, note=note, photos=photos, once=ticket.number, now=now
    )


def add_people(
    ticket: Ticket,
    chats: Iterable[str],
    city: City,
    work: Work,
    *,
    actor: Actor,
    note: str | None,
    photos: tuple[Photo, ...],
    once: str,
    now: datetime,
) -> Ticket:
    """Let residents' chats follow a ticket, with what they tell of it; its caretakers hear of them.

    `once` names where they come from: the same draft or ticket has one effect.
    """
    others = [chat for chat in chats if chat not in ticket.residents]
    work.tickets.follow(ticket.number, others, at=now)
    what = "joined" if others else "answer"  # who told of it before tells more
    entry = Entry(at=now, what=what, actor=actor, note=note, photos=photos)
    ticket = work.tickets.record(ticket.number, entry)
    hearing = listening(ticket, city, work, now=now)
    work.outbox.put(card_update_notices(ticket, with_card(ticket, city, work), once=f"joined/{once}"))
    people = len(ticket.residents)
    text = "caretaker.joined" if others else "caretaker.resident_said"
    work.outbox.put(
        told_notices(ticket, hearing, text, once=f"joined/{once}", people=people, note=note or "")
    )
    for each in hearing:
        stem = f"{ticket.number}/{each}/joined/{once}"
        work.outbox.put(photo_notices(stem, each, photos, caption=ticket.number, ticket=ticket.number))
    return ticket
