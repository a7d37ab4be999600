from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from storage.tables import inbox
from storage.tickets import INSERTS


class SqlInbox:
    """Telegram's updates, stored before they are confirmed to Telegram, until their effects are stored."""

    def __init__(self, connection: sa.Connection, *, now: datetime) -> None:
        self.connection = connection
        self.now = now

    def take(self, updates: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """Store updates (the Bot API's JSON) and return those that were not known yet."""
        fresh = []
        for update in updates:
            insert = INSERTS[self.connection.dialect.name](inbox)
            row = insert.values(update_id=update["update_id"], payload=update, received_at=self.now)
            stored = self.connection.execute(row.on_conflict_do_nothing().returning(inbox.c.update_id))
            if stored.scalar_one_or_none() is not None:
                fresh.append(update)
        return fresh

    def open(self) -> list[dict[str, Any]]:
        """Return the updates whose effects are not stored yet, oldest first."""
        query = sa.select(inbox.c.payload).where(inbox.c.done_at.is_(None)).order_by(inbox.c.update_id)
        return list(self.connection.scalars(query))

    def done(self, update_ids: Sequence[int]) -> None:
        """Mark updates as done and forget what they said."""
        where = inbox.c.update_id.in_(update_ids)
        self.connection.execute(sa.update(inbox).where(where).values(done_at=self.now, payload=None))
