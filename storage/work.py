from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from storage.absences import SqlAbsences
from storage.audit import SqlAuditLog
from storage.caretakers import SqlCaretakers
from storage.database import READING
from storage.deadlines import SqlLookout
from storage.feedback import SqlFeedback
from storage.inbox import SqlInbox
from storage.links import SqlLinks
from storage.mailboxes import SqlMailboxes
from storage.open_tickets import SqlOpenTickets
from storage.outbox import SqlOutbox
from storage.tickets import SqlTickets
from storage.training_candidates import SqlTrainingCandidates


class SqlWork:
    """One transaction over everything that is kept in SQL."""

    def __init__(self, connection: sa.Connection, *, zone: ZoneInfo, now: datetime) -> None:
        self.tickets = SqlTickets(connection, zone=zone)
        self.open_tickets = SqlOpenTickets(connection)
        self.caretakers = SqlCaretakers(connection)
        self.absences = SqlAbsences(connection)
        self.mailboxes = SqlMailboxes(connection)
        self.outbox = SqlOutbox(connection, now=now)
        self.lookout = SqlLookout(connection)
        self.inbox = SqlInbox(connection, now=now)
        self.audit = SqlAuditLog(connection)
        self.feedback = SqlFeedback(connection)
        self.links = SqlLinks(connection)
        self.training_candidates = SqlTrainingCandidates(connection)


class SqlStorage:
    """Begins transactions on one database."""

    def __init__(self, engine: sa.Engine, *, zone: ZoneInfo, clock: Callable[[], datetime]) -> None:
        self.engine = engine
        self.zone = zone
        self.clock = clock

    @contextmanager
    def work(self) -> Iterator[SqlWork]:
        """Begin a transaction; it is committed at the end of the block, rolled back when the block raises."""
        with self.engine.begin() as connection:
            yield SqlWork(connection, zone=self.zone, now=self.clock())

    @contextmanager
    def look(self) -> Iterator[SqlWork]:
        """Begin a transaction that only reads: it waits for no writer, and nobody waits for it."""
        with self.engine.connect().execution_options(**{READING: True}) as connection:
            yield SqlWork(connection, zone=self.zone, now=self.clock())
