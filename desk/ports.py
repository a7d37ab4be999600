"""What the desk and the engine need from the outside; `storage` fulfils it."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import NamedTuple, Protocol, TypedDict, Unpack

from desk.absences import Absence
from desk.audit import AuditEntry
from desk.feedback import Feedback
from desk.notices import Notice, NoticeKind
from desk.open_tickets import OpenBook
from desk.tickets import Entry, Link, Report, Status, Ticket
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


class Member(NamedTuple):
    """A chat that works for an area, and since when."""

    area: str
    chat: str
    since: datetime


class CaretakerBook(Protocol):
    """Which chats work for which area, and the invitations that let them in."""

    def invite(self, token_hash: str, *, area: str, expires_at: datetime) -> None:
        """Store a one-time invitation."""
        ...

    def redeem(self, token_hash: str, *, chat: str, at: datetime) -> str | None:
        """Use an invitation up and register the chat; the area's id, None when it is not valid (any more)."""
        ...

    def was_invited(self, token_hash: str) -> bool:
        """Tell whether a token is, or was once, an invitation's."""
        ...

    def remove(self, chat: str, *, area: str | None = None) -> Sequence[str]:
        """Take a chat away from an area, or from all; the areas it worked for until now."""
        ...

    def members(self) -> Sequence[Member]:
        """Return every registered chat, by area, the longest there first."""
        ...

    def register(self, area: str, *, chat: str, at: datetime) -> None:
        """Register a chat for an area without an invitation; one that is registered stays as it is."""
        ...

    def chats_of(self, area: str) -> Sequence[str]:
        """Return the chats registered for an area."""
        ...

    def registered(self) -> Mapping[str, Sequence[str]]:
        """Return the chats of every area that has any."""
        ...

    def areas_of(self, chat: str) -> Sequence[str]:
        """Return the areas a chat is registered for; empty for a resident."""
        ...


class AbsenceBook(Protocol):
    """Which chats of caretakers are away."""

    def add(self, absence: Absence) -> Absence | None:
        """Store an absence, return it with its id; None when the chat is away on one of its days already."""
        ...

    def of(self, chats: Sequence[str], since: date) -> Sequence[Absence]:
        """Return the absences of these chats that are not over on a day, in the order of their first days."""
        ...

    def cancel(self, absence_id: int, *, chat: str) -> Absence | None:
        """Forget an absence of a chat and return it; None when the chat has no such one."""
        ...

    def away_on(self, chats: Sequence[str], day: date) -> Mapping[str, str]:
        """Return those of the chats that are away on a day, with the area that steps in for each."""
        ...

    def not_begun(self, day: date) -> Sequence[Absence]:
        """Return the absences a day belongs to whose tickets were not handed on yet."""
        ...

    def begin(self, absence_id: int, *, at: datetime) -> Absence | None:
        """Note that an absence has begun and return it; None when that was noted before, or it is gone."""
        ...

    def over(self, since: date, before: date) -> Sequence[Absence]:
        """Return the absences that have begun and whose last day lies in a span, `before` not included."""
        ...


class MailboxBook(Protocol):
    """The addresses of caretakers who are reached by e-mail; each is a chat, `mail:<number>`."""

    def add(self, address: str) -> str:
        """Keep an address and return its chat; the same address is the same chat."""
        ...

    def address(self, chat: str) -> str | None:
        """Return the address of a chat; None for one that is no mailbox."""
        ...

    def all(self) -> Mapping[str, str]:
        """Return every address by its chat, in the order they came."""
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


class LinkBook(Protocol):
    """Links to tickets' pages."""

    def add(self, link: Link) -> None:
        """Store a new link."""
        ...

    def get(self, link_id: str) -> Link | None:
        """Return a link, whether it is still valid or not; None for one that is not known (any more)."""
        ...

    def lasting(self, ticket: str, chat: str, *, until: datetime) -> Link | None:
        """Return a chat's link to a ticket that is not revoked and good until then; None without one."""
        ...

    def revoke(self, *, at: datetime, ticket: str | None = None, chat: str | None = None) -> int:
        """End the links of a ticket, of a chat, of both together or all; return how many were still good."""
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
