from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from desk.notices import Notice, NoticeKind
from storage.tables import outbox
from storage.tickets import INSERTS

BATCH = 500  # open rows looked at in one go


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

    def card_chats(self, ticket: str) -> Sequence[str]:
        """Return the chats that have been sent, or will be sent, a copy of the ticket's card."""
        card = (outbox.c.ticket == ticket, outbox.c.kind == NoticeKind.CARD.value, outbox.c.failure.is_(None))
        return self.connection.scalars(sa.select(outbox.c.chat).where(*card).order_by(outbox.c.id)).all()

    def card_message(self, ticket: str, chat: str) -> int | None:
        """Return the id of the message that shows the ticket's card in a chat; None before it has arrived."""
        card = (outbox.c.ticket == ticket, outbox.c.kind == NoticeKind.CARD.value, outbox.c.chat == chat)
        message: int | None = self.connection.scalar(sa.select(outbox.c.message_id).where(*card))
        return message

    def open(self) -> list[Letter]:
        """Return the rows still to be delivered, oldest first."""
        query = sa.select(outbox).where(outbox.c.settled_at.is_(None)).order_by(outbox.c.id).limit(BATCH)
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
            for row in self.connection.execute(query)
        ]

    def settle(self, letter: int, *, message_id: int | None = None, failure: str | None = None) -> None:
        """Mark a row as arrived, or as given up with a reason; what it said is not kept."""
        row = {"settled_at": self.now, "message_id": message_id, "failure": failure, "content": {}}
        self.connection.execute(sa.update(outbox).where(outbox.c.id == letter).values(**row))

    def postpone(self, letter: int, *, until: datetime) -> None:
        """Count a failed attempt and try again at `until`."""
        row = {"attempts": outbox.c.attempts + 1, "due_at": until}
        self.connection.execute(sa.update(outbox).where(outbox.c.id == letter).values(**row))
