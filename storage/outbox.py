from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any

import sqlalchemy as sa

from desk.notices import Notice, NoticeKind
from storage.tables import outbox, tickets
from storage.tickets import INSERTS

BATCH = 500  # open rows looked at in one go ...
BATCH_OF_CHAT = 20  # ... and of one chat


@dataclass(frozen=True, kw_only=True)
class Letter:
    """An open row of the outbox: a notice and how often its delivery was tried."""

    id: int
    notice: Notice
    attempts: int
    due_at: datetime


class SqlOutbox:
    """Messages that must arrive, in SQL. The row stays until it is settled: arrived or given up."""

    def __init__(self, connection: sa.Connection, *, now: datetime) -> None:
        self.connection = connection
        self.now = now

    def put(self, notices: Iterable[Notice]) -> None:
        """Add notices; one whose key is there already is left out."""
        rows = [
            {
                "key": notice.key,
                "chat": notice.chat,
                "kind": notice.kind.value,
                "content": dict(notice.content),
                "ticket": notice.ticket,
                "created_at": self.now,
                "due_at": self.now,
                "attempts": 0,
            }
            for notice in notices
        ]
        if rows:
            insert = INSERTS[self.connection.dialect.name](outbox)
            self.connection.execute(insert.on_conflict_do_nothing(index_elements=[outbox.c.key]), rows)

    def has(self, key: str) -> bool:
        """Tell whether a notice of that key has been put before."""
        return self.connection.scalar(sa.select(outbox.c.id).where(outbox.c.key == key)) is not None

    def card_chats(self, ticket: str) -> Sequence[str]:
        """Return the chats that have been sent, or will be sent, a copy of the ticket's card."""
        card = (outbox.c.ticket == ticket, outbox.c.kind == NoticeKind.CARD.value, outbox.c.failure.is_(None))
        chats = sa.select(outbox.c.chat).where(*card).group_by(outbox.c.chat)
        return self.connection.scalars(chats.order_by(sa.func.min(outbox.c.id))).all()

    def open_cards_in(self, chat: str) -> Sequence[str]:
        """Return the numbers of the open tickets a chat has, or will have, the card of, in their order."""
        card = (outbox.c.chat == chat, outbox.c.kind == NoticeKind.CARD.value, outbox.c.failure.is_(None))
        both = outbox.join(tickets, tickets.c.number == outbox.c.ticket)
        query = sa.select(tickets.c.number).select_from(both).where(*card, tickets.c.is_open).distinct()
        return self.connection.scalars(query.order_by(tickets.c.number)).all()

    def was_sent(self, kind: NoticeKind, *, ticket: str, chat: str) -> bool:
        """Tell whether a notice of this kind about a ticket was ever meant for a chat, delivered or not."""
        sent = (outbox.c.ticket == ticket, outbox.c.kind == kind.value, outbox.c.chat == chat)
        return self.connection.scalar(sa.select(outbox.c.id).where(*sent).limit(1)) is not None

    def card_message(self, ticket: str, chat: str) -> int | None:
        """Return the id of the newest message that is the ticket's card in a chat; None before it arrives."""
        card = (outbox.c.ticket == ticket, outbox.c.kind == NoticeKind.CARD.value, outbox.c.failure.is_(None))
        newest = sa.select(outbox.c.message_id).where(*card, outbox.c.chat == chat)
        message: int | None = self.connection.scalar(newest.order_by(outbox.c.id.desc()).limit(1))
        return message

    def ticket_of_message(self, chat: str, message_id: int) -> str | None:
        """Return the ticket a message in a chat was about; None for a message that was about none."""
        sent = (outbox.c.chat == chat, outbox.c.message_id == message_id, outbox.c.ticket.is_not(None))
        ticket: str | None = self.connection.scalar(sa.select(outbox.c.ticket).where(*sent).limit(1))
        return ticket

    def open(self) -> list[Letter]:
        """Return rows to be delivered, oldest first: the next few of each chat, so none hides another."""
        place = sa.func.row_number().over(partition_by=outbox.c.chat, order_by=outbox.c.id)
        waiting = sa.select(outbox, place.label("place")).where(outbox.c.settled_at.is_(None)).subquery()
        few = sa.select(waiting).where(waiting.c.place <= BATCH_OF_CHAT)
        rows: Sequence[sa.Row[Any]] = self.connection.execute(
            few.order_by(waiting.c.place, waiting.c.id).limit(BATCH)
        ).all()
        return [
            Letter(
                id=row.id,
                notice=Notice(
                    key=row.key,
                    chat=row.chat,
                    kind=NoticeKind(row.kind),
                    content=row.content,
                    ticket=row.ticket,
                ),
                attempts=row.attempts,
                due_at=row.due_at,
            )
            for row in sorted(rows, key=attrgetter("id"))
        ]

    def move(self, chat: str, new: str) -> None:
        """Send what is for `chat` to `new`, now and later."""
        row: dict[str, Any] = {"chat": new, "due_at": self.now}
        self.connection.execute(sa.update(outbox).where(outbox.c.chat == chat).values(**row))

    def settle(self, letter: int, *, message_id: int | None = None, failure: str | None = None) -> None:
        """Mark a row as arrived, or as given up with a reason; what it said is not kept."""
        row: dict[str, Any] = {
            "settled_at": self.now,
            "message_id": message_id,
            "failure": failure,
            "content": {},
        }
        self.connection.execute(sa.update(outbox).where(outbox.c.id == letter).values(**row))

    def postpone(self, letter: int, *, until: datetime) -> None:
        """Count a failed attempt and try again at `until`."""
        row: dict[str, Any] = {"attempts": outbox.c.attempts + 1, "due_at": until}
        self.connection.execute(sa.update(outbox).where(outbox.c.id == letter).values(**row))
