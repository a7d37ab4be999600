"""Tickets in memory, behind the desk's ports."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Unpack
from zoneinfo import ZoneInfo

from desk.deadlines import Step, current_period
from desk.errors import NotFound
from desk.open_tickets import OpenQuery, OpenTicket, Tally
from desk.ports import Changes
from desk.tickets import Actor, Entry, Report, Status, Ticket, ticket_number
from desk.vicinity import Vicinity
from desk.workflow import AT_WORK, OPEN, TO_ACCEPT
from tests.memory_kept import Kept


class MemoryTickets:
    """The TicketBook in a dict."""

    def __init__(self, kept: Kept, zone: ZoneInfo) -> None:
        self.kept, self.zone = kept, zone

    def open(self, report: Report, *, at: datetime) -> tuple[Ticket, bool]:
        for ticket in self.kept.tickets.values():
            if ticket.report.draft == report.draft:
                return ticket, False
        year = at.astimezone(self.zone).year
        count = sum(number.startswith(f"QH-{year}-") for number in self.kept.tickets)
        entry = Entry(at=at, what=Status.NEW.value, actor=Actor.RESIDENT)
        ticket = Ticket(
            number=ticket_number(year, count + 1),
            created_at=at,
            status=Status.NEW,
            report=report,
            history=(entry,),
        )
        self.kept.tickets[ticket.number] = ticket
        return ticket, True

    def get(self, number: str, *, lock: bool = False) -> Ticket:
        if number not in self.kept.tickets:
            raise NotFound("caretaker.no_such_ticket", number=number)
        return self.kept.tickets[number]

    def of_resident(self, chat: str) -> Sequence[Ticket]:
        own = [ticket for ticket in self.kept.tickets.values() if chat in ticket.residents]
        return sorted(own, key=lambda ticket: ticket.created_at, reverse=True)

    def open_in(self, area: str) -> Sequence[Ticket]:
        return [
            ticket
            for ticket in self.kept.tickets.values()
            if area in (ticket.report.area, ticket.stand_in) and ticket.status in OPEN
        ]

    def near(self, vicinity: Vicinity) -> Sequence[Ticket]:
        is_open = (ticket for ticket in self.kept.tickets.values() if ticket.status in OPEN)
        return sorted(filter(vicinity.takes_in, is_open), key=vicinity.order)

    def record(self, number: str, entry: Entry, **changes: Unpack[Changes]) -> Ticket:
        ticket = self.get(number)
        report = ticket.report
        if (new := changes.pop("report", None)) is not None:
            told = ("draft", "reporter", "words", "photos", "since")
            report = replace(new, **{name: getattr(report, name) for name in told})
        if "area" in changes:
            report = replace(report, area=changes.pop("area"))
            changes = {"stand_in": None, **changes}
        ticket = replace(ticket, report=report, **changes, history=(*ticket.history, entry))
        self.kept.tickets[number] = ticket
        return ticket

    def follow(self, number: str, chats: Iterable[str], *, at: datetime) -> None:
        ticket = self.get(number)
        new = [chat for chat in dict.fromkeys(chats) if chat not in ticket.residents]
        self.kept.tickets[number] = replace(ticket, followers=(*ticket.followers, *new))

    def leave(self, number: str, chat: str) -> None:
        ticket = self.get(number)
        reporter, *others = [one for one in ticket.residents if one != chat] or [chat]
        self.kept.tickets[number] = replace(
            ticket, report=replace(ticket.report, reporter=reporter), followers=tuple(others)
        )


class MemoryOpenTickets:
    """The OpenBook over the same dict."""

    def __init__(self, kept: Kept) -> None:
        self.kept = kept

    def page(self, query: OpenQuery, *, after: str | None, limit: int) -> Sequence[OpenTicket]:
        found = self._fitting(query)
        start = self.kept.tickets.get(after or "")
        if start:
            found = [one for one in found if (one.created_at, one.number) > (start.created_at, start.number)]
        return [
            OpenTicket(
                number=one.number,
                created_at=one.created_at,
                status=one.status,
                kind=one.report.kind,
                category=one.report.category,
                place=one.report.place,
                urgent=one.report.urgent,
            )
            for one in found[:limit]
        ]

    def count(self, query: OpenQuery, *, most: int) -> int:
        return min(len(self._fitting(query)), most)

    def tally(self, query: OpenQuery) -> Tally:
        found = self._fitting(query)
        late = {Step.REMIND.value, Step.ESCALATE.value}
        return Tally(
            new=sum(one.status in TO_ACCEPT for one in found),
            at_work=sum(one.status in AT_WORK and one.status is not Status.WAITING for one in found),
            waiting=sum(one.status is Status.WAITING for one in found),
            overdue=sum(any(entry.what in late for entry in current_period(one)) for one in found),
        )

    def _fitting(self, query: OpenQuery) -> list[Ticket]:
        def fits(ticket: Ticket) -> bool:
            report = ticket.report
            whole = {report.area, ticket.stand_in} & set(query.areas) and report.kind not in query.hidden
            part = report.area in query.partly and report.kind in query.parts
            return bool(
                (whole or part)
                and ticket.status in query.states
                and query.district in ("", report.place.district)
                and query.topic in ("", report.kind, report.category)
            )

        found = filter(fits, self.kept.tickets.values())
        return sorted(found, key=lambda one: (one.created_at, one.number))
