"""Finds the tickets nobody sees to, without reading those that are in order."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from desk.deadlines import Step
from desk.lying_around import LOST, AreaCount, Cursor, Lookup, LostCard
from desk.notices import NoticeKind
from desk.workflow import OPEN
from storage.tables import caretakers, outbox, ticket_history, tickets

OPEN_STATES = [status.value for status in OPEN]
IN_VAIN = [step.value for step in (Step.REMIND, Step.ESCALATE)]
"""Steps that show that a ticket was left alone; a substitute also steps in for somebody who is away."""


class SqlLookout:
    """Looks tickets up by state and time of their last change (index `tickets_by_change`)."""

    def __init__(self, connection: sa.Connection) -> None:
        self.connection = connection

    def page(self, lookup: Lookup, *, after: Cursor | None, limit: int) -> Sequence[Cursor]:
        """Return the next tickets that fit, by the time of their last change."""
        where = [
            tickets.c.status.in_([status.value for status in lookup.states]),
            tickets.c.changed_at <= lookup.until,
        ]
        if lookup.without is not None:
            where.append(~entry_since_change([lookup.without]))
        if lookup.having is not None:
            where.append(entry_since_change([lookup.having], ticket_history.c.at <= lookup.until))
        if lookup.areas is not None:
            where.append(tickets.c.area.in_(lookup.areas))
        if after is not None:
            place = sa.tuple_(tickets.c.changed_at, tickets.c.number)
            where.append(place > sa.tuple_(*map(sa.literal, after)))
        query = sa.select(tickets.c.changed_at, tickets.c.number).where(*where)
        found = query.order_by(tickets.c.changed_at, tickets.c.number).limit(limit)
        return [(row.changed_at, row.number) for row in self.connection.execute(found)]

    def lost_cards(self) -> Sequence[LostCard]:
        """Return the undelivered cards of open tickets that nobody was told of, oldest first."""
        alert = outbox.alias()
        ends = sa.literal(f"%/{LOST}/") + sa.cast(outbox.c.id, sa.String)
        told = sa.select(alert.c.id).where(alert.c.ticket == outbox.c.ticket, alert.c.key.like(ends))
        lost = _lost_cards(outbox.c.id, outbox.c.ticket, outbox.c.chat, tickets.c.urgent)
        query = lost.where(~sa.exists(told.correlate(outbox))).order_by(outbox.c.id)
        return [
            LostCard(id=row.id, ticket=row.ticket, chat=row.chat, urgent=row.urgent)
            for row in self.connection.execute(query)
        ]

    def chats_before(self, area: str, moment: datetime) -> Sequence[str]:
        """Return the chats of an area that were registered by then."""
        registered = (caretakers.c.area == area, caretakers.c.since <= moment)
        query = sa.select(caretakers.c.chat).where(*registered).order_by(caretakers.c.since)
        return self.connection.scalars(query).all()

    def by_area(self) -> Sequence[AreaCount]:
        """Return how many tickets of each area are open, overdue and undelivered."""
        lost = tickets.c.number.in_(_lost_cards(outbox.c.ticket))
        query = (
            sa.select(
                tickets.c.area,
                sa.func.count().label("open"),
                _count_of(entry_since_change(IN_VAIN)).label("overdue"),
                _count_of(lost).label("undelivered"),
            )
            .where(tickets.c.status.in_(OPEN_STATES))
            .group_by(tickets.c.area)
        )
        return [
            AreaCount(area=row.area, open=row.open, overdue=row.overdue, undelivered=row.undelivered)
            for row in self.connection.execute(query.order_by(tickets.c.area))
        ]


def entry_since_change(kinds: list[str], *further: Any) -> sa.Exists:
    """Return the condition that a ticket's history has an entry of these kinds since its last change."""
    entry = (
        ticket_history.c.ticket == tickets.c.number,
        ticket_history.c.what.in_(kinds),
        ticket_history.c.at > tickets.c.changed_at,
    )
    return sa.exists(sa.select(ticket_history.c.id).where(*entry, *further).correlate(tickets))


def _lost_cards(*columns: Any) -> sa.Select[Any]:
    card = (outbox.c.kind == NoticeKind.CARD.value, outbox.c.failure.is_not(None))
    both = outbox.join(tickets, tickets.c.number == outbox.c.ticket)
    later = outbox.alias()
    # Looked up by ticket: an index by chat, which would also fit, finds all that a chat was ever sent.
    same_chat = later.c.chat.concat("") == outbox.c.chat
    same = (later.c.ticket == outbox.c.ticket, later.c.kind == outbox.c.kind, same_chat)
    arrived = sa.exists(sa.select(later.c.id).where(*same, later.c.failure.is_(None)).correlate(outbox))
    return sa.select(*columns).select_from(both).where(*card, ~arrived, tickets.c.status.in_(OPEN_STATES))


def _count_of(condition: Any) -> Any:
    return sa.func.coalesce(sa.func.sum(sa.case((condition, 1), else_=0)), 0)
