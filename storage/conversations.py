from collections.abc import Callable
from datetime import datetime, timedelta

import redis
import sqlalchemy as sa

from storage.database import READING
from storage.tables import conversations
from storage.tickets import INSERTS

IDLE = timedelta(days=7)  # after this long without a word an unfinished conversation is forgotten


class SqlConversations:
    """The embedded ConversationStore: one row a chat, survives a restart."""

    def __init__(self, engine: sa.Engine, *, clock: Callable[[], datetime]) -> None:
        self.engine = engine
        self.clock = clock

    def load(self, key: str) -> bytes | None:
        """Return the blob saved last, or None."""
        with self.engine.connect().execution_options(**{READING: True}) as connection:
            data: bytes | None = connection.scalar(
                sa.select(conversations.c.data).where(conversations.c.chat == key)
            )
        return data

    def save(self, key: str, data: bytes) -> None:
        """Store the blob durably, in place of the one before."""
        with self.engine.begin() as connection:
            insert = INSERTS[connection.dialect.name](conversations)
            row = {"data": data, "changed_at": self.clock()}
            statement = insert.values(chat=key, **row)
            connection.execute(
                statement.on_conflict_do_update(index_elements=[conversations.c.chat], set_=row)
            )

    def delete(self, key: str) -> None:
        """Forget the chat; unknown keys are fine."""
        with self.engine.begin() as connection:
            connection.execute(sa.delete(conversations).where(conversations.c.chat == key))


class RedisConversations:
    """The ConversationStore of several workers; Redis itself forgets idle conversations."""

    def __init__(self, client: "redis.Redis") -> None:
        self.client = client

    def load(self, key: str) -> bytes | None:
        """Return the blob saved last, or None."""
        data = self.client.get(f"conversation:{key}")
        return bytes(data) if isinstance(data, bytes) else None

    def save(self, key: str, data: bytes) -> None:
        """Store the blob in place of the one before; as durable as the Redis server is set to be."""
        self.client.set(f"conversation:{key}", data, ex=IDLE)

    def delete(self, key: str) -> None:
        """Forget the chat; unknown keys are fine."""
        self.client.delete(f"conversation:{key}")
