"""A ticket comes to chats: whose it is, who gets its card, who is told that it is there again."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from desk.city import City
from desk.deadlines import Step
from desk.notices import Notice, NoticeKind, again_notices, card_notices, card_update_notices
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


@dataclass(frozen=True, kw_only=True)
class Recipients:
    """Who gets a ticket: chats, and the area they are of where that steps in for the ticket's own."""

    chats: Sequence[str]
    stand_in: str | None = None


def recipients(
    report: Report,
    city: City,
    work: Work,
    *,
    now: datetime,
    area: str | None = None,
    stand_in: str | None = None,
) -> Recipients:
    """Return who gets a report: those of its area who are there, a substitute, or the coordination desk.

    `area` is another one it goes to, `stand_in` one that has stepped in before.
    """
    may = partial(may_read, report)
    return who_is_there(area or report.area, city, work, now=now, may=may, stand_in=stand_in)


def who_is_there(
    area: str,
    city: City,
    work: Work,
    *,
    now: datetime,
    may: Callable[[str], bool] = lambda _chat: True,
    stand_in: str | None = None,
) -> Recipients:
    """Return who sees to an area's matters today, of the chats that `may`.

    When everybody is away the coordination desk's chats do all the same, or the area's own; nobody does when
    no chat may.
    """
    desk, day = city.coordination.id, city_day(city, now)
    registered = work.caretakers.chats_of(area)
    team = [chat for chat in registered if may(chat)]
    away = work.absences.away_on(team, day)
    if there := [chat for chat in team if chat not in away]:
        return Recipients(chats=there)
    for other in dict.fromkeys((stand_in, *(away[chat] for chat in team), desk)):
        if other and other != area and (there := chats_there(other, work, day=day, may=may)):
            # An area without any chat needs nobody to step in: the desk finds its tickets by that.
            stands_in = other != desk or bool(registered)
            return Recipients(chats=there, stand_in=other if stands_in else None)
    back_up = [chat for chat in work.caretakers.chats_of(desk) if may(chat)]
    at_desk = bool(registered) and area != desk and bool(back_up or not team)
    return Recipients(chats=back_up or team, stand_in=desk if at_desk else None)


def chats_there(area: str, work: Work, *, day: date, may: Callable[[str], bool]) -> list[str]:
    """Return the chats of an area that are not away on a day, of those that `may`."""
    chats = [chat for chat in work.caretakers.chats_of(area) if may(chat)]
    away = work.absences.away_on(chats, day)
    return [chat for chat in chats if chat not in away]


def chats_for(
    report: Report, city: City, work: Work, *, now: datetime, area: str | None = None
) -> Sequence[str]:
    """Return the chats that get a report now, as `recipients` finds them; empty: nobody's."""
    return recipients(report, city, work, now=now, area=area).chats


def send_to_whom(ticket: Ticket, city: City, work: Work, *, now: datetime) -> tuple[Ticket, Sequence[str]]:
    """Return the chats that get a ticket now, and the ticket with that noted: assigned, and who steps in.

    When nobody may read it, it waits, and the coordination desk hears its number.
    """
    found = recipients(ticket.report, city, work, now=now, stand_in=ticket.stand_in)
    if found.chats:
        ticket = assign(ticket, work, now=now)
    else:
        work.outbox.put(_waiting_notices(ticket, city, work))
    return step_in(ticket, found, city, work, now=now), found.chats


def step_in(ticket: Ticket, found: Recipients, city: City, work: Work, *, now: datetime) -> Ticket:
    """Note which area steps in for a ticket's own, so that its chats may work on it."""
    if found.stand_in is None or found.stand_in == ticket.stand_in:
        return ticket
    note = city.name_of(found.stand_in)
    entry = Entry(at=now, what=Step.SUBSTITUTE.value, actor=Actor.SYSTEM, note=note)
    return work.tickets.record(ticket.number, entry, stand_in=found.stand_in)


def city_day(city: City, now: datetime) -> date:
    """Return which day it is in the city."""
    return now.astimezone(city.zone).date()


def is_group(chat: str) -> bool:
    """Tell whether a chat is a group's: several people read it."""
    return chat.startswith(GROUP)


def may_read(report: Report, chat: str) -> bool:
    """Tell whether a chat may be sent a report: trouble between neighbours is no matter for a group."""
    return not (report.kind in PRIVATE_KINDS and is_group(chat))


def works_on(ticket: Ticket, chat: str, city: City, work: Work) -> bool:
    """Tell whether a chat may see a ticket: it works for its area, or steps in, or is the coordination's."""
    may = {ticket.report.area, ticket.stand_in, city.coordination.id}
    return may_read(ticket.report, chat) and not may.isdisjoint(work.caretakers.areas_of(chat))


def with_card(ticket: Ticket, city: City, work: Work) -> list[str]:
    """Return the chats with a card that work on the ticket now; one it has left learns nothing more."""
    chats = work.outbox.card_chats(ticket.number)
    return [chat for chat in chats if works_on(ticket, chat, city, work)]


def listening(ticket: Ticket, city: City, work: Work, *, now: datetime) -> Sequence[str]:
    """Return the chats that hear what residents say about a ticket."""
    return with_card(ticket, city, work) or chats_for(ticket.report, city, work, now=now)


def bring(ticket: Ticket, chats: Sequence[str], work: Work, *, once: str, text: str | None) -> None:
    """Send chats the card, or update the one they have and tell them with `text`; `once` names the cause."""
    known = set(work.outbox.card_chats(ticket.number))
    again = [chat for chat in chats if chat in known]
    work.outbox.put(card_notices(ticket, [chat for chat in chats if chat not in known], once=once))
    work.outbox.put(card_update_notices(ticket, again, once=once))
    if text:
        work.outbox.put(again_notices(ticket, again, text, once=once))


def _waiting_notices(ticket: Ticket, city: City, work: Work) -> list[Notice]:
    """Return what tells the coordination desk, in groups too, that a ticket needs somebody's private chat."""
    params = {"number": ticket.number, "area": city.name_of(ticket.report.area)}
    content = {"text_key": "absence.nobody_may_read", "params": params}
    return [
        Notice(
            key=f"{ticket.number}/{chat}/nobody_may_read",
            chat=chat,
            kind=NoticeKind.MESSAGE,
            content=content,
            ticket=ticket.number,
        )
        for chat in work.caretakers.chats_of(city.coordination.id)
    ]
