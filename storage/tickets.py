from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from desk.errors import NotFound
from desk.tickets import Actor, Entry, Photo, Place, Report, Status, Ticket, ticket_number
from desk.workflow import OPEN
from storage.tables import ticket_history, ticket_sequences, tickets

INSERTS: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


class SqlTickets:
    """Tickets and their history in SQL; `zone` decides in which year a ticket is numbered."""

    def __init__(self, connection: sa.Connection, *, zone: ZoneInfo) -> None:
        self.connection = connection
        self.zone = zone

    def open(self, report: Report, *, at: datetime) -> tuple[Ticket, bool]:
        """Store a report under the year's next number; (ticket, False) when its draft is a ticket already."""
        year = at.astimezone(self.zone).year
        last = self._locked_sequence(year)
        # Looked up behind the lock: of two sending the same draft at once, the second finds the ticket.
        known = self.connection.scalar(sa.select(tickets.c.number).where(tickets.c.draft == report.draft))
        if known is not None:
            return self.get(known), False
        number = ticket_number(year, last + 1)
        count_up = sa.update(ticket_sequences).where(ticket_sequences.c.year == year)
        self.connection.execute(count_up.values(last=last + 1))
        self.connection.execute(sa.insert(tickets).values(number=number, **_as_row(report, at=at)))
        self._add(number, Entry(at=at, what=Status.NEW.value, actor=Actor.RESIDENT))
        return self.get(number), True

    def get(self, number: str, *, lock: bool = False) -> Ticket:
        """Return a ticket; `lock` keeps others from changing it until the work ends. Raises NotFound."""
        query = sa.select(tickets).where(tickets.c.number == number)
        row = self.connection.execute(query.with_for_update() if lock else query).one_or_none()
        if row is None:
            raise NotFound("caretaker.no_such_ticket", number=number)
        return self._with_history([row])[0]

    def of_reporter(self, reporter: str) -> Sequence[Ticket]:
        """Return the tickets a chat has reported, newest first."""
        query = sa.select(tickets).where(tickets.c.reporter == reporter).order_by(tickets.c.created_at.desc())
        return self._with_history(self.connection.execute(query).all())

    def open_in(self, area: str) -> Sequence[Ticket]:
        """Return the tickets of an area that somebody still has to see to, oldest first."""
        where = (tickets.c.area == area, tickets.c.status.in_([status.value for status in OPEN]))
        query = sa.select(tickets).where(*where).order_by(tickets.c.created_at)
        return self._with_history(self.connection.execute(query).all())

    def all(self) -> Sequence[Ticket]:
        """Return every ticket, oldest first."""
        query = sa.select(tickets).order_by(tickets.c.created_at, tickets.c.number)
        return self._with_history(self.connection.execute(query).all())

    def record(
        self, number: str, entry: Entry, *, status: Status | None = None, area: str | None = None
    ) -> Ticket:
        """Add an entry to the history, change state and area when given, return the ticket as it is now."""
        row: dict[str, Any] = {} if status is None else {"status": status.value, "changed_at": entry.at}
        row |= {} if area is None else {"area": area}
        if row:
            self.connection.execute(sa.update(tickets).where(tickets.c.number == number).values(**row))
        self._add(number, entry)
        return self.get(number)

    def _add(self, number: str, entry: Entry) -> None:
        photos = [photo.as_json() for photo in entry.photos]
        row = {"at": entry.at, "what": entry.what, "actor": entry.actor.value, "note": entry.note}
        self.connection.execute(sa.insert(ticket_history).values(ticket=number, photos=photos, **row))

    def _locked_sequence(self, year: int) -> int:
        """Return the year's last number; nobody else gets one before this transaction ends."""
        insert = INSERTS[self.connection.dialect.name](ticket_sequences)
        self.connection.execute(insert.values(year=year, last=0).on_conflict_do_nothing())
        query = sa.select(ticket_sequences.c.last).where(ticket_sequences.c.year == year)
        return int(self.connection.execute(query.with_for_update()).scalar_one())

    def _with_history(self, rows: Sequence[sa.Row[Any]]) -> list[Ticket]:
        numbers = [row.number for row in rows]
        entries: dict[str, list[Entry]] = {number: [] for number in numbers}
        query = (
            sa.select(ticket_history)
            .where(ticket_history.c.ticket.in_(numbers))
            .order_by(ticket_history.c.id)
        )
        for row in self.connection.execute(query) if numbers else ():
            entries[row.ticket].append(_entry(row))
        return [_ticket(row, tuple(entries[row.number])) for row in rows]


def _as_row(report: Report, *, at: datetime) -> dict[str, Any]:
    return {
        "draft": report.draft,
        "created_at": at,
        "status": Status.NEW.value,
        "changed_at": at,
        "reporter": report.reporter,
        "area": report.area,
        "carrier": report.carrier,
        "kind": report.kind,
        "category": report.category,
        "words": report.words,
        "since": report.since,
        "place": report.place.label,
        "district": report.place.district,
        "latitude": report.place.latitude,
        "longitude": report.place.longitude,
        "photos": [photo.as_json() for photo in report.photos],
        "urgent": report.urgent,
        "informs": list(report.informs),
    }


def _photos(data: list[dict[str, Any]]) -> tuple[Photo, ...]:
    return tuple(Photo.from_json(photo) for photo in data)


def _entry(row: sa.Row[Any]) -> Entry:
    return Entry(at=row.at, what=row.what, actor=Actor(row.actor), note=row.note, photos=_photos(row.photos))


def _ticket(row: sa.Row[Any], history: tuple[Entry, ...]) -> Ticket:
    place = Place(label=row.place, district=row.district, latitude=row.latitude, longitude=row.longitude)
    report = Report(
        draft=row.draft,
        reporter=row.reporter,
        kind=row.kind,
        category=row.category,
        words=row.words,
        since=row.since,
        place=place,
        area=row.area,
        carrier=row.carrier,
        photos=_photos(row.photos),
        urgent=row.urgent,
        informs=tuple(row.informs),
    )
    status = Status(row.status)
    return Ticket(number=row.number, created_at=row.created_at, status=status, report=report, history=history)
