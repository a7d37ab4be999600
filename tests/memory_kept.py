"""What the storage in memory keeps."""

from dataclasses import dataclass, field
from datetime import datetime

from desk.absences import Absence
from desk.audit import AuditEntry
from desk.feedback import Feedback
from desk.notices import Notice
from desk.tickets import Link, Ticket
from desk.training_candidates import TrainingCandidate


@dataclass
class Row:
    """A row of the in-memory outbox."""

    id: int
    notice: Notice
    due_at: datetime
    attempts: int = 0
    settled: bool = False
    failure: str | None = None
    message_id: int | None = None


@dataclass
class Kept:
    """Everything the in-memory storage keeps."""

    tickets: dict[str, Ticket] = field(default_factory=dict)
    invitations: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    chats: list[tuple[str, str]] = field(default_factory=list)
    since: dict[tuple[str, str], datetime] = field(default_factory=dict)
    audit: list[AuditEntry] = field(default_factory=list)
    absences: list[Absence] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    candidates: list[TrainingCandidate] = field(default_factory=list)
    feedback: list[Feedback] = field(default_factory=list)
    links: dict[str, Link] = field(default_factory=dict)
