"""What the desk and the engine need from the outside; `storage` fulfils it."""

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol, TypedDict, Unpack

from desk.audit import AuditEntry
from desk.caretaker_ports import AbsenceBook, CaretakerBook, LinkBook, MailboxBook
from desk.feedback import Feedback
from desk.notices import Notice, NoticeKind
from desk.open_tickets import OpenBook
from desk.tickets import Entry, Report, Status, Ticket
from desk.training_candidates import TrainingCandidate
from desk.vicinity import Vicinity


class ConversationStore(Protocol):
    """Keeps one opaque blob a chat: what the next turn of its conversation needs."""

    def load(self, key: str) -> bytes | None:
        """Return the blob saved last, or None."""
        ...

    def save(self, key: str, data: bytes) -> None:
        """Store the blob durably, in place of the one before."""
        ...

    def delete(self, key: str) -> None:
        """Forget the chat; unknown keys are fine."""
        ...


class Changes(TypedDict, total=False):
    """What changes about a ticket together with an entry of its history.

    Another `area` ends what another one has stepped in for. `report` replaces all that a resident can change
    (kind, category, place) and what follows from it (carrier, urgent, informs, area).
    """

    status: Status
    area: str
    stand_in: str
    merged_into: str
    report: Report


class TicketBook(Protocol):
    """Tickets and their history."""

    def open(self, report: Report, *, at: datetime) -> tuple[Ticket, bool]:
        """Store a report under the year's next number; (ticket, False) when its draft is a ticket already."""
        ...

    def get(self, number: str, *, lock: bool = False) -> Ticket:
        """Return a ticket; `lock` keeps others from changing it until the work ends. Raises NotFound."""
        ...

    def of_resident(self, chat: str) -> Sequence[Ticket]:
        """Return the tickets a chat has reported or follows, newest first."""
        ...

    def open_in(self, area: str) -> Sequence[Ticket]:
        """Return the open tickets that lie at an area or that it has stepped in for, oldest first."""
        ...

    def near(self, vicinity: Vicinity) -> Sequence[Ticket]:
        """Return the open tickets a vicinity takes in, in its order; the nearest, where there are many."""
        ...

    def record(self, number: str, entry: Entry, **changes: Unpack[Changes]) -> Ticket:
        """Add an entry to the history, change what is given, return the ticket as it is now."""
        ...

    def follow(self, number: str, chats: Iterable[str], *, at: datetime) -> None:
        """Add chats of residents the ticket concerns too; those it has already stay as they are."""
        ...

    def leave(self, number: str, chat: str) -> None:
        """Take away a chat that follows the ticket; of the one who reported it a follower takes the place."""
        ...


class Outbox(Protocol):
    """Messages that must arrive."""

    def put(self, notices: Iterable[Notice]) -> None:
        """Add notices; one whose key is there already is left out."""
        ...

    def has(self, key: str) -> bool:
        """Tell whether a notice of that key has been put before."""
        ...

    def card_chats(self, ticket: str) -> Sequence[str]:
        """Return the chats that have been sent, or will be sent, a copy of the ticket's card."""
        ...

    def open_cards_in(self, chat: str) -> Sequence[str]:
        """Return the numbers of the open tickets a chat has, or will have, the card of, in their order."""
        ...

    def was_sent(self, kind: NoticeKind, *, ticket: str, chat: str) -> bool:
        """Tell whether a notice of this kind about a ticket was ever meant for a chat, delivered or not."""
        ...

    def ticket_of_message(self, chat: str, message_id: int) -> str | None:
        """Return the ticket a message in a chat was about; None for a message that was about none."""
        ...


class CandidateBook(Protocol):
    """What residents corrected, for training."""

    def add(self, candidate: TrainingCandidate) -> None:
        """Store a candidate."""
        ...

    def all(self) -> Sequence[TrainingCandidate]:
        """Return every candidate, in the order they came."""
        ...


class AuditLog(Protocol):
    """Attempts that smell of abuse."""

    def add(self, entry: AuditEntry) -> None:
        """Store an entry."""
        ...

    def since(self, moment: datetime) -> Sequence[AuditEntry]:
        """Return the entries from a moment on, in the order they came."""
        ...

    def count(self, who: str, *, since: datetime) -> int:
        """Return how many entries somebody has from a moment on."""
        ...


class FeedbackBook(Protocol):
    """How content residents were, without saying who."""

    def add(self, given: Feedback) -> int:
        """Store an answer and return its row's id."""
        ...

    def add_words(self, row: int, words: str) -> None:
        """Attach words to an answer, in place of any before; an unknown row is fine."""
        ...

    def since(self, at: datetime) -> Sequence[Feedback]:
        """Return the answers of that moment and later, oldest first."""
        ...


class Work(Protocol):
    """One transaction: all of it is stored, or nothing."""

    @property
    def tickets(self) -> TicketBook:
        """Tickets and their history."""
        ...

    @property
    def open_tickets(self) -> OpenBook:
        """What somebody still has to see to."""
        ...

    @property
    def caretakers(self) -> CaretakerBook:
        """Who works for which area."""
        ...

    @property
    def absences(self) -> AbsenceBook:
        """Who is away."""
        ...

    @property
    def mailboxes(self) -> MailboxBook:
        """Where caretakers without Telegram are reached."""
        ...

    @property
    def outbox(self) -> Outbox:
        """Messages that must arrive."""
        ...

    @property
    def audit(self) -> AuditLog:
        """Attempts that smell of abuse."""
        ...

    @property
    def links(self) -> LinkBook:
        """Links to tickets' pages."""
        ...

    @property
    def training_candidates(self) -> CandidateBook:
        """What residents corrected."""
        ...

    @property
    def feedback(self) -> FeedbackBook:
        """How content residents were."""
        ...


class Storage(Protocol):
    """Begins transactions."""

    def work(self) -> AbstractContextManager[Work]:
        """Begin a transaction; it is committed at the end of the block, rolled back when the block raises."""
        ...

    def look(self) -> AbstractContextManager[Work]:
        """Begin a transaction that only reads: it waits for no writer, and nobody waits for it."""
        ...
