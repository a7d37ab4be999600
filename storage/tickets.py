from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Unpack
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from desk.errors import NotFound
from desk.ports import Changes
from desk.tickets import Actor, Entry, Photo, Place, Report, Status, Ticket, ticket_number
from desk.vicinity import Vicinity
from desk.workflow import OPEN
from storage.near_tickets import numbers_near
from storage.tables import ticket_followers, ticket_history, ticket_sequences, tickets

CHANGEABLE = (
    *("kind", "category", "area", "carrier", "place", "district", "latitude", "longitude"),
    *("urgent", "informs"),
)
"""The columns of a report that may change after it was sent."""
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

    def of_resident(self, chat: str) -> Sequence[Ticket]:
        """Return the tickets a chat has reported or follows, newest first."""
        followed = sa.select(ticket_followers.c.ticket).where(ticket_followers.c.chat == chat)
        own = sa.or_(tickets.c.reporter == chat, tickets.c.number.in_(followed))
        query = sa.select(tickets).where(own).order_by(tickets.c.created_at.desc())
        return self._with_history(self.connection.execute(query).all())

    def open_in(self, area: str) -> Sequence[Ticket]:
        """Return the open tickets that lie at an area or that it has stepped in for, oldest first."""
        here = sa.or_(tickets.c.area == area, tickets.c.stand_in == area)
        query = sa.select(tickets).where(here, tickets.c.is_open).order_by(tickets.c.created_at)
        return self._with_history(self.connection.execute(query).all())

    def near(self, vicinity: Vicinity) -> Sequence[Ticket]:
        """Return the open tickets a vicinity takes in, in its order; the nearest, where there are many."""
        query = sa.select(tickets).where(tickets.c.number.in_(numbers_near(self.connection, vicinity)))
        found = self._with_history(self.connection.execute(query).all())
        return sorted(filter(vicinity.takes_in, found), key=vicinity.order)

    def all(self) -> Sequence[Ticket]:
        """Return every ticket, oldest first."""
        query = sa.select(tickets).order_by(tickets.c.created_at, tickets.c.number)
        return self._with_history(self.connection.execute(query).all())

    def record(self, number: str, entry: Entry, **changes: Unpack[Changes]) -> Ticket:
        """Add an entry to the history, change what is given, return the ticket as it is now."""
        row = _changed(changes, at=entry.at)
        if row:
            self.connection.execute(sa.update(tickets).where(tickets.c.number == number).values(**row))
        self._add(number, entry)
        return self.get(number)

    def follow(self, number: str, chats: Iterable[str], *, at: datetime) -> None:
        """Add chats of residents the ticket concerns too; those it has already stay as they are."""
        reporter = self.get(number).report.reporter
        rows = [{"ticket": number, "chat": chat, "since": at} for chat in chats if chat != reporter]
        if rows:
            insert = INSERTS[self.connection.dialect.name](ticket_followers)
            self.connection.execute(insert.on_conflict_do_nothing(), rows)

    def leave(self, number: str, chat: str) -> None:
        """Take away a chat that follows the ticket; of the one who reported it a follower takes the place."""
        ticket = self.get(number)
        gone = chat
        if chat == ticket.report.reporter and ticket.followers:
            gone = ticket.followers[0]
            self.connection.execute(
                sa.update(tickets).where(tickets.c.number == number).values(reporter=gone)
            )
        here = (ticket_followers.c.ticket == number, ticket_followers.c.chat == gone)
        self.connection.execute(sa.delete(ticket_followers).where(*here))

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
        followers: dict[str, list[str]] = {number: [] for number in numbers}
        if numbers:
            of_these = ticket_history.c.ticket.in_(numbers)
            query = sa.select(ticket_history).where(of_these).order_by(ticket_history.c.id)
            for row in self.connection.execute(query):
                entries[row.ticket].append(_entry(row))
            too = sa.select(ticket_followers).where(ticket_followers.c.ticket.in_(numbers))
            for row in self.connection.execute(
                too.order_by(ticket_followers.c.since, ticket_followers.c.chat)
            ):
                followers[row.ticket].append(row.chat)
        return [_ticket(row, tuple(entries[row.number]), tuple(followers[row.number])) for row in rows]


def _changed(changes: Changes, *, at: datetime) -> dict[str, Any]:
    """Return the columns that change: of a report what a resident can change and what follows from it."""
    row: dict[str, Any] = {}
    if (report := changes.get("report")) is not None:
        told = _as_row(report, at=at)
        row = {name: told[name] for name in CHANGEABLE}
    if (area := changes.get("area")) is not None:
        row |= {"area": area, "stand_in": None}
    if (status := changes.get("status")) is not None:
        row |= {"status": status.value, "changed_at": at, "is_open": status in OPEN}
    return row | {name: changes[name] for name in ("stand_in", "merged_into") if name in changes}  # type: ignore[literal-required]


def _as_row(report: Report, *, at: datetime) -> dict[str, Any]:
    return {
        "draft": report.draft,
        "created_at": at,
        "status": Status.NEW.value,
        "is_open": True,
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


def _ticket(row: sa.Row[Any], history: tuple[Entry, ...], followers: tuple[str, ...]) -> Ticket:
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
    return Ticket(
        number=row.number,
        created_at=row.created_at,
        status=status,
        report=report,
        history=history,
        followers=followers,
        stand_in=row.stand_in,
        merged_into=row.merged_into,
    )
