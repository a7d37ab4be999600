"""A small city in which areas step in for one another, with chats in memory, for the tests of absences."""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from desk.absences import Absence
from desk.caretaking import CaretakerDesk
from desk.notices import Notice, NoticeKind
from desk.own_tickets import OwnTickets
from desk.reporting import ReportDesk
from desk.stepping_in import AbsenceDesk
from desk.tickets import Ticket
from storage.redaction import redact
from tests.builders import NOW, RESIDENT, finished_draft, small_city
from tests.desk_chats import listed
from tests.fakes import FakeClock, MemoryStorage

NORTH, COLLEAGUE, GROUP, SOUTH, MIDDLE, DESK = "31", "32", "-33", "41", "51", "90"
TODAY = date(2026, 5, 4)
ONE_DAY = timedelta(days=1)
_PLAIN = small_city()
_NORTH, _MIDDLE = _PLAIN.areas
CITY = replace(
    _PLAIN,
    areas=(
        replace(_NORTH, substitute="south"),
        replace(_NORTH, id="south", name="Süd", districts=("Wald",)),
        replace(_MIDDLE, unassigned=False),
    ),
)
"""South steps in for north and is of the same carrier; of the middle nobody knows the carrier."""


@dataclass
class Town:
    """Everybody's desk on one storage in memory."""

    chats: tuple[tuple[str, str], ...] = (
        ("north", NORTH),
        ("south", SOUTH),
        ("middle", MIDDLE),
        ("desk", DESK),
    )
    clock: FakeClock = field(default_factory=lambda: FakeClock(NOW))

    def __post_init__(self) -> None:
        self.storage = MemoryStorage(zone=CITY.zone, clock=self.clock)
        self.storage.kept.chats += self.chats
        self.absences = AbsenceDesk(storage=self.storage, city=CITY)
        self.caretakers = CaretakerDesk(storage=self.storage, city=CITY)
        self.own_tickets = OwnTickets(storage=self.storage, city=CITY)
        self.reports = ReportDesk(storage=self.storage, city=CITY, redact=redact)

    def sent(self, draft: str = "d1", **changes: object) -> Ticket:
        """A ticket of the north, just sent."""
        given = finished_draft(id=draft, **changes)
        return self.reports.send(given, reporter=RESIDENT, now=self.clock())

    def listed(self, chat: str) -> list[str]:
        """The numbers of the open tickets a chat's list shows."""
        return listed(self.storage, CITY, chat)

    def ticket(self, number: str) -> Ticket:
        """The ticket as it is now."""
        return self.storage.kept.tickets[number]

    def away(self, chat: str, first: int = 0, last: int = 2, *, substitute: str = "south") -> None:
        """A chat is away, by days from the first day on; nothing is done about it yet."""
        with self.storage.work() as work:
            days = {"first": TODAY + first * ONE_DAY, "last": TODAY + last * ONE_DAY}
            work.absences.add(Absence(chat=chat, substitute=substitute, **days))

    def round(self) -> int:
        """One round of the clockwork; how many absences there was something to do about."""
        now = self.clock()
        return sum(self.absences.see_to(one, now) for one in self.absences.due(now))

    def new(self) -> list[Notice]:
        """The notices since this was asked last."""
        every = self.storage.notices
        fresh, self._seen = every[getattr(self, "_seen", 0) :], len(every)
        return fresh

    def with_card(self, number: str) -> set[str]:
        """The chats that have the ticket's card."""
        cards = (one for one in self.storage.notices if one.kind is NoticeKind.CARD)
        return {one.chat for one in cards if one.ticket == number}


def said(notices: list[Notice], chat: str) -> list[str]:
    """The keys of the texts a chat gets."""
    messages = (one for one in notices if one.chat == chat and one.kind is NoticeKind.MESSAGE)
    return [one.content["text_key"] for one in messages]
