"""Open tickets of areas, by the indexes that begin with area (or stand-in) and `is_open`."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from desk.open_tickets import OpenQuery, OpenTicket, Tally
from desk.tickets import Place, Status
from desk.workflow import AT_WORK, OPEN, TO_ACCEPT
from storage.deadlines import IN_VAIN, entry_since_change
from storage.tables import tickets

COLUMNS = tuple(
    tickets.c[name]
    for name in (
        *("number", "created_at", "status", "kind", "category", "urgent"),
        *("place", "district", "latitude", "longitude"),
    )
)


class SqlOpenTickets:
    """Asks for each area by itself, so that the index gives its rows in order, and puts them together."""

    def __init__(self, connection: sa.Connection) -> None:
        self.connection = connection

    def page(self, query: OpenQuery, *, after: str | None, limit: int) -> Sequence[OpenTicket]:
        """Return the oldest tickets that fit, behind the one of the number `after`."""
        behind = self._behind(after)
        lanes = [
            sa.select(*COLUMNS)
            .where(*lane, *behind)
            .order_by(tickets.c.created_at, tickets.c.number)
            .limit(limit)
            for lane in _lanes(query)
        ]
        if not lanes:
            return []
        every = _together(lanes)
        oldest = sa.select(every).order_by(every.c.created_at, every.c.number).limit(limit)
        return [_open_ticket(row) for row in self.connection.execute(oldest)]

    def count(self, query: OpenQuery, *, most: int) -> int:
        """Return how many fit, counting no further than `most`."""
        lanes = [sa.select(tickets.c.number).where(*lane).limit(most) for lane in _lanes(query)]
        if not lanes:
            return 0
        some = sa.select(_together(lanes)).limit(most).subquery()
        return int(self.connection.scalar(sa.select(sa.func.count()).select_from(some)) or 0)

    def tally(self, query: OpenQuery) -> Tally:
        """Return how many fit in which state."""
        overdue = sa.case((entry_since_change(IN_VAIN), 1), else_=0).label("overdue")
        lanes = [sa.select(tickets.c.status, overdue).where(*lane) for lane in _lanes(query)]
        if not lanes:
            return Tally()
        every = _together(lanes)
        grouped = sa.select(every.c.status, sa.func.count().label("count"), sa.func.sum(every.c.overdue))
        rows = self.connection.execute(grouped.group_by(every.c.status)).all()
        counts = {Status(status): int(count) for status, count, _ in rows}
        return Tally(
            new=sum(counts.get(one, 0) for one in TO_ACCEPT),
            at_work=sum(counts.get(one, 0) for one in AT_WORK if one is not Status.WAITING),
            waiting=counts.get(Status.WAITING, 0),
            overdue=sum(int(late) for *_, late in rows),
        )

    def _behind(self, number: str | None) -> list[Any]:
        """Return the condition to be newer than a ticket; none for one that is not there."""
        query = sa.select(tickets.c.created_at).where(tickets.c.number == number)
        at = self.connection.scalar(query) if number else None
        if at is None:
            return []
        here = sa.tuple_(tickets.c.created_at, tickets.c.number)
        return [here > sa.tuple_(sa.literal(at, tickets.c.created_at.type), sa.literal(number))]


def _lanes(query: OpenQuery) -> list[list[Any]]:
    """Return the conditions of each area's tickets, and of those areas have stepped in for; none overlap."""
    common: list[Any] = [tickets.c.is_open]
    if set(query.states) != set(OPEN):
        common.append(tickets.c.status.in_([one.value for one in query.states]))
    if query.district:
        common.append(tickets.c.district == query.district)
    if query.topic:
        common.append(sa.or_(tickets.c.kind == query.topic, tickets.c.category == query.topic))
    whole, parts = list(common), [*common, tickets.c.kind.in_(query.parts)]
    if query.hidden:
        whole.append(tickets.c.kind.not_in(query.hidden))
    lanes = [[tickets.c.area == area, *whole] for area in query.areas]
    lanes += [[tickets.c.area == area, *parts] for area in query.partly]
    if query.areas:
        elsewhere = tickets.c.area.not_in(query.areas)
        stepped_in = [tickets.c.stand_in.in_(query.areas), elsewhere, *whole]
        if query.partly:
            stepped_in.append(sa.or_(tickets.c.area.not_in(query.partly), tickets.c.kind.not_in(query.parts)))
        lanes.append(stepped_in)
    return lanes


def _together(lanes: list[Any]) -> Any:
    # A limit of a part of a union has to stand in brackets, for SQLite as a query of its own.
    return sa.union_all(*(sa.select(lane.subquery()) for lane in lanes)).subquery()


def _open_ticket(row: sa.Row[Any]) -> OpenTicket:
    place = Place(label=row.place, district=row.district, latitude=row.latitude, longitude=row.longitude)
    return OpenTicket(
        number=row.number,
        created_at=row.created_at,
        status=Status(row.status),
        kind=row.kind,
        category=row.category,
        place=place,
        urgent=row.urgent,
    )
