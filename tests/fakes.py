"""Hand-written stand-ins for the desk's ports and for the world outside; nothing here is a mock."""

import copy
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Unpack
from zoneinfo import ZoneInfo

from desk.absences import Absence
from desk.audit import AuditEntry
from desk.deadlines import Step, current_period
from desk.errors import NotFound
from desk.feedback import Feedback
from desk.notices import Notice, NoticeKind
from desk.open_tickets import OpenQuery, OpenTicket, Tally
from desk.places import Located, resolved
from desk.places import Status as PlaceStatus
from desk.ports import Changes, Member
from desk.tickets import Actor, Entry, Link, Report, Status, Ticket, ticket_number
from desk.training_candidates import TrainingCandidate
from desk.vicinity import Vicinity
from desk.workflow import AT_WORK, OPEN, TO_ACCEPT
from storage.outbox import Letter


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


class MemoryTickets:
    """The TicketBook in a dict."""

    def __init__(self, kept: Kept, zone: ZoneInfo) -> None:
        self.kept, self.zone = kept, zone

    def open(self, report: Report, *, at: datetime) -> tuple[Ticket, bool]:
        for ticket in self.kept.tickets.values():
            if ticket.report.draft == report.draft:
                return ticket, False
        year = at.astimezone(self.zone).year
        count = sum(number.startswith(f"QH-{year}-") for number in self.kept.tickets)
        entry = Entry(at=at, what=Status.NEW.value, actor=Actor.RESIDENT)
        ticket = Ticket(
            number=ticket_number(year, count + 1),
            created_at=at,
            status=Status.NEW,
            report=report,
            history=(entry,),
        )
        self.kept.tickets[ticket.number] = ticket
        return ticket, True

    def get(self, number: str, *, lock: bool = False) -> Ticket:
        if number not in self.kept.tickets:
            raise NotFound("caretaker.no_such_ticket", number=number)
        return self.kept.tickets[number]

    def of_resident(self, chat: str) -> Sequence[Ticket]:
        own = [ticket for ticket in self.kept.tickets.values() if chat in ticket.residents]
        return sorted(own, key=lambda ticket: ticket.created_at, reverse=True)

    def open_in(self, area: str) -> Sequence[Ticket]:
        return [
            ticket
            for ticket in self.kept.tickets.values()
            if area in (ticket.report.area, ticket.stand_in) and ticket.status in OPEN
        ]

    def near(self, vicinity: Vicinity) -> Sequence[Ticket]:
        is_open = (ticket for ticket in self.kept.tickets.values() if ticket.status in OPEN)
        return sorted(filter(vicinity.takes_in, is_open), key=vicinity.order)

    def record(self, number: str, entry: Entry, **changes: Unpack[Changes]) -> Ticket:
        ticket = self.get(number)
        report = ticket.report
        if (new := changes.pop("report", None)) is not None:
            told = ("draft", "reporter", "words", "photos", "since")
            report = replace(new, **{name: getattr(report, name) for name in told})
        if "area" in changes:
            report = replace(report, area=changes.pop("area"))
            changes = {"stand_in": None, **changes}
        ticket = replace(ticket, report=report, **changes, history=(*ticket.history, entry))
        self.kept.tickets[number] = ticket
        return ticket

    def follow(self, number: str, chats: Iterable[str], *, at: datetime) -> None:
        ticket = self.get(number)
        new = [chat for chat in dict.fromkeys(chats) if chat not in ticket.residents]
        self.kept.tickets[number] = replace(ticket, followers=(*ticket.followers, *new))

    def leave(self, number: str, chat: str) -> None:
        ticket = self.get(number)
        reporter, *others = [one for one in ticket.residents if one != chat] or [chat]
        self.kept.tickets[number] = replace(
            ticket, report=replace(ticket.report, reporter=reporter), followers=tuple(others)
        )


class MemoryOpenTickets:
    """The OpenBook over the same dict."""

    def __init__(self, kept: Kept) -> None:
        self.kept = kept

    def page(self, query: OpenQuery, *, after: str | None, limit: int) -> Sequence[OpenTicket]:
        found = self._fitting(query)
        start = self.kept.tickets.get(after or "")
        if start:
            found = [one for one in found if (one.created_at, one.number) > (start.created_at, start.number)]
        return [
            OpenTicket(
                number=one.number,
                created_at=one.created_at,
                status=one.status,
                kind=one.report.kind,
                category=one.report.category,
                place=one.report.place,
                urgent=one.report.urgent,
            )
            for one in found[:limit]
        ]

    def count(self, query: OpenQuery, *, most: int) -> int:
        return min(len(self._fitting(query)), most)

    def tally(self, query: OpenQuery) -> Tally:
        found = self._fitting(query)
        late = {Step.REMIND.value, Step.SUBSTITUTE.value, Step.ESCALATE.value}
        return Tally(
            new=sum(one.status in TO_ACCEPT for one in found),
            at_work=sum(one.status in AT_WORK and one.status is not Status.WAITING for one in found),
            waiting=sum(one.status is Status.WAITING for one in found),
            overdue=sum(any(entry.what in late for entry in current_period(one)) for one in found),
        )

    def _fitting(self, query: OpenQuery) -> list[Ticket]:
        def fits(ticket: Ticket) -> bool:
            report = ticket.report
            whole = {report.area, ticket.stand_in} & set(query.areas) and report.kind not in query.hidden
            part = report.area in query.partly and report.kind in query.parts
            return bool(
                (whole or part)
                and ticket.status in query.states
                and query.district in ("", report.place.district)
                and query.topic in ("", report.kind, report.category)
            )

        found = filter(fits, self.kept.tickets.values())
        return sorted(found, key=lambda one: (one.created_at, one.number))


