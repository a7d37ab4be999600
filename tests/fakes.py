"""Hand-written stand-ins for the desk's ports and for the world outside; nothing here is a mock."""

import copy
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from desk.audit import AuditEntry
from desk.feedback import Feedback
from desk.notices import Notice, NoticeKind
from desk.places import Located, resolved
from desk.places import Status as PlaceStatus
from desk.training_candidates import TrainingCandidate
from desk.workflow import OPEN
from storage.outbox import Letter
from tests.memory_caretakers import MemoryAbsences, MemoryCaretakers, MemoryLinks, MemoryMailboxes
from tests.memory_kept import Kept, Row
from tests.memory_tickets import MemoryOpenTickets, MemoryTickets


class FakeClock:
    """A clock that stands still until it is moved."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **amount: float) -> None:
        self.now += timedelta(**amount)


class TableLocator:
    """Knows exactly the places it is given, by what people write; pins by their coordinates."""

    def __init__(
        self, found: dict[str, Located], *, pins: dict[tuple[float, float], Located] | None = None
    ) -> None:
        self.found = found
        self.pins = pins or {}

    def at(self, latitude: float, longitude: float) -> Located:
        return self.pins.get((latitude, longitude), Located(status=PlaceStatus.OUTSIDE))

    def find(self, text: str) -> Located:
        return self.found.get(text.strip(), Located(status=PlaceStatus.UNKNOWN, label=text))

    @classmethod
    def of(cls, **districts: str) -> "TableLocator":
        return cls({text: resolved(district) for text, district in districts.items()})


class MemoryOutbox:
    """The outbox in a list, with what delivery needs of it."""

    def __init__(self, kept: Kept, now: datetime) -> None:
        self.kept, self.now = kept, now

    def put(self, notices: Iterable[Notice]) -> None:
        for notice in notices:
            if not self.has(notice.key):
                self.kept.rows.append(Row(id=len(self.kept.rows) + 1, notice=notice, due_at=self.now))

    def has(self, key: str) -> bool:
        return any(row.notice.key == key for row in self.kept.rows)

    def _cards(self, ticket: str) -> list[Row]:
        return [
            row
            for row in self.kept.rows
            if row.notice.ticket == ticket and row.notice.kind is NoticeKind.CARD and not row.failure
        ]

    def card_chats(self, ticket: str) -> Sequence[str]:
        return list(dict.fromkeys(row.notice.chat for row in self._cards(ticket)))

    def open_cards_in(self, chat: str) -> Sequence[str]:
        still_open = [number for number, one in self.kept.tickets.items() if one.status in OPEN]
        return sorted(number for number in still_open if chat in self.card_chats(number))

    def was_sent(self, kind: NoticeKind, *, ticket: str, chat: str) -> bool:
        sent = [(row.notice.kind, row.notice.ticket, row.notice.chat) for row in self.kept.rows]
        return (kind, ticket, chat) in sent

    def card_message(self, ticket: str, chat: str) -> int | None:
        here = [row.message_id for row in self._cards(ticket) if row.notice.chat == chat]
        return here[-1] if here else None

    def ticket_of_message(self, chat: str, message_id: int) -> str | None:
        about = [row.notice for row in self.kept.rows if row.message_id == message_id]
        return next((one.ticket for one in about if one.chat == chat and one.ticket), None)

    def open(self) -> list[Letter]:
        return [
            Letter(id=row.id, notice=row.notice, attempts=row.attempts, due_at=row.due_at)
            for row in self.kept.rows
            if not row.settled
        ]

    def settle(self, letter: int, *, message_id: int | None = None, failure: str | None = None) -> None:
        row = self.kept.rows[letter - 1]
        row.settled, row.message_id, row.failure = True, message_id, failure

    def postpone(self, letter: int, *, until: datetime) -> None:
        row = self.kept.rows[letter - 1]
        row.attempts, row.due_at = row.attempts + 1, until


class MemoryAuditLog:
    """The AuditLog in a list."""

    def __init__(self, kept: Kept) -> None:
        self.kept = kept

    def add(self, entry: AuditEntry) -> None:
        self.kept.audit.append(entry)

    def since(self, moment: datetime) -> Sequence[AuditEntry]:
        return [entry for entry in self.kept.audit if entry.at >= moment]

    def count(self, who: str, *, since: datetime) -> int:
        return sum(entry.who == who for entry in self.since(since))


class MemoryCandidates:
    """The CandidateBook in a list."""

    def __init__(self, kept: Kept) -> None:
        self.kept = kept

    def add(self, candidate: TrainingCandidate) -> None:
        self.kept.candidates.append(candidate)

    def all(self) -> Sequence[TrainingCandidate]:
        return list(self.kept.candidates)


class MemoryFeedback:
    """The FeedbackBook in a list; a row's id is its place in it, from 1."""

    def __init__(self, kept: Kept) -> None:
        self.kept = kept

    def add(self, given: Feedback) -> int:
        self.kept.feedback.append(given)
        return len(self.kept.feedback)

    def add_words(self, row: int, words: str) -> None:
        if 0 < row <= len(self.kept.feedback):
            self.kept.feedback[row - 1] = replace(self.kept.feedback[row - 1], words=words)

    def since(self, at: datetime) -> Sequence[Feedback]:
        return sorted((one for one in self.kept.feedback if one.at >= at), key=lambda one: one.at)


class MemoryWork:
    """One transaction over `Kept`."""

    def __init__(self, kept: Kept, *, zone: ZoneInfo, now: datetime) -> None:
        self.tickets = MemoryTickets(kept, zone)
        self.open_tickets = MemoryOpenTickets(kept)
        self.caretakers = MemoryCaretakers(kept)
        self.absences = MemoryAbsences(kept)
        self.mailboxes = MemoryMailboxes(kept)
        self.outbox = MemoryOutbox(kept, now)
        self.audit = MemoryAuditLog(kept)
        self.links = MemoryLinks(kept)
        self.training_candidates = MemoryCandidates(kept)
        self.feedback = MemoryFeedback(kept)


class MemoryStorage:
    """The Storage port in memory: one transaction at a time, taken back when it raises."""

    def __init__(self, *, zone: ZoneInfo, clock: Callable[[], datetime]) -> None:
        self.zone, self.clock = zone, clock
        self.kept = Kept()
        self.lock = threading.RLock()

    @contextmanager
    def work(self) -> Iterator[MemoryWork]:
        with self.lock:
            before = copy.deepcopy(self.kept)
            try:
                yield MemoryWork(self.kept, zone=self.zone, now=self.clock())
            except BaseException:
                self.kept = before
                raise

    def look(self) -> AbstractContextManager[MemoryWork]:
        return self.work()

    @property
    def notices(self) -> list[Notice]:
        return [row.notice for row in self.kept.rows]


class MemoryConversations(dict[str, bytes]):
    """The ConversationStore in a dict."""

    def load(self, key: str) -> bytes | None:
        return self.get(key)

    def save(self, key: str, data: bytes) -> None:
        self[key] = data

    def delete(self, key: str) -> None:
        self.pop(key, None)