class MemoryCaretakers:
    """The CaretakerBook in a dict and a list."""

    def __init__(self, kept: Kept) -> None:
        self.kept = kept

    def invite(self, token_hash: str, *, area: str, expires_at: datetime) -> None:
        self.kept.invitations[token_hash] = (area, expires_at)

    def redeem(self, token_hash: str, *, chat: str, at: datetime) -> str | None:
        area, expires_at = self.kept.invitations.get(token_hash, ("", at))
        if expires_at <= at:
            return None
        del self.kept.invitations[token_hash]
        self.kept.used.add(token_hash)
        self.register(area, chat=chat, at=at)
        return area

    def register(self, area: str, *, chat: str, at: datetime) -> None:
        if (area, chat) not in self.kept.chats:
            self.kept.chats.append((area, chat))
            self.kept.since[area, chat] = at

    def was_invited(self, token_hash: str) -> bool:
        return token_hash in self.kept.invitations or token_hash in self.kept.used

    def remove(self, chat: str, *, area: str | None = None) -> Sequence[str]:
        gone = sorted(where for where, who in self.kept.chats if who == chat and area in (None, where))
        self.kept.chats[:] = [one for one in self.kept.chats if one[1] != chat or one[0] not in gone]
        return gone

    def members(self) -> Sequence[Member]:
        every = [Member(*one, since=self.kept.since[one]) for one in self.kept.chats]
        return sorted(every, key=lambda one: (one.area, one.since, one.chat))

    def chats_of(self, area: str) -> Sequence[str]:
        return [chat for where, chat in self.kept.chats if where == area]

    def registered(self) -> Mapping[str, Sequence[str]]:
        return {area: self.chats_of(area) for area, _ in self.kept.chats}

    def areas_of(self, chat: str) -> Sequence[str]:
        return sorted(area for area, who in self.kept.chats if who == chat)


class MemoryAbsences:
    """The AbsenceBook in a list."""

    def __init__(self, kept: Kept) -> None:
        self.kept = kept

    def add(self, absence: Absence) -> Absence | None:
        if any(one.overlaps(absence.first, absence.last) for one in self.of([absence.chat], absence.first)):
            return None
        stored = replace(absence, id=max([one.id for one in self.kept.absences], default=0) + 1)
        self.kept.absences.append(stored)
        return stored

    def of(self, chats: Sequence[str], since: date) -> Sequence[Absence]:
        return self._found(lambda one: one.chat in chats and one.last >= since)

    def cancel(self, absence_id: int, *, chat: str) -> Absence | None:
        found = self._found(lambda one: (one.id, one.chat) == (absence_id, chat))
        for one in found:
            self.kept.absences.remove(one)
        return found[0] if found else None

    def away_on(self, chats: Sequence[str], day: date) -> Mapping[str, str]:
        found = self._found(lambda one: one.chat in chats and one.overlaps(day, day))
        return {one.chat: one.substitute for one in found}

    def not_begun(self, day: date) -> Sequence[Absence]:
        return self._found(lambda one: one.begun_at is None and one.overlaps(day, day))

    def begin(self, absence_id: int, *, at: datetime) -> Absence | None:
        for index, one in enumerate(self.kept.absences):
            if one.id == absence_id and one.begun_at is None:
                self.kept.absences[index] = replace(one, begun_at=at)
                return self.kept.absences[index]
        return None

    def over(self, since: date, before: date) -> Sequence[Absence]:
        return self._found(lambda one: one.begun_at is not None and since <= one.last < before)

    def _found(self, fits: Callable[[Absence], bool]) -> list[Absence]:
        return sorted(filter(fits, self.kept.absences), key=lambda one: (one.first, one.id))


class MemoryMailboxes:
    """The MailboxBook in a list."""

    def __init__(self, kept: Kept) -> None:
        self.kept = kept

    def add(self, address: str) -> str:
        if address not in self.kept.addresses:
            self.kept.addresses.append(address)
        return f"mail:{self.kept.addresses.index(address) + 1}"

    def address(self, chat: str) -> str | None:
        return self.all().get(chat)

    def all(self) -> dict[str, str]:
        return {f"mail:{number}": address for number, address in enumerate(self.kept.addresses, 1)}


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


class MemoryLinks:
    """The LinkBook in a dict."""

    def __init__(self, kept: Kept) -> None:
        self.kept = kept

    def add(self, link: Link) -> None:
        self.kept.links[link.id] = link

    def get(self, link_id: str) -> Link | None:
        return self.kept.links.get(link_id)

    def lasting(self, ticket: str, chat: str, *, until: datetime) -> Link | None:
        good = [
            link
            for link in self.kept.links.values()
            if (link.ticket, link.chat, link.revoked_at) == (ticket, chat, None) and link.expires_at >= until
        ]
        return max(good, key=lambda link: link.expires_at, default=None)

    def revoke(self, *, at: datetime, ticket: str | None = None, chat: str | None = None) -> int:
        good = [
            link
            for link in self.kept.links.values()
            if link.revoked_at is None
            and link.expires_at > at
            and ticket in (None, link.ticket)
            and chat in (None, link.chat)
        ]
        self.kept.links |= {link.id: replace(link, revoked_at=at) for link in good}
        return len(good)


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
